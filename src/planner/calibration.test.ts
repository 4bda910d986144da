import { describe, expect, it } from 'vitest';
import { type Compared, calibrate, medianOff, offBy, SET_BY } from './calibration.ts';

const all = calibrate();
const ofUnit = (unit: Compared['unit']): Compared[] => all.filter((row) => row.unit === unit);

describe('predicted against published', () => {
  it.each(all.map((row) => [row.what, row] as const))('%s is within 1.5', (_, row) => {
    expect(offBy(row), `${row.predicted} against ${row.published}`).toBeLessThanOrEqual(1.5);
  });

  it.each([
    ['times', ofUnit('µs')],
    ['bandwidths', ofUnit('GB/s')],
    ['decoding', ofUnit('tokens/s')],
    ['all', all],
  ] as const)('the median of %s is within 1.2', (_, rows) => {
    expect(medianOff(rows)).toBeLessThanOrEqual(1.2);
  });

  it('degrees are in the order published, where two differ by more than a tenth', () => {
    const rates = ofUnit('tokens/s');
    for (const row of rates) {
      for (const other of rates) {
        if (row.group !== other.group || row.published <= 1.1 * other.published) continue;
        expect(row.predicted, `${row.what} and ${other.what}`).toBeGreaterThan(other.predicted);
      }
    }
  });
});

it('docs/calibration.md shows every row; vitest -u writes it anew', async () => {
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  const line = (row: Compared): string => {
    const published = [...new Set(row.range ?? [row.published])].map(digits).join(' to ');
    return `| ${row.what} | ${published} ${row.unit} | ${digits(row.predicted)} ${row.unit} | ${offBy(row).toFixed(2)} |`;
  };
  const text = [
    '# Predicted against published',
    '',
    'What the planner (`src/planner`, `src/machines`) predicts for machines on which others measured. The last column is the larger over the smaller of both. `src/planner/calibration.ts` computes it from `src/planner/published.json`; `npx vitest run --project unit src/planner/calibration.test.ts -u` writes this page.',
    '',
    'Rows that set a constant, and so prove nothing of it:',
    '',
    ...SET_BY.map((one) => `- ${one}`),
    '',
    '| source | published | predicted | off by |',
    '|---|---|---|---|',
    ...all.map(line),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/calibration.md');
});
