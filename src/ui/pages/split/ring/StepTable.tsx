import type { RingStep } from '#lab/split/run.ts';
import { Disclosure } from '#ui/components/Fold.tsx';
import { RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatBytes, formatFloat, formatMs } from '#ui/format.ts';
import css from './ring.module.css';

/** A ring step, rank by rank, with the numbers that were recorded. */
export function StepTable({ steps, open }: { readonly steps: readonly RingStep[]; readonly open: boolean }) {
  return (
    <Disclosure title="This step, rank by rank" open={open}>
      {() =>
        steps.length === 0 ? (
          <p className={css['nothing']}>No ring step at this moment.</p>
        ) : (
          <Rows steps={steps} />
        )
      }
    </Disclosure>
  );
}

function Rows({ steps }: { readonly steps: readonly RingStep[] }) {
  return (
    <ScrollRegion label="This step, rank by rank" className={css['rows']}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">From</th>
            <th scope="col">Chunk</th>
            <th scope="col">First element</th>
            <th scope="col">Waited</th>
            <th scope="col">Copied</th>
            <th scope="col">Bytes</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.rank}>
              <td>
                <RankBadge rank={step.rank} />
              </td>
              <td>
                <RankBadge rank={step.from} />
              </td>
              <td className="num">c{step.chunk}</td>
              <td className="num">{calculationOf(step)}</td>
              <td className="num">{formatMs(step.waitMs)}</td>
              <td className="num">{formatMs(step.copyMs)}</td>
              <td className="num">{formatBytes(step.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** "1.203 + 0.412 → 1.615" where a term is added, "→ 1.615" where the sum is copied. */
function calculationOf({ phase, before, received, after }: RingStep): string {
  const [own, got, now] = [before[0], received[0], after[0]];
  if (now === undefined) return 'an empty chunk';
  if (phase === 'all-gather' || own === undefined || got === undefined) return `→ ${formatFloat(now)}`;
  return `${formatFloat(own)} + ${formatFloat(got)} → ${formatFloat(now)}`;
}
