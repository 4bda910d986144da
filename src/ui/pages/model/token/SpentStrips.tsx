import type { Spent } from '#protocol.ts';
import { Legend } from '#ui/charts/Legend.tsx';
import { Disclosure } from '#ui/components/Fold.tsx';
import { RankBadge, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatBytes, formatMs } from '#ui/format.ts';
import css from './token.module.css';

const PARTS = [
  { part: 'computeMs', label: 'computes', what: 'in operations of its device' },
  { part: 'readbackMs', label: 'readback', what: 'between device and host' },
  { part: 'ringMs', label: 'ring', what: 'moving and adding what others have' },
  { part: 'waitMs', label: 'waits', what: 'for other ranks' },
] as const;

/** On one device nothing goes round. */
const SHARED_PARTS = PARTS.filter(({ part }) => part === 'computeMs' || part === 'readbackMs');

function partsOf({ shared }: Spent): readonly (typeof PARTS)[number][] {
  return shared ? SHARED_PARTS : PARTS;
}

type Part = (typeof PARTS)[number]['part'];

interface SpentStripsProps {
  readonly spent: readonly Spent[];
  /** Takes the token apart, which every bar leads to; null while the ranks are busy. */
  readonly onInspect: (() => void) | null;
}

/** One bar a rank, all on one scale: where the time of the token's pass went. */
export function SpentStrips({ spent, onInspect }: SpentStripsProps) {
  const most = Math.max(...spent.map(({ ms }) => ms));
  const shared = spent.some((own) => own.shared);
  if (spent.length === 0) {
    return (
      <div className={`stack one-column gap-2 ${css['strips']}`}>
        <h3>Where its time went</h3>
        <p className={`ink3 small pad-all ${css['none']}`}>
          You put it there, and the ranks read it in one go with what stands before it: the next token shows
          what that took.
        </p>
      </div>
    );
  }
  return (
    <div className={`stack one-column gap-2 ${css['strips']}`}>
      <h3>Where its time went</h3>
      <p className="faint">A bar leads to its clock, and to every layer step by step.</p>
      <Legend
        entries={[
          ...(shared ? SHARED_PARTS : PARTS).map(({ part, label }) => ({
            id: part,
            label,
            mark: <i data-part={part} />,
          })),
          { id: 'host', label: 'the host’s own', mark: <i data-part="host" /> },
        ]}
      />
      {(shared ? spent.slice(0, 1) : spent).map((own, rank) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
        <Strip key={rank} rank={own.shared ? null : rank} spent={own} {...{ most, onInspect }} />
      ))}
      {shared ? (
        <p className={`ink3 small pad-all ${css['none']}`}>
          The {spent.length} ranks are on one device: it runs their operations one after another, adds and
          gathers in between, and copies to the host only what the next token is drawn from:{' '}
          {formatBytes(spent[0]?.readbackBytes ?? 0)}.
        </p>
      ) : (
        <Disclosure title="The numbers">{() => <SpentTable spent={spent} />}</Disclosure>
      )}
    </div>
  );
}

interface StripProps {
  /** Null of the device that all ranks share. */
  readonly rank: number | null;
  readonly spent: Spent;
  readonly most: number;
  /** As in SpentStripsProps; left out where the bar leads nowhere. */
  readonly onInspect?: (() => void) | null;
}

/** The bar of a rank, or of the device that all share. */
export function Strip({ rank, spent, most, onInspect }: StripProps) {
  const look = { className: `stack middle gap-2 ${css['strip']}`, 'data-rank': rank ?? undefined };
  const spoken = spokenOf(rank, spent);
  const parts = <StripParts {...{ rank, spent, most }} />;
  if (onInspect === undefined) {
    return (
      <div {...look} role="img" aria-label={spoken}>
        {parts}
      </div>
    );
  }
  return (
    <button
      {...look}
      type="button"
      aria-label={`${spoken}. Take it apart`}
      title="Take it apart: its clock, and every layer step by step"
      aria-disabled={onInspect === null || undefined} // and not disabled: that would take the focus from who opened it
      onClick={onInspect ?? undefined}
    >
      {parts}
    </button>
  );
}

function StripParts({ rank, spent, most }: StripProps) {
  return (
    <>
      {rank === null ? <span>device</span> : <RankBadge rank={rank} />}
      <span className="track">
        {partsOf(spent).map(({ part, label }) => (
          <i
            key={part}
            data-part={part}
            style={{ width: `${(100 * spent[part]) / most}%` }}
            title={`${label} ${formatMs(spent[part])}`}
          />
        ))}
        <i
          data-part="host"
          style={{ width: `${(100 * hostMs(spent)) / most}%` }}
          title={`the host’s own ${formatMs(hostMs(spent))}`}
        />
      </span>
      <span className="num">{formatMs(spent.ms)}</span>
    </>
  );
}

function SpentTable({ spent }: { readonly spent: readonly Spent[] }) {
  return (
    <ScrollRegion label="Where the token's time went, rank by rank">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">rank</th>
            {PARTS.map(({ part, label, what }) => (
              <th key={part} scope="col" title={what}>
                {label}
              </th>
            ))}
            <th scope="col">host</th>
            <th scope="col">all</th>
            <th scope="col" title="from the device to the host">
              read back
            </th>
          </tr>
        </thead>
        <tbody>
          {spent.map((own, rank) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
            <tr key={rank}>
              <th scope="row">
                <RankBadge rank={rank} />
              </th>
              {PARTS.map(({ part }) => (
                <td key={part} className="num">
                  {formatMs(own[part])}
                </td>
              ))}
              <td className="num">{formatMs(hostMs(own))}</td>
              <td className="num">{formatMs(own.ms)}</td>
              <td className="num">{formatBytes(own.readbackBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** What the parts leave: to walk through the program, to draw, to send messages. */
function hostMs(spent: Spent): number {
  return Math.max(
    0,
    PARTS.reduce((left, { part }: { part: Part }) => left - spent[part], spent.ms),
  );
}

function spokenOf(rank: number | null, spent: Spent): string {
  const parts = partsOf(spent).map(({ part, label }) => `${label} ${formatMs(spent[part])}`);
  return `${rank === null ? 'The device' : `Rank ${rank}`}: ${parts.join(', ')}, of ${formatMs(spent.ms)}`;
}
