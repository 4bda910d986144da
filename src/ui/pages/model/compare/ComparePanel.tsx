import { firstDifference, keyOf } from '#lab/model/comparison.ts';
import { totalBytes } from '#lab/model/facts.ts';
import { type FinishedRun, type RankMemory, samplingOf } from '#lab/model/state.ts';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { formatBytes, formatMs } from '#ui/format.ts';
import { formatRate, placeText } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import css from './compare.module.css';
import { RunTexts } from './RunTexts.tsx';

const COMPARED = [1, 2, 4, 8];

/** The same text on other numbers of ranks: the words do not change, and what does is told. */
export function ComparePanel() {
  const params = useModel((state) => state.params);
  const folder = useModel((state) => state.folder);
  const all = useModel((state) => state.runs);
  const idle = useModel((state) => state.phase === 'idle');
  const wrong = useModel((state) => state.problem !== null);
  const compare = useModel((state) => state.compare);
  const key = keyOf(params, samplingOf({ folder, params }));
  const runs = all.filter((run) => run.key === key);
  const missing = COMPARED.filter((ranks) => !runs.some((run) => run.ranks === ranks));
  return (
    <Panel
      title="On other ranks"
      hint="the same text, written anew: the words stay, the time and the bytes change"
      action={
        <button
          type="button"
          className="ghost"
          disabled={!idle || wrong}
          onClick={() => compare(missing.length > 0 ? missing : COMPARED)}
        >
          Write it on {(missing.length > 0 ? missing : COMPARED).join(', ')} ranks
        </button>
      }
    >
      {runs.length === 0 ? (
        <p className="ink3 small pad-all">
          Each finished text stands here with its ranks. Choose other ranks at the left, or let the page write
          it on several.
        </p>
      ) : (
        <>
          <RunsTable runs={runs} />
          <RunTexts runs={runs} />
        </>
      )}
    </Panel>
  );
}

function RunsTable({ runs }: { readonly runs: readonly FinishedRun[] }) {
  const [first] = runs;
  return (
    <ScrollRegion label="The same text on other ranks">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">ranks</th>
            <th scope="col">text</th>
            <th scope="col">tokens/s</th>
            <th scope="col">first token</th>
            <th scope="col">computes, a token</th>
            <th scope="col">waits, a token</th>
            <th scope="col" title="weights, KV cache, activations and windows, of the rank that has the most">
              memory, a rank
            </th>
            <th scope="col">reads, a token</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={placeText(run)} run={run} first={first ?? run} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function RunRow({ run, first }: { readonly run: FinishedRun; readonly first: FinishedRun }) {
  const { figures, memory, readBytes } = run;
  const largest = memory.reduce((most, own) => (totalBytes(own) > totalBytes(most) ? own : most), NOTHING);
  const most = (part: 'computeMs' | 'waitMs'): number => Math.max(...figures.ranks.map((own) => own[part]));
  return (
    <tr>
      <th scope="row">
        {placeText(run)}
        {figures.hidden && <small className={css['hidden']}>unreliable: the tab was hidden</small>}
      </th>
      <td>
        <SameText run={run} first={first} />
      </td>
      <td className="num">{figures.decode === null ? 'n/a' : formatRate(figures.decode.perSecond)}</td>
      <td className="num">{formatMs(figures.firstTokenMs)}</td>
      <td className="num">{formatMs(most('computeMs'))}</td>
      <td className="num">{formatMs(most('waitMs'))}</td>
      <td className="num" title={partsText(largest)}>
        {formatBytes(totalBytes(largest))}
      </td>
      <td className="num">{formatBytes(readBytes)}</td>
    </tr>
  );
}

const NOTHING: RankMemory = { weights: 0, cache: 0, activations: 0, windows: 0 };

/** "weights 1.4 MiB, KV cache 384 KiB, activations 20 KiB, windows 64 KiB" */
function partsText({ weights, cache, activations, windows }: RankMemory): string {
  const parts = { weights, 'KV cache': cache, activations, windows };
  return Object.entries(parts)
    .map(([part, bytes]) => `${part} ${formatBytes(bytes)}`)
    .join(', ');
}

function SameText({ run, first }: { readonly run: FinishedRun; readonly first: FinishedRun }) {
  const tokens = counted(run.ids.length, 'token');
  if (run === first) return <span>{tokens}</span>;
  const at = firstDifference(run.ids, first.ids);
  return at === null ? (
    <span className={css['same']}>✓ the same {tokens}</span>
  ) : (
    <span className="bad">✗ differs from token {at + 1}</span>
  );
}
