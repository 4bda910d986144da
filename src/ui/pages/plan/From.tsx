import css from './plan.module.css';

/** Where a figure comes from, in a letter, so that nobody takes a prediction for a fact. */
export const SOURCES = {
  f: 'a fact of the file',
  d: 'of a datasheet',
  y: 'yours, as you said or measured it',
  p: 'predicted',
} as const;

export type Source = keyof typeof SOURCES;

export function From({ source }: { readonly source: Source }) {
  return (
    <abbr className={css['from']} title={SOURCES[source]}>
      {source}
    </abbr>
  );
}

/** What the letters mean. */
export function SourcesKey() {
  return (
    <p className={`quiet pad-foot ${css['note']}`}>
      {Object.entries(SOURCES).map(([letter, means], i) => (
        <span key={letter}>
          {i > 0 && '; '}
          <b>{letter}</b> {means}
        </span>
      ))}
      .
    </p>
  );
}
