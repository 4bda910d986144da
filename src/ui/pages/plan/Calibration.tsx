import { memo } from 'react';
import { calibrate, medianOff, offBy, SET_BY } from '#planner/calibration.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';

const ROWS = calibrate();

/** How far the predictions were off, in a line. */
export function calibrationInShort(): string {
  const worst = Math.max(...ROWS.map(offBy));
  return `Predicted: of ${ROWS.length} published measurements the worst is off by ${percent(worst)}, the middle one by ${percent(medianOff(ROWS))}`;
}

/** Every published figure beside what this page says of the same machine. */
export const Calibration = memo(function Calibration() {
  return (
    <>
      <p>
        What others measured and published, and what is predicted here for the same GPUs. Some rows set a
        constant and so prove nothing of it:{' '}
        {[...new Set(SET_BY.map((row) => row.slice(row.indexOf(': ') + 2)))].join('; ')}. All others were not
        used.
      </p>
      <ScrollRegion label="Predicted and published">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">who measured what</th>
              <th scope="col">published</th>
              <th scope="col">predicted</th>
              <th scope="col">off by</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map((row) => (
              <tr key={row.what}>
                <th scope="row">{row.what}</th>
                <td className="num">
                  {[...new Set(row.range ?? [row.published])].map(digits).join(' to ')} {row.unit}
                </td>
                <td className="num">
                  {digits(row.predicted)} {row.unit}
                </td>
                <td className="num">{offBy(row).toFixed(2)} ×</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
});

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** 1.21 → 21 % */
function percent(ratio: number): string {
  return `${Math.round(100 * (ratio - 1))} %`;
}
