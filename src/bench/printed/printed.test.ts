/**
 * Figures of `nccl-a100-8.txt`, `gloo.txt`, `torch-all-reduce-4.txt` and of parts of `deepspeed-8.txt`, `osu-4.txt` and
 * `serving-summary.txt` were published; those of the other files are made up, in the form that each program prints.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../parseRecord.ts';
import type { BenchRecord } from '../record.ts';

const TABLES = new URL('../../../tests/cases/tables/', import.meta.url);
const tableOf = (name: string): string => readFileSync(new URL(name, TABLES), 'utf8');

/** Operation, ranks, type, bytes, microseconds, algbw, busbw. */
function rowsOf(records: readonly BenchRecord[]): unknown[][] {
  const round = (value: number): number => Number(value.toPrecision(6));
  return records.flatMap(({ results }) =>
    results.map(({ op, worldSize, dtype, bytes, medianMs, algBwGBs, busBwGBs }) => [
      ...[op, worldSize, dtype, bytes],
      ...[round(1000 * medianMs), round(algBwGBs), round(busBwGBs)],
    ]),
  );
}

const EXPECTED: Readonly<Record<string, readonly unknown[][]>> = {
  'nccl-a100-8.txt': [
    ['all_reduce', 8, 'f32', 32_768, 17.95, 1.83, 3.2],
    ['all_reduce', 8, 'f32', 1_048_576, 27.49, 38.15, 66.76],
    ['all_reduce', 8, 'f32', 16_777_216, 120.47, 139.26, 243.71],
    ['all_reduce', 8, 'f32', 33_554_432, 195.4, 171.73, 300.52],
  ],
  'nccl-half.json': [['all_reduce', 8, 'f16', 1_048_576, 27.5, 38.1, 66.7]],
  'nccl-h100-16-tagged.txt': [
    // Below 1 GB/s the two digits that are printed are too few: it follows from the time.
    ['all_reduce', 16, 'bf16', 8, 31.17, 0.000_256_657, 0.000_481_232],
    ['all_reduce', 16, 'bf16', 65_536, 35.9, 1.83, 3.42],
    ['all_reduce', 16, 'bf16', 1_048_576, 61.77, 16.98, 31.83],
    ['all_reduce', 16, 'bf16', 134_217_728, 741.8, 180.94, 339.25],
    ['all_reduce', 16, 'bf16', 8_589_934_592, 34_178, 251.33, 471.24],
  ],
  'nccl-cut-4.txt': [
    ['all_gather', 4, 'f32', 4_194_304, 38.4, 109.23, 81.92],
    ['all_gather', 4, 'f32', 16_777_216, 104.3, 160.86, 120.64],
    ['all_to_all', 4, 'f32', 4_194_304, 44.4, 94.47, 70.85],
    ['all_to_all', 4, 'f32', 16_777_216, 120.3, 139.46, 104.6],
  ],
  'rccl-mi300x-8.txt': [
    ['all_reduce', 8, 'f16', 1_048_576, 47.02, 22.3, 39.03],
    ['all_reduce', 8, 'f16', 4_194_304, 70.88, 59.17, 103.56],
    ['all_reduce', 8, 'f16', 16_777_216, 133.2, 125.96, 220.42],
  ],
  'gloo.txt': [
    ['all_reduce', 2, 'f32', 1024, 40, 0.0256, 0.0256],
    ['all_reduce', 2, 'f32', 4096, 50, 0.081_92, 0.081_92],
  ],
  'gloo-new.txt': [
    ['all_reduce', 4, 'f32', 400, 127, 0.003_149_61, 0.004_724_41],
    ['all_reduce', 4, 'f32', 40_000, 961, 0.041_623_3, 0.062_435],
    ['all_reduce', 4, 'f32', 4_000_000, 61_044, 0.065_526_5, 0.098_289_8],
  ],
  'torch-all-reduce-4.txt': [
    ['all_reduce', 4, 'f32', 32_768, 41.4785, 0.79, 1.185],
    ['all_reduce', 4, 'f32', 1_048_576, 45.5903, 23, 34.5],
    ['all_reduce', 4, 'f32', 67_108_864, 343.268, 195.5, 293.25],
    ['all_reduce', 4, 'f32', 17_179_869_184, 70_219.4, 244.66, 366.99],
  ],
  'torch-dist-bench-8.txt': [
    ['reduce_scatter', 8, 'f32', 128, 16.1, 0.007_950_31, 0.006_956_52],
    ['reduce_scatter', 8, 'f32', 65_536, 16.9, 3.877_87, 3.393_14],
    ['reduce_scatter', 8, 'f32', 16_777_216, 72.3, 232.05, 203.044],
  ],
  'deepspeed-8.txt': [
    ['all_reduce', 8, 'f32', 1_048_576, 412.3, 2.543_24, 4.450_66],
    ['all_reduce', 8, 'f32', 34_004_218_672, 3_176_620, 10.7045, 18.7329],
    ['all_gather', 8, 'f16', 2_097_152, 301.2, 6.962_66, 6.092_32],
  ],
  'param-8.txt': [
    ['all_reduce', 8, 'f32', 65_536, 38.2, 1.7156, 3.0023],
    ['all_reduce', 8, 'f32', 16_777_216, 130.4, 128.66, 225.154],
  ],
  'osu-4.txt': [
    ['all_reduce', 4, 'f32', 1024, 18.36, 0.055_773_4, 0.083_660_1],
    ['all_reduce', 4, 'f32', 1_048_576, 131.77, 7.957_62, 11.9364],
    ['all_reduce', 4, 'f32', 16_777_216, 8630.58, 1.943_93, 2.915_89],
    ['all_gather', 4, 'i8', 4096, 6.12, 0.669_281, 0.501_961],
    ['all_gather', 4, 'i8', 262_144, 59.87, 4.378_55, 3.283_92],
  ],
};

describe('what a machine printed', () => {
  it.each(Object.keys(EXPECTED))('%s', (name) => {
    expect(rowsOf(parseRecord(tableOf(name)))).toEqual(EXPECTED[name]);
  });

  it('is tested with every table that is kept', () => {
    const serving = ['serving-summary.txt', 'sglang.jsonl', 'vllm-serve.json'];
    expect(readdirSync(TABLES)).toEqual([...Object.keys(EXPECTED), ...serving].toSorted());
  });

  it('tells the machine', () => {
    const machineOf = (name: string) => parseRecord(tableOf(name)).map(({ environment }) => environment)[0];
    const nvidia = { device: 'NVIDIA H100 80GB HBM3' };
    expect(machineOf('nccl-h100-16-tagged.txt')).toMatchObject({
      userAgent: 'nccl-tests, NCCL 2.28.7',
      adapter: nvidia,
    });
    expect(machineOf('rccl-mi300x-8.txt')).toMatchObject({
      userAgent: 'rccl-tests',
      adapter: { device: 'AMD Instinct MI300X' },
    });
    expect(machineOf('torch-all-reduce-4.txt')).toMatchObject({
      userAgent: 'torch.distributed, torch 2.7.0',
      adapter: { device: 'NVIDIA H100 80GB HBM3' },
    });
    expect(machineOf('gloo.txt')?.userAgent).toBe('gloo’s benchmark over tcp');
    expect(machineOf('osu-4.txt')?.userAgent).toBe('OSU 7.0, MPI-CUDA');
  });

  it('says of each cell where it comes from, and what was not checked', () => {
    const [cell] = parseRecord(tableOf('rccl-mi300x-8.txt'))[0]?.results ?? [];
    expect(cell).toMatchObject({
      backend: 'rccl-tests',
      transport: 'rccl',
      placement: 'process',
      wrong: 0,
      ok: true,
      note: 'mean of all iterations, in place, not checked',
    });
    expect(parseRecord(tableOf('gloo.txt'))[0]?.results[0]?.note).toBe(
      'allreduce_ring, median of rank 0, from 39 to 110 µs, p99 58 µs',
    );
  });

  it('may hold several tables, of several programs', () => {
    const names = ['nccl-a100-8.txt', 'osu-4.txt', 'gloo.txt', 'param-8.txt'];
    const all = rowsOf(parseRecord(names.map(tableOf).join('\n')));
    expect(all).toHaveLength(4 + 5 + 2 + 2);
    for (const name of names) for (const row of EXPECTED[name] ?? []) expect(all).toContainEqual(row);
  });
});

describe('whatever a launcher or a log puts before each line', () => {
  const plain = tableOf('nccl-a100-8.txt');
  const esc = String.fromCharCode(27);
  it.each([
    ['a rank', '[0] '],
    ['a rank of a job', '[1,0]<stdout>:'],
    ['a host and a rank', '[worker-0:3]:'],
    ['a task of Slurm', ' 0: '],
    ['a host', 'x3211c0s37b0n0: '],
    ['a quotation', '> '],
    ['a time', '2026-01-02T03:04:05.678901234Z '],
    ['a colour', `${esc}[32m`],
  ])('%s', (_, before) => {
    const text = plain.replaceAll(/^/gm, before);
    expect(rowsOf(parseRecord(text))).toEqual(EXPECTED['nccl-a100-8.txt']);
    expect(rowsOf(parseRecord(text.replaceAll('\n', '\r\n')))).toEqual(EXPECTED['nccl-a100-8.txt']);
  });

  it.each(['osu-4.txt', 'gloo.txt', 'gloo-new.txt', 'param-8.txt', 'deepspeed-8.txt'])('%s', (name) => {
    const text = tableOf(name).replaceAll(/^/gm, '[0] ');
    expect(rowsOf(parseRecord(text))).toEqual(EXPECTED[name]);
  });
});
