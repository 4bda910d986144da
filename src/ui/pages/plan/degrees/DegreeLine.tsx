import { memo, useState } from 'react';
import type { Codebase } from '#planner/verdicts/codebase.ts';
import { CODEBASES, type Verdict, type Verdicts } from '#planner/verdicts/verdicts.ts';
import { counted } from '#ui/components/words.ts';
import { formatBytes, formatSpan } from '#ui/format.ts';
import { type DegreeRow, signOf } from './degreeRows.ts';
import css from './degrees.module.css';

interface DegreeLineProps {
  readonly row: DegreeRow;
  readonly context: number;
  /** Says what a mark means; '' when it is let go. */
  readonly onPoint: (words: string) => void;
}

/** One number of ranks, and on demand why each codebase takes it or not. The table grows line by line, hence memo. */
export const DegreeLine = memo(function DegreeLine({ row, context, onPoint }: DegreeLineProps) {
  const [open, setOpen] = useState(false);
  const { p, verdicts, weightBytes, cacheBytesPerToken, wireBytes } = row;
  const toggle = () => setOpen(!open);
  const atContext = cacheBytesPerToken.map((bytes) => bytes * context);
  return (
    <>
      <tr>
        <th scope="row">
          <button type="button" className={`bare ${css['open']}`} aria-expanded={open} onClick={toggle}>
            <span aria-hidden="true">▸</span> {p}{' '}
            <span className="visually-hidden">{p === 1 ? 'rank' : 'ranks'}: reasons</span>
          </button>
        </th>
        {CODEBASES.map(({ id, label }) => (
          <td key={id}>
            <Mark
              verdict={verdicts[id]}
              words={`${label} on ${counted(p, 'rank')}: ${inWords(verdicts[id])}`}
              onPoint={onPoint}
              onOpen={toggle}
            />
          </td>
        ))}
        <td className="num">{formatSpan(weightBytes, formatBytes)}</td>
        <td className="num">{formatSpan(cacheBytesPerToken, formatBytes)}</td>
        <td className="num">{formatSpan(atContext, formatBytes)}</td>
        <td className="num">{formatBytes(wireBytes)}</td>
      </tr>
      {open && (
        <tr className={css['reasons']}>
          <td colSpan={CODEBASES.length + 5}>
            <ul>
              {refusedFirst(verdicts).map(({ id, label }) => (
                <Reasons key={id} label={label} verdict={verdicts[id]} />
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
});

/** Then those with something to say, and last those that lack the architecture. */
function refusedFirst(verdicts: Verdicts): readonly Codebase[] {
  const place = ({ id }: Codebase): number => {
    const { ok, reasons } = verdicts[id];
    if (ok === null) return 3;
    return ok ? (reasons.length > 0 ? 1 : 2) : 0;
  };
  return CODEBASES.toSorted((a, b) => place(a) - place(b));
}

function Reasons({ label, verdict }: { readonly label: string; readonly verdict: Verdict }) {
  const { ways } = verdict;
  return (
    <li data-ok={verdict.ok}>
      <strong>
        {signOf(verdict)} {label}
      </strong>
      : {reasonsOf(verdict)}
      {ways.length > 0 && (
        <ul aria-label={`Ways out, ${label}`}>
          {ways.map((way) => (
            <li key={way}>{way}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

interface MarkProps {
  readonly verdict: Verdict;
  readonly words: string;
  readonly onPoint: (words: string) => void;
  readonly onOpen: () => void;
}

/** What has a reason can be pointed at, by key too. */
function Mark({ verdict, words, onPoint, onOpen }: MarkProps) {
  const sign = verdict.ok && verdict.reasons.length > 0 ? '✓*' : signOf(verdict);
  if (verdict.reasons.length === 0) {
    return (
      <span className={css['mark']} data-ok={verdict.ok}>
        <span aria-hidden="true">{sign}</span>
        <span className="visually-hidden">{verdict.ok ? 'runs' : 'refuses'}</span>
      </span>
    );
  }
  return (
    <button
      type="button"
      className={css['mark']}
      data-ok={verdict.ok}
      aria-label={words}
      title={words}
      onClick={onOpen}
      onPointerEnter={() => onPoint(words)}
      onPointerLeave={() => onPoint('')}
      onFocus={() => onPoint(words)}
      onBlur={() => onPoint('')}
    >
      {sign}
    </button>
  );
}

function reasonsOf({ ok, reasons }: Verdict): string {
  if (reasons.length === 0) return ok ? 'runs' : 'refuses';
  return `${ok ? 'runs, but ' : ''}${reasons.join('; ')}`;
}

/** With the first way out, which says the most. */
function inWords(verdict: Verdict): string {
  const [way] = verdict.ways;
  return `${reasonsOf(verdict)}${way === undefined ? '' : ` → ${way}`}`;
}
