import { memo, useState } from 'react';
import { codebases, type DegreeVerdict } from '#models/degrees.ts';
import { counted } from '#ui/components/words.ts';
import { formatBytes } from '#ui/format.ts';
import { spanOf } from '../costs/totals.ts';
import { type DegreeRow, signOf } from './degreeRows.ts';
import css from './paste.module.css';

interface DegreeLineProps {
  readonly row: DegreeRow;
  readonly context: number;
  /** Says what a mark means; '' when it is let go. */
  readonly onPoint: (words: string) => void;
}

/** One number of ranks, and on demand why each codebase takes it or not. The table grows line by line, hence memo. */
export const DegreeLine = memo(function DegreeLine({ row, context, onPoint }: DegreeLineProps) {
  const [open, setOpen] = useState(false);
  const { p, verdicts, weightBytes, kvBytesPerToken, wireBytes } = row;
  const toggle = () => setOpen(!open);
  return (
    <>
      <tr>
        <th scope="row">
          <button type="button" className={css['degree-open']} aria-expanded={open} onClick={toggle}>
            <span aria-hidden="true">▸</span> {p}{' '}
            <span className="visually-hidden">{p === 1 ? 'rank' : 'ranks'}: reasons</span>
          </button>
        </th>
        {codebases.map(({ id, label }) => {
          const words = `${label} on ${counted(p, 'rank')}: ${inWords(verdicts[id])}`;
          return (
            <td key={id}>
              <Mark verdict={verdicts[id]} words={words} onPoint={onPoint} onOpen={toggle} />
            </td>
          );
        })}
        <td className="num">{spanOf(weightBytes, formatBytes)}</td>
        <td className="num">{spanOf(kvBytesPerToken, formatBytes)}</td>
        <td className="num">
          {spanOf(
            kvBytesPerToken.map((bytes) => bytes * context),
            formatBytes,
          )}
        </td>
        <td className="num">{formatBytes(wireBytes)}</td>
      </tr>
      {open && (
        <tr className={css['degree-reasons']}>
          <td colSpan={codebases.length + 5}>
            <ul>
              {codebases.map(({ id, label }) => (
                <li key={id}>
                  <strong>
                    {signOf(verdicts[id])} {label}
                  </strong>
                  : {inWords(verdicts[id])}
                </li>
              ))}
            </ul>
          </td>
        </tr>
      )}
    </>
  );
});

interface MarkProps {
  readonly verdict: DegreeVerdict;
  readonly words: string;
  readonly onPoint: (words: string) => void;
  readonly onOpen: () => void;
}

/** What has a reason can be pointed at, by key too. */
function Mark({ verdict, words, onPoint, onOpen }: MarkProps) {
  const sign = verdict.ok && verdict.reasons.length > 0 ? '✓*' : signOf(verdict);
  if (verdict.reasons.length === 0) {
    return (
      <span className={css['degree-mark']} data-ok={verdict.ok}>
        <span aria-hidden="true">{sign}</span>
        <span className="visually-hidden">{verdict.ok ? 'runs' : 'refuses'}</span>
      </span>
    );
  }
  return (
    <button
      type="button"
      className={css['degree-mark']}
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

function inWords({ ok, reasons }: DegreeVerdict): string {
  if (reasons.length === 0) return ok ? 'runs' : 'refuses';
  return `${ok ? 'runs, but ' : ''}${reasons.join('; ')}`;
}
