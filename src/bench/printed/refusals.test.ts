import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMeasured, parseRecord } from '../parseRecord.ts';

const tableOf = (name: string): string =>
  readFileSync(new URL(`../../../tests/cases/tables/${name}`, import.meta.url), 'utf8');

/** Name of the table, what of it is replaced by what, and the sentence. */
type Case = readonly [name: string, from: string | RegExp, to: string, problem: string];

describe('a table that is known and cannot be read says what would do', () => {
  it.each<Case>([
    [
      'osu-4.txt',
      /^\$.*\n/gm,
      '',
      'line 1: the table of OSU does not say how many ranks took part. Put the command above it too, as “mpirun -np 8 osu_allreduce”, or a line “# ranks 8”.',
    ],
    [
      'osu-4.txt',
      'Allreduce',
      'Barrier',
      'line 2: the table of OSU is of “Barrier Latency”. Those of osu_allreduce,',
    ],
    ['osu-4.txt', '-np 4', '-np 99999', 'line 2: ranks is 99999.'],
    [
      'osu-4.txt',
      '18.36',
      '0.00',
      'line 4: 1024 bytes took 0 µs. The size must be a whole number, and both above 0.',
    ],
    [
      'gloo.txt',
      'allreduce_ring',
      'barrier_all',
      'the table of gloo is of “barrier_all”. One of allreduce, ',
    ],
    [
      'gloo.txt',
      /^Options.*\n/m,
      '',
      'processes is 0 above the table of gloo. Paste its line “Options: processes=…” too',
    ],
    ['gloo.txt', '39         40', '0          0', 'p50 is 0, of 256 elements. Each must be above 0, '],
    ['param-8.txt', /all_reduce/g, 'pt2pt', 'line 5: the row is of “pt2pt”. Of PARAM, all_reduce, '],
    ['param-8.txt', /float32/g, 'float12', 'line 5: the row is of “float12”, which is no type that is known'],
    ['param-8.txt', '38.2 ', 'n/a ', 'line 5: a row of PARAM has size, elements, p50, '],
    [
      'deepspeed-8.txt',
      /of all_reduce on/,
      'of pt2pt on',
      'line 2: the table is of “pt2pt” on 8 ranks. all_reduce, ',
    ],
    [
      'deepspeed-8.txt',
      '1.0 MB',
      '3.0 MB',
      'line 5: the row tells no size in whole bytes and no time, both above 0',
    ],
    [
      'torch-all-reduce-4.txt',
      '0.79GBps',
      '0.00GBps',
      'line 9: the row tells no size in whole bytes and no time',
    ],
    [
      'torch-dist-bench-8.txt',
      'of reduce_scatter over',
      'of 3 collectives over',
      'line 1: several collectives stand in one table. Run torch-dist-bench.py with --separate-tables.',
    ],
    [
      'vllm-serve.json',
      '41.25',
      '41.25e3',
      'output_throughput is 620.6060606060606. It must be 0.620606, total_output',
    ],
    ['vllm-serve.json', '41.25', '0', 'duration is 0. It must be a number above 0.'],
    [
      'vllm-serve.json',
      '187.25',
      '587.25',
      'p99_ttft_ms is 512.75. It must be a number from the median on, 587.25.',
    ],
    [
      'serving-summary.txt',
      '25600',
      'many',
      'line 2: total_output_tokens is "many". It must be a whole number',
    ],
  ])('%s, %s', (name, from, to, problem) => {
    const text = tableOf(name);
    expect(text.replace(from, to)).not.toBe(text);
    expect(() => parseMeasured(text.replace(from, to))).toThrow(problem);
  });

  it('takes the ranks of OSU from a line of one’s own', () => {
    const text = tableOf('osu-4.txt').replaceAll(/^\$.*\n/gm, '');
    const [first] = parseRecord(`# ranks 6\n${text}`);
    expect(first?.results[0]?.worldSize).toBe(6);
  });

  it('takes the ranks of PARAM from its bandwidths, where these tell them', () => {
    const text = tableOf('param-8.txt').replace(/^.*world_size.*\n/m, '');
    expect(() => parseRecord(text.replace('1.716       3.002', '0.001       0.002'))).toThrow(
      'the row does not tell how many ranks took part. Put a line “world_size: 8”',
    );
    const [, large = ''] = /(.*16777216.*)/.exec(text) ?? [];
    expect(parseRecord(large)[0]?.results[0]?.worldSize).toBe(8);
  });

  it('takes the one size of an older all_reduce_bench.py', () => {
    const [result] =
      parseRecord(
        'The average bandwidth of all_reduce with a 4.0GB payload (50 trials, 16 ranks):\n algbw: 239.742 GBps (1917.9 Gbps)\n busbw: 449.515 GBps (3596.1 Gbps)\n',
      )[0]?.results ?? [];
    expect(result).toMatchObject({ op: 'all_reduce', worldSize: 16, bytes: 4e9 });
    expect(result?.busBwGBs).toBeCloseTo(449.515, 2);
  });
});
