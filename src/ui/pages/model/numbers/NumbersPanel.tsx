import { sum } from '#numerics/ranges.ts';
import gauge from '#ui/components/gauge.module.css';
import { Panel } from '#ui/components/Panel.tsx';
import { formatBytes, formatMs } from '#ui/format.ts';
import { formatRate } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import css from './numbers.module.css';

/** The numbers that people ask of a model first. */
export function NumbersPanel() {
  const figures = useModel(({ turns }) => turns.at(-1)?.figures ?? null);
  const loaded = useModel((state) => state.loaded);
  const used = useModel(({ turns }) => {
    const last = turns.at(-1);
    return last === undefined ? 0 : last.context.length + last.tokens.length;
  });
  // While others load, what is known of the loading is theirs.
  const loading = useModel((state) => (state.alive ? state.loading : null));
  return (
    <Panel title="Speed" hint="of the last text">
      <dl className={`stack gap-4 pad-all ${css['numbers']}`}>
        <Figure
          name="writes"
          value={figures?.decode == null ? null : `${formatRate(figures.decode.perSecond)} tokens/s`}
          note={
            figures?.decode == null ? '' : `${formatMs(figures.decode.ms / figures.decode.tokens)} a token`
          }
        />
        <Figure
          name="reads the prompt"
          value={
            figures === null || figures.prefill.tokens === 0
              ? null
              : `${formatRate(figures.prefill.perSecond)} tokens/s`
          }
          note={figures === null ? '' : `${figures.prefill.tokens} tokens in ${formatMs(figures.prefill.ms)}`}
        />
        <Figure
          name="first token after"
          value={figures?.firstTokenMs == null ? null : formatMs(figures.firstTokenMs)}
          note="from the button to the first token"
        />
        <Figure
          name="loaded in"
          value={loaded === null ? null : formatMs(loaded.loadMs)}
          note={
            loading === null
              ? ''
              : `${formatBytes(sum(loading.map(({ bytes }) => bytes)))} by all ranks together, for shards of ` +
                formatBytes(sum(loading.map(({ shardBytes }) => shardBytes)))
          }
        />
        <div className={css['context']}>
          <dt>context used</dt>
          <dd>
            <span className="num">
              {used} of {loaded?.positions ?? '…'}
            </span>
            <meter
              className={gauge['gauge']}
              aria-label="Context used"
              min={0}
              max={loaded?.positions ?? 1}
              value={Math.min(used, loaded?.positions ?? 1)}
            />
          </dd>
        </div>
      </dl>
      {figures?.hidden === true && (
        <p className={`small ${css['hidden']}`}>
          Unreliable: the tab was hidden meanwhile, and a hidden tab is slowed down.
        </p>
      )}
    </Panel>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string | null;
  readonly note: string;
}

function Figure({ name, value, note }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={`num ${css['value']}`}>{value ?? '…'}</span>
        <small>{note}</small>
      </dd>
    </div>
  );
}
