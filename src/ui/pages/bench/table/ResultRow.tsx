import { memo } from 'react';
import { isMeasured } from '#lab/bench/trust.ts';
import { SeriesMark } from '../charts/SeriesMark.tsx';
import { styleOf } from '../series.ts';
import { type Column, noteOf, type Row } from './column.ts';

interface ResultRowProps {
  readonly row: Row;
  readonly columns: readonly Column[];
}

export const ResultRow = memo(function ResultRow({ row, columns }: ResultRowProps) {
  const { result } = row;
  const measured = isMeasured(result);
  const note = noteOf(result);
  const { color, mark } = styleOf(result);
  return (
    <tr data-ok={result.ok}>
      {columns.map((column) => {
        const text = measured || column.always ? column.text(row) : '–';
        if (column.id === 'backend') {
          return (
            <td key={column.id} className="bench-word">
              <SeriesMark color={color} mark={mark} overlay={false} line={false} /> {text}
            </td>
          );
        }
        return (
          <td
            key={column.id}
            className={column.words && column.id !== 'shape' ? 'bench-word' : 'num'}
            data-bad={isBad(column, row) || undefined}
          >
            {text}
          </td>
        );
      })}
      <td className="bench-note" data-kind={note?.kind}>
        {note?.text}
      </td>
    </tr>
  );
}, isSame);

function isBad(column: Column, { result }: Row): boolean {
  return column.id === 'wrong' && result.wrong > 0;
}

/** Rows are made anew with every result that comes; most say what they said. */
function isSame(a: ResultRowProps, b: ResultRowProps): boolean {
  return (
    a.columns === b.columns &&
    a.row.result === b.row.result &&
    a.row.speedUp === b.row.speedUp &&
    a.row.prediction?.ms === b.row.prediction?.ms
  );
}
