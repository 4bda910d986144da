/**
 * Predicted against published, for every row of tests/cases/published.json. {@link SET_BY} says which rows set a constant;
 * the others were not used. Rings and trees are NCCL's own table.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectiveTime } from '../machines/collectiveTime.ts';
import { FABRICS, type Machine, NETWORKS } from '../machines/fabrics.ts';
import { GPUS } from '../machines/gpus.ts';
import { countConfig } from './model/countModel.ts';
import { decodeStep } from './step.ts';
import { PUBLIC_MODELS } from './testing/publicModels.ts';

const SET_BY = [
  '`REACH.nvlink`, `SWITCH.share`: NVIDIA/nccl issue 1455',
  '`REACH.host`: issue 1639',
  '`REACH.network`: issue 1221',
  '`SWITCH.base`: Mooncake, 33,554,432 B',
  '`SHOT`: sglang, 512 B and 1,048,576 B',
  '`EFFICIENCY.memory`: gpt-fast, 70B on 2 and 4',
  '`EFFICIENCY.layerUs`: gpt-fast, 7B on 1 and 8',
  '`PCIE_EXTRA`: MLC LLM, all three rows',
];

interface Row {
  readonly source: string;
  readonly gpu: string;
  readonly fabric: string;
}

interface Published {
  readonly allreduce_us: readonly (Row & { p: number; rows: [bytes: number, us: number][] })[];
  readonly allreduce_busbw_GBs: readonly (Row & { p: number; bytes: number; busbw: [number, number] })[];
  readonly decode_tokens_per_second_one_sequence: readonly (Row & {
    model: string;
    rows: [p: number, rate: number][];
  })[];
}

const published: Published = JSON.parse(
  readFileSync(new URL('../../tests/cases/published.json', import.meta.url), 'utf8'),
);

/** Nodes of eight, with a port for each GPU where there are several. */
function machineOf({ gpu: id, fabric: name }: Row, p: number): Machine {
  const gpu = GPUS.find((one) => one.id === id);
  const network = NETWORKS.find((one) => one.id === name) ?? null;
  const fabric = FABRICS.find((one) => one.id === (network === null ? name : 'nvlink'));
  if (gpu === undefined || fabric === undefined) throw new Error(`${id} over ${name} is not known`);
  const perNode = Math.min(8, p);
  return { gpu, fabric, network, perNode, nodes: Math.ceil(p / perNode), ports: 8 };
}

/** The kernel that a source names; else what NCCL chooses. */
function timeOf(row: Row, p: number, bytes: number): number {
  const only = (['one-shot', 'two-shot'] as const).find((name) => row.source.includes(name));
  const options = only === undefined ? { library: 'nccl' as const } : { only };
  return collectiveTime(machineOf(row, p), 'all_reduce', p, bytes, options).us;
}

interface Compared {
  /** Where several were published, from the least to the most; `published` is then the nearest. */
  readonly range?: readonly [number, number];
  readonly what: string;
  readonly predicted: number;
  readonly published: number;
}

const times: Compared[] = published.allreduce_us.flatMap((row) =>
  row.rows.map(([bytes, us]) => ({
    what: `${row.source}: ${bytes} B`,
    predicted: timeOf(row, row.p, bytes),
    published: us,
  })),
);

const bandwidths: Compared[] = published.allreduce_busbw_GBs.map((row) => {
  const predicted = ((2 * (row.p - 1)) / row.p) * (row.bytes / timeOf(row, row.p, row.bytes) / 1e3);
  const [least, most] = row.busbw; // of several algorithms or runs
  return {
    what: row.source,
    predicted,
    published: Math.min(most, Math.max(least, predicted)),
    range: row.busbw,
  };
});

function rateOf(row: Row & { model: string }, p: number): number {
  const model = PUBLIC_MODELS.find(({ repository }) =>
    repository.toLowerCase().includes(row.model.toLowerCase()),
  );
  if (model === undefined) throw new Error(`${row.model} is not known`);
  return (
    1e3 /
    decodeStep(countConfig(model.config), machineOf(row, p), { tensor: p, sequences: 1, context: 256 })
      .totalMs
  );
}

const rates: Compared[] = published.decode_tokens_per_second_one_sequence.flatMap((row) =>
  row.rows.map(([p, rate]) => ({
    what: `${row.source}, ${row.model}: TP ${p}`,
    predicted: rateOf(row, p),
    published: rate,
  })),
);

const all = [...times, ...bandwidths, ...rates];
const off = ({ predicted, published: there }: Compared): number =>
  Math.max(predicted / there, there / predicted);

describe('predicted against published', () => {
  it.each(all.map((row) => [row.what, row] as const))('%s is within 1.5', (_, row) => {
    expect(off(row), `${row.predicted} against ${row.published}`).toBeLessThanOrEqual(1.5);
  });

  it.each([
    ['times', times],
    ['bandwidths', bandwidths],
    ['decoding', rates],
    ['all', all],
  ] as const)('the median of %s is within 1.2', (_, rows) => {
    const sorted = rows.map(off).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(1.2);
  });

  it('degrees are in the order published, where two differ by more than a tenth', () => {
    for (const row of published.decode_tokens_per_second_one_sequence) {
      for (const [p, rate] of row.rows) {
        for (const [q, other] of row.rows) {
          if (rate > 1.1 * other)
            expect(rateOf(row, p), `${row.source}, ${row.model}: TP ${p} and ${q}`).toBeGreaterThan(
              rateOf(row, q),
            );
        }
      }
    }
  });
});

it('docs/calibration.md shows every row; vitest -u writes it anew', async () => {
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  const line = (row: Compared, unit: string): string =>
    `| ${row.what} | ${[...new Set(row.range ?? [row.published])].map(digits).join(' to ')} ${unit} | ${digits(row.predicted)} ${unit} | ${off(row).toFixed(2)} |`;
  const text = [
    '# Predicted against published',
    '',
    'What the planner (`src/planner`, `src/machines`) predicts for machines on which others measured. The last column is the larger over the smaller of both. `src/planner/calibration.test.ts` computes this page from `tests/cases/published.json`; `npx vitest run --project unit src/planner/calibration.test.ts -u` writes it.',
    '',
    'Rows that set a constant, and so prove nothing of it:',
    '',
    ...SET_BY.map((one) => `- ${one}`),
    '',
    '| source | published | predicted | off by |',
    '|---|---|---|---|',
    ...times.map((row) => line(row, 'µs')),
    ...bandwidths.map((row) => line(row, 'GB/s')),
    ...rates.map((row) => line(row, 'tokens/s')),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/calibration.md');
});
