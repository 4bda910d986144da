/**
 * Predicted against published: every row of published.json, beside what the planner says of the same machine. {@link SET_BY}
 * says which rows set a constant; the others were not used. Rings and trees are NCCL's own table.
 */

import { collectiveTime } from '../machines/collectiveTime.ts';
import { FABRICS, type Machine, NETWORKS } from '../machines/fabrics.ts';
import { GPUS } from '../machines/gpus.ts';
import { countConfig } from './model/countModel.ts';
import { PUBLIC_MODELS } from './model/publicModels.ts';
import { passTime } from './pass.ts';
import file from './published.json' with { type: 'json' };

/** By constant: the rows that set it, and so prove nothing of it. */
export const SET_BY = [
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

export interface Compared {
  readonly what: string;
  readonly unit: 'µs' | 'GB/s' | 'tokens/s';
  readonly predicted: number;
  readonly published: number;
  /** Where several were published, from the least to the most; `published` is then the nearest. */
  readonly range?: readonly [number, number];
  /** Rows of the same machine and model, whose order is to be right. */
  readonly group: string;
}

/** @returns a line for each figure of the file, in its order */
export function calibrate(published: Published = file as unknown as Published): Compared[] {
  return [
    ...published.allreduce_us.flatMap((row) =>
      row.rows.map(
        ([bytes, us]): Compared => ({
          what: `${row.source}: ${bytes} B`,
          unit: 'µs',
          predicted: timeOf(row, row.p, bytes),
          published: us,
          group: row.source,
        }),
      ),
    ),
    ...published.allreduce_busbw_GBs.map((row): Compared => {
      const predicted = ((2 * (row.p - 1)) / row.p) * (row.bytes / timeOf(row, row.p, row.bytes) / 1e3);
      const [least, most] = row.busbw; // of several algorithms or runs
      return {
        what: row.source,
        unit: 'GB/s',
        predicted,
        published: Math.min(most, Math.max(least, predicted)),
        range: row.busbw,
        group: row.source,
      };
    }),
    ...published.decode_tokens_per_second_one_sequence.flatMap((row) =>
      row.rows.map(
        ([p, rate]): Compared => ({
          what: `${row.source}, ${row.model}: TP ${p}`,
          unit: 'tokens/s',
          predicted: rateOf(row, p),
          published: rate,
          group: `${row.source}, ${row.model}`,
        }),
      ),
    ),
  ];
}

/** Of one sequence; its length is not published, and hardly matters at a few hundred tokens. */
function rateOf(row: Row & { model: string }, p: number): number {
  const name = row.model.toLowerCase();
  const model = PUBLIC_MODELS.find(({ repository }) => repository.toLowerCase().includes(name));
  if (model === undefined) throw new Error(`${row.model} is not known`);
  const pass = { tensor: p, sequences: 1, context: 256 };
  return 1e3 / passTime(countConfig(model.config), machineOf(row, p), pass).totalMs;
}

/** The larger over the smaller of both. */
export function offBy({ predicted, published: there }: Compared): number {
  return Math.max(predicted / there, there / predicted);
}

/** The middle one of them. */
export function medianOff(rows: readonly Compared[]): number {
  const sorted = rows.map(offBy).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}
