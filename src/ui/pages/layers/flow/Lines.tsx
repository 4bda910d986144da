import css from './lines.module.css';
import type { Line, Piece } from './text.ts';

interface LinesProps {
  readonly lines: readonly Line[];
  /** With a dot between the pieces of a line. */
  readonly separated?: boolean;
  /** What is set in the place of a piece; the piece itself where left out. */
  readonly textOf?: (piece: Piece) => string;
}

/** Text in the lines that the layout broke it into. */
export function Lines({ lines, separated = false, textOf = ({ text }) => text }: LinesProps) {
  return (
    <span className={css['lines']} data-separated={separated ? '' : undefined}>
      {lines.map((line) => (
        <span key={line.map(({ role, text }) => `${role} ${text}`).join(' ')} className={css['line']}>
          {line.map((piece) => (
            <span key={`${piece.role} ${piece.text}`} data-role={piece.role}>
              {textOf(piece)}
            </span>
          ))}
        </span>
      ))}
    </span>
  );
}
