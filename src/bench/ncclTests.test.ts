import { describe, expect, it } from 'vitest';
import { parseRecord } from './parseRecord.ts';

/** As src/util.cu of nccl-tests writes it, version 2: two processes with four GPUs each. */
const run = {
  version: 2,
  start_time: '2026-02-03 04:05:06',
  args: ['./build/all_reduce_perf', '-b', '1M', '-e', '2M', '-f', '2', '-g', '4', '-J', 'run.json'],
  env: ['SECRET=of nobody'],
  nccl_version: 22_703,
  config: {
    nthreads: 1,
    ngpus: 4,
    iterations: 20,
    devices: [
      {
        rank: 0,
        group: 0,
        pid: 11,
        hostname: 'a',
        device: 0,
        device_hex: '0000:04:00',
        device_info: 'NVIDIA H100',
      },
      {
        rank: 4,
        group: 0,
        pid: 12,
        hostname: 'b',
        device: 0,
        device_hex: '0000:04:00',
        device_info: 'NVIDIA H100',
      },
    ],
  },
  results: [
    {
      size: 1_048_576,
      count: 262_144,
      type: 'float',
      redop: 'sum',
      root: '    -1',
      out_of_place: { time: 40.5, alg_bw: 25.890765, bus_bw: 45.308839, nwrong: 0 },
      in_place: { time: 40, alg_bw: 26.2144, bus_bw: 45.8752, nwrong: 0 },
      actual_iterations: 20,
      experiment_name: '',
    },
  ],
  out_of_bounds: { count: 0, okay: 'true' },
  average_bus_bandwidth: { bandwidth: 45.5, okay: 'unchecked' },
};
const [row] = run.results;
if (row === undefined) throw new Error('The run has no row.');

function parsed(patch: object) {
  const [record] = parseRecord(JSON.stringify({ ...run, ...patch }));
  if (record === undefined) throw new Error('Nothing was read.');
  return record;
}

describe('JSON of nccl-tests', () => {
  it('is a record: in place as ours, microseconds to milliseconds, what it does not tell left open', () => {
    const { environment, results } = parsed({});
    expect(environment).toEqual({
      userAgent: 'nccl-tests, NCCL 2.27.3',
      adapter: { device: 'NVIDIA H100' },
      cores: 0,
      crossOriginIsolated: null,
      date: '2026-02-03T04:05:06',
      commit: '',
    });
    expect(results).toEqual([
      {
        op: 'all_reduce',
        backend: 'nccl-tests',
        placement: 'process',
        transport: 'nccl',
        worldSize: 8,
        dtype: 'f32',
        shape: {},
        bytes: 1_048_576,
        variant: '',
        samplesMs: [0.04],
        medianMs: 0.04,
        p10Ms: 0.04,
        p90Ms: 0.04,
        gflops: 0,
        algBwGBs: 26.2144,
        busBwGBs: 45.8752,
        computeMs: 0,
        commMs: 0.04,
        waitMs: 0,
        maxAbsError: Number.NaN,
        wrong: 0,
        ok: true,
        note: 'mean of 20 iterations, in place',
      },
    ]);
  });

  it.each([
    ['all_gather_perf', 'all_gather'],
    ['reduce_scatter_perf', 'reduce_scatter'],
    ['broadcast_perf', 'broadcast'],
    ['C:\\nccl\\alltoall_perf', 'all_to_all'],
  ])('of %s is %s', (program, op) => {
    expect(parsed({ args: [program] }).results[0]?.op).toBe(op);
  });

  it('counts ranks where every one is listed, and where threads have them', () => {
    const devices = [0, 1, 2, 3].map((rank) => ({ rank, device_info: 'GPU' }));
    expect(parsed({ config: { nthreads: 1, ngpus: 4, devices } }).results[0]?.worldSize).toBe(4);
    expect(parsed({ config: { nthreads: 1, ngpus: 1, devices } }).results[0]?.worldSize).toBe(4);
    const [first] = devices;
    expect(parsed({ config: { nthreads: 2, ngpus: 3, devices: [first] } }).results[0]?.worldSize).toBe(6);
  });

  it('takes the times of iterations where there are some, which are of the slowest process, and wrong elements', () => {
    const in_place_per_iter = {
      times_us: [50, 41, 60],
      per_process_max_times_us: [
        [40, 41, 60],
        [50, 40, 30],
      ],
    };
    const in_place = { ...row.in_place, nwrong: 3 };
    const [result] = parsed({ results: [{ ...row, in_place, in_place_per_iter }] }).results;
    expect(result?.samplesMs).toEqual([0.05, 0.041, 0.06]);
    expect(result?.medianMs).toBe(0.05);
    expect(result).toMatchObject({ wrong: 3, ok: false, note: 'in place' });
  });

  it('leaves out the iterations that -K skips, as version 3 does in its own summary', () => {
    const in_place_per_iter = { skipped_iterations: 2, times_us: [900, 300, 40, 41, 42] };
    const [result] = parsed({ version: 3, results: [{ ...row, in_place_per_iter }] }).results;
    expect(result?.samplesMs).toEqual([0.04, 0.041, 0.042]);
    expect(result).toMatchObject({ medianMs: 0.041, note: 'without the first 2 iterations, in place' });
  });

  it('takes no CPU time for the collective’s, but what its bandwidth says', () => {
    const in_place = { cpu_time: 3.5, alg_bw: 26.2144, bus_bw: 45.8752, nwrong: 0 }; // with -C 1
    const [result] = parsed({ results: [{ ...row, in_place }] }).results;
    expect(result?.medianMs).toBeCloseTo(0.04, 12);
    expect(result?.commMs).toBeCloseTo(0.04, 12);
    const tiny = { ...in_place, alg_bw: 0 };
    expect(() => parsed({ results: [{ ...row, in_place: tiny }] })).toThrow(
      'results[0].in_place.alg_bw is 0, from which no time follows. Run without -C 1.',
    );
  });

  it('counts the ranks of one group where NCCL_TESTS_SPLIT makes several, for the bandwidth is of one', () => {
    const split = [0, 4, 8, 12].map((rank, i) => ({ rank, group: i % 2, device_info: 'GPU' }));
    const [result] = parsed({ config: { nthreads: 1, ngpus: 4, devices: split } }).results;
    expect(result?.worldSize).toBe(8);
    expect(result?.note).toBe('mean of 20 iterations, in place, 2 groups at once');
  });

  it('takes any type, of several reductions the sum, and another alone', () => {
    const half = { ...row, type: 'half', count: 2 * row.count };
    const { results } = parsed({ results: [row, half, { ...row, redop: 'max' }] });
    expect(results.map(({ dtype, bytes }) => [dtype, bytes])).toEqual([
      ['f32', 1_048_576],
      ['f16', 1_048_576],
    ]);
    const [max] = parsed({ results: [{ ...row, redop: 'max' }] }).results;
    expect(max?.note).toBe('mean of 20 iterations, in place, reduced by max');
  });

  it('knows that count is a rank’s share in a gather, a scatter and an exchange', () => {
    const share = { ...row, count: row.count / 8 };
    for (const program of ['all_gather_perf', 'reduce_scatter_perf', 'alltoall_perf']) {
      expect(parsed({ args: [program], results: [share] }).results[0]?.bytes).toBe(1_048_576);
    }
  });

  it('takes the other place where one is missing, says what was not checked, drops what is not ours', () => {
    const in_place = null;
    const out_of_place = { ...row.out_of_place, nwrong: null };
    const rows = [
      { ...row, type: 'half8' },
      { ...row, redop: 'max' },
      { ...row, size: 0 },
      { ...row, in_place, out_of_place },
    ];
    const { results } = parsed({ results: rows });
    expect(results).toHaveLength(1);
    expect(results[0]?.note).toBe('mean of 20 iterations, out of place, not checked');
  });

  it.each<[patch: object, problem: string]>([
    [{ args: ['./gather_perf'] }, 'args[0] is “gather_perf”. Of nccl-tests, all_reduce_perf, '],
    [{ results: undefined }, 'the run of all_reduce_perf did not end well'],
    [
      { results: [{ ...row, type: 'half8' }] },
      'the run is of “half8”. It must be of float, double, half, bfloat16, ',
    ],
    [
      { results: [{ ...row, in_place: null, out_of_place: null }] },
      'results[0].in_place and out_of_place are missing.',
    ],
    [
      { results: [{ ...row, in_place: { time: 'nan' } }] },
      'results[0].in_place.time is "nan". It must be a number from 0 on.',
    ],
    [{ config: {} }, 'do not tell the number of ranks'],
    [{ config: { ...run.config, nthreads: '1' } }, 'do not tell the number of ranks'],
    [{ config: { ...run.config, devices: [{ rank: -4 }] } }, 'do not tell the number of ranks'],
    [{ results: [null, row] }, 'results[0] is null. It must be an object.'],
    [{ results: [{ ...row, type: undefined }] }, 'results[0].type is nothing. It must be a text.'],
    [{ results: [{ ...row, redop: 3 }] }, 'results[0].redop is 3. It must be a text.'],
    [{ results: [{ ...row, size: 1.5 }] }, 'results[0].size is 1.5. It must be a whole number from 0 on.'],
    [{ results: [{ ...row, size: '4' }] }, 'results[0].size is "4". It must be a whole number from 0 on.'],
    [
      { results: [{ ...row, count: 3 }] },
      'results[0].size is 1048576, and count 3: of float it must be 4 bytes an element.',
    ],
    ...[
      [{ nwrong: -1 }, 'nwrong is -1. It must be a whole number from 0 on.'],
      [{ nwrong: 0.5 }, 'nwrong is 0.5. It must be a whole number from 0 on.'],
      [{ time: -1 }, 'time is -1. It must be a number from 0 on.'],
      [{ alg_bw: -1 }, 'alg_bw is -1. It must be a number from 0 on.'],
      [{ bus_bw: null }, 'bus_bw is null. It must be a number from 0 on.'],
      [{ alg_bw: 27 }, 'alg_bw is 27, and size over time makes 26.2144.'],
    ].map(([patch, problem]): [object, string] => [
      { results: [row, { ...row, in_place: { ...row.in_place, ...(patch as object) } }] },
      `results[1].in_place.${problem}`,
    ]),
    ...[
      [{ times_us: [1, -1] }, 'times_us is [1,-1]. It must be a list of microseconds.'],
      [
        { times_us: [1], skipped_iterations: -1 },
        'skipped_iterations is -1. It must be a whole number from 0 on.',
      ],
    ].map(([in_place_per_iter, problem]): [object, string] => [
      { results: [{ ...row, in_place_per_iter }] },
      `results[0].in_place_per_iter.${problem}`,
    ]),
    [
      { results: [{ ...row, actual_iterations: {} }] },
      'results[0].actual_iterations is {}. It must be a whole number from 0 on.',
    ],
    [{ nccl_version: '2.27' }, 'nccl_version is "2.27". It must be a whole number from 0 on.'],
    [{ start_time: 3 }, 'start_time is 3. It must be a text.'],
  ])('tells what is wrong: %#', (patch, problem) => {
    expect(() => parsed(patch)).toThrow(problem);
  });
});
