import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../parseRecord.ts';
import type { BenchResult } from '../record.ts';

const A100 = readFileSync(new URL('../../../tests/cases/tables/nccl-a100-8.txt', import.meta.url), 'utf8');

function resultsOf(text: string): readonly BenchResult[] {
  return parseRecord(text).flatMap(({ results }) => results);
}

/** The rows alone, as somebody may copy them. */
const ROWS = A100.split('\n').filter((line) => !line.startsWith('#'));

describe('a table of nccl-tests', () => {
  it('tells its ranks by its bandwidths where nothing above it does', () => {
    expect(resultsOf(ROWS.join('\n')).map(({ op, worldSize }) => [op, worldSize])).toEqual(
      Array(4).fill(['all_reduce', 8]),
    );
    const cut = A100.replace(/^# {2}Rank {2}7.*\n/m, '');
    expect(resultsOf(cut).map(({ worldSize }) => worldSize)).toEqual([8, 8, 8, 8]);
  });

  it('asks for the ranks where one small row does not tell them', () => {
    const row = '8 2 float sum -1 18.66 0.00 0.00 0 17.95 0.00 0.00 0';
    expect(() => resultsOf(row)).toThrow(
      'The table does not tell how many ranks took part. Paste the lines above it too, “# nThread …” and “# Rank …”.',
    );
    expect(resultsOf(`# nThread 1 nGpus 8 minBytes 8\n${row}`)[0]?.worldSize).toBe(8);
  });

  it.each([
    ['broadcast', '  1048576  262144  float  none  0  40.5  25.89  25.89  0  40.0  26.21  26.21  0', 4],
    ['reduce_scatter', '  1048576  65536  float  sum  -1  40.5  25.89  19.42  0  40.0  26.21  19.66  0', 4],
    ['all_gather', '  1048576  65536  float  none  -1  40.5  25.89  19.42  0  40.0  26.21  19.66  0', 4],
    ['all_to_all', '  1048576  65536  float  none  -1  40.5  25.89  19.42  0  40.0  26.21  19.66  N/A', 4],
    // Before 2.10 nothing stood where nothing was reduced, and a largest error where a count of wrong ones is.
    ['all_gather', '  1048576  65536  float    40.5  25.89  19.42  0e+00  40.0  26.21  19.66  0e+00', 4],
    // With -I, four columns of the iterations behind each place; and a time of day at the end.
    [
      'all_reduce',
      '1048576 262144 float sum -1 40.5 25.89 38.84 0 39.1 44.2 44.0 3.1 40.0 26.21 39.32 0 39.0 44.0 43.9 3.0 2026-01-02 03:04:05',
      4,
    ],
  ])('is told to be of %s: %#', (op, row, ranks) => {
    const [result] = resultsOf(`# nThread 1 nGpus ${ranks} minBytes 8\n${row}`);
    expect(result).toMatchObject({ op, worldSize: ranks, bytes: 1_048_576 });
    expect([40, 40.5]).toContain(1000 * (result?.medianMs ?? 0));
  });

  it('asks for the program where rows do not tell it, and takes its word', () => {
    const row = '1048576 65536 float none -1 40.5 25.89 19.42 N/A 40.0 26.21 19.66 N/A';
    expect(() => resultsOf(`# nThread 1 nGpus 4 minBytes 8\n${row}`)).toThrow(
      'line 2: the table does not tell its collective. Paste the line with its program too, one of all_reduce_perf, ',
    );
    expect(resultsOf(`# Collective test starting: alltoall_perf\n${row}`)[0]).toMatchObject({
      op: 'all_to_all',
      worldSize: 4,
    });
    expect(() => resultsOf(`mpirun -np 4 ./sendrecv_perf -b 8\n${row}`)).toThrow(
      'The table is of sendrecv_perf. Of nccl-tests, all_reduce_perf,',
    );
  });

  it('takes what its bandwidth says for the time, where that is the CPU’s (-C 1)', () => {
    const text = A100.replaceAll(' time   algbw', ' cputime   algbw').replace(
      '27.49   38.15',
      '3.50   38.15',
    );
    expect(resultsOf(text)[1]?.medianMs).toBeCloseTo(0.027485, 5);
  });

  it('is in place where it says so: rccl-tests without -O 1', () => {
    const text = `# nThread 1 nGpus 8 minBytes 8
#                                            in-place
#  size  count  type  redop  root  time  algbw  busbw  #wrong
 1048576 262144 float sum -1 27.49 38.15 66.76 0`;
    expect(resultsOf(text)[0]?.note).toBe('mean of all iterations, in place');
    expect(resultsOf(text.replace('in-place', 'out-of-place'))[0]?.note).toContain('out of place');
  });

  it('takes rows that come again, as with -N, for samples', () => {
    const again = `${A100}\n${ROWS[0]?.replace('17.95    1.83    3.20', '18.05    1.82    3.18')}`;
    const [first] = resultsOf(again);
    expect(first?.samplesMs).toEqual([0.01795, 0.01805]);
    expect(first?.medianMs).toBeCloseTo(0.018, 9);
    expect(first?.busBwGBs).toBeCloseTo(3.1858, 4);
    expect(first?.note).toBe('mean of all iterations, in place, 2 times');
  });

  it('counts wrong elements', () => {
    const text = A100.replace('171.73  300.52      0', '171.73  300.52  3e+02');
    expect(resultsOf(text)[3]).toMatchObject({
      wrong: 0,
      note: 'mean of all iterations, in place, not checked',
    });
    expect(resultsOf(A100.replace('171.73  300.52      0', '171.73  300.52     12'))[3]).toMatchObject({
      wrong: 12,
      ok: false,
    });
  });

  it.each([
    ['120.47', '220.47', 'line 18: in_place.alg_bw is 139.26, and size over time makes 76.0975.'],
    [
      '120.47  139.26',
      '120.47  839.26',
      'line 18: in_place.alg_bw is 839.26, and size over time makes 139.265.',
    ],
    [
      '139.26  243.71',
      '139.26  283.71',
      'line 18: busbw does not follow from algbw for all_reduce on 8 ranks.',
    ],
    [
      '4194304     float',
      '4194305     float',
      'line 18: size is 16777216, and count 4194305: of float it must',
    ],
    ['120.47', '12x.47', 'line 18: in_place.time is "12x.47". It must be a number from 0 on.'],
    [
      '139.26  243.71      0',
      '139.26  243.71',
      'line 18: behind float there are 8 cells. A row of nccl-tests has',
    ],
  ])('that cannot be true is refused by its line: %s', (from, to, problem) => {
    expect(() => resultsOf(A100.replace(from, to))).toThrow(problem);
  });

  it('leaves out a row in which the run ended', () => {
    expect(resultsOf(`${A100}\n    67108864      16777216     float     sum      -1`)).toHaveLength(4);
  });
});
