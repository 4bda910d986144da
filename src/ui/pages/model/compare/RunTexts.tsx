import { firstDifference } from '#lab/model/comparison.ts';
import type { FinishedRun } from '#lab/model/state.ts';
import { Disclosure } from '#ui/components/Fold.tsx';
import { placeText, shownText } from '../lead/words.ts';
import css from './compare.module.css';

/** The texts that were compared: one where all are the same, else each that differs beside the first, from where it does. */
export function RunTexts({ runs }: { readonly runs: readonly FinishedRun[] }) {
  const [first, ...others] = runs;
  if (first === undefined) return null;
  const differing = others.flatMap((run) => {
    const at = firstDifference(run.ids, first.ids);
    return at === null ? [] : [{ run, at }];
  });
  if (differing.length === 0) {
    const title = others.length === 0 ? 'The text' : 'The text that all of them wrote';
    return (
      <Disclosure title={title}>
        {() => <p className={`pad-all ${css['text']}`}>{first.texts.join('')}</p>}
      </Disclosure>
    );
  }
  const earliest = Math.min(...differing.map(({ at }) => at));
  return (
    <div className={css['texts']}>
      {[{ run: first, at: earliest }, ...differing].map(({ run, at }) => (
        <RunText key={placeText(run)} run={run} at={at} />
      ))}
    </div>
  );
}

interface RunTextProps {
  readonly run: FinishedRun;
  /** The first token that another text has otherwise. */
  readonly at: number;
}

function RunText({ run, at }: RunTextProps) {
  const { texts } = run;
  return (
    <figure>
      <figcaption className="small quiet">{placeText(run)}</figcaption>
      <p className={css['text']}>
        {texts.slice(0, at).join('')}
        <mark title={`token ${at + 1}, the first that differs`}>
          {at < texts.length ? shownText(texts[at] ?? '') : '‹end›'}
        </mark>
        {texts.slice(at + 1).join('')}
      </p>
    </figure>
  );
}
