import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizesFromText, sizesToText } from './amounts.ts';
import { caseKey, casesOf, inOrder, isModelOp, shuffledGroups } from './cases.ts';
import { DEFAULT_OPTIONS, defaultsOf, problemWithOptions, QUARTER_LLAMA, SUITES } from './options.ts';
import { type Flags, optionsFromQuery, optionsToQuery, parseOptions } from './parseOptions.ts';
import { anyOptions } from './testing/arbitrary.ts';

describe('flags', () => {
  it('are the defaults where there are none, which depend on the suites', () => {
    expect(parseOptions({})).toEqual(DEFAULT_OPTIONS);
    expect(parseOptions({ suite: 'all' })).toEqual(defaultsOf(SUITES));
    expect(defaultsOf(['collectives'])).toEqual(DEFAULT_OPTIONS);
  });

  it('take one seed and no more', () => {
    expect(() => parseOptions({ seed: '1,2' })).toThrow('“1,2” is no seed. Use one whole number.');
  });

  it('put every case where it was asked for', () => {
    const flags = { suite: 'all', device: 'cpu', ranks: '1,2' };
    const places = (placement: string) =>
      new Set(casesOf(parseOptions({ ...flags, placement })).map((one) => one.placement));
    expect([...places('one-device')]).toEqual(['one-device']);
    expect([...places('worker')]).toEqual(['worker']);
    const gemm = casesOf(parseOptions({ ...flags, suite: 'gemm', placement: 'worker,one-device' }));
    expect(gemm.map(({ placement }) => placement)).toEqual(['worker', 'worker']); // alone on its device either way
  });

  it('are read as they are typed', () => {
    const options = parseOptions({
      suite: 'layers, collectives',
      ops: 'all_reduce,mlp',
      ranks: '1,2',
      device: 'cpu',
      ...{
        placement: 'worker,one-device',
        algorithms: 'ring',
        sizes: '4 KiB,1KiB:4KiB',
        shapes: '64x2048x8192,1×2×3',
      },
      ...{
        model: 'llama-3.2-1b/4',
        tokens: '16',
        past: '0,128',
        blocks: '1, 4',
        checkpoints: 'stories, https://models.example/one',
        kernels: 'tiles',
        weights: 'f32,bf16',
        budget: '0.57s',
        seed: '7',
      },
    });
    expect(options).toEqual({
      suites: ['layers', 'collectives'],
      ops: ['all_reduce', 'mlp'],
      ranks: [1, 2],
      devices: ['cpu'],
      placements: ['worker', 'one-device'],
      algorithms: ['ring'],
      sizes: [4096, 1024, 2048],
      shapes: [
        { m: 64, k: 2048, n: 8192 },
        { m: 1, k: 2, n: 3 },
      ],
      model: QUARTER_LLAMA,
      passes: [
        { m: 16, past: 0 },
        { m: 16, past: 128 },
      ],
      blocks: [1, 4],
      checkpoints: ['stories', 'https://models.example/one'],
      variants: ['tiles-64'],
      weights: ['f32', 'bf16'],
      budgetMs: 570,
      seed: 7,
    });
    expect(parseOptions({ past: '64' }).passes).toEqual([{ m: 1, past: 64 }]);
    expect(parseOptions({ tokens: '64' }).passes).toEqual([{ m: 64, past: 0 }]);
    expect(parseOptions({ model: 'qwen2.5-0.5b/2' }).model).toEqual({
      hidden: 448,
      intermediate: 2432,
      heads: 7,
      kvHeads: 1,
      headDim: 64,
      vocab: 75_968,
    });
  });

  it.each<[flags: Flags, problem: string]>([
    [{ suite: 'nope' }, '“nope” is no suite. Use collectives, layers, gemm, model.'],
    [{ suite: '' }, 'Choose at least one suite.'],
    [{ ops: 'allreduce' }, '“allreduce” is no operation. Use all_reduce, '],
    [{ ranks: '2,x' }, '“x” is no whole number. Use one, or several with commas: 1,2,4.'],
    [{ ranks: '9' }, 'A number of ranks is 9. It must be a whole number from 1 to 8.'],
    [{ device: 'gpu' }, '“gpu” is no device. Use webgpu, cpu.'],
    [{ sizes: '4KB' }, '“4KB” is no size. Use bytes, KiB or MiB, as 4KiB.'],
    [{ sizes: '6' }, 'A size is 6 bytes, which is no whole number of float32 elements.'],
    [{ sizes: '1MiB:1KiB' }, '“1MiB:1KiB” is no range of sizes.'],
    [{ sizes: '0:1KiB' }, '“0:1KiB” is no range of sizes.'],
    [{ sizes: '1KiB:1MiB:1' }, '“1KiB:1MiB:1” is no range of sizes.'],
    [{ sizes: '1GiB' }, 'A size in bytes is 1073741824.'],
    [{ shapes: '64x2048' }, '“64x2048” is no shape.'],
    [{ shapes: '4096x65536x4096' }, '4096×65536×4096 is too large: at most 68.7 GFLOP'],
    [{ model: 'gpt-2' }, '“gpt-2” is no model. Use llama-3.2-1b, llama-3-70b, qwen2.5-0.5b'],
    [{ model: 'llama-3.2-1b/16' }, 'llama-3.2-1b cannot be divided by “16”, only by 1, 2, 4, 8'],
    [{ model: 'deepseek-v3' }, '“deepseek-v3” is no model.'],
    [{ model: 'hidden=8' }, 'intermediate is missing. Give hidden, '],
    [
      { suite: 'layers', model: 'llama-3-70b' },
      'The model is too large: its largest weight has 1002 Mi elements',
    ],
    [{ budget: '2' }, '“2” is no time for a case. Use seconds or milliseconds: 2s, 200ms.'],
    [{ budget: '2ms' }, 'The budget is 2 ms a case. It must be from 10 ms to 60 s.'],
    [{ ranks: '1' }, 'Collectives need 2 ranks or more'],
    [{ ops: 'mlp' }, 'No case is left of mlp in collectives.'],
    [
      { suite: 'gemm', kernels: 'few-rows', shapes: '64x64x64', device: 'webgpu' },
      'few-rows takes products of at most 4 rows.',
    ],
    [{ blocks: '0' }, 'A number of blocks is 0. It must be a whole number from 1 to 64.'],
    [{ blocks: 'two' }, '“two” is no whole number.'],
    [
      { suite: 'layers', ops: 'mlp', blocks: '8,4', ranks: '1', device: 'cpu' },
      'Nothing can be cut into 8 or 4 blocks: that takes as many rows, and 2 ranks or more',
    ],
    [{ seed: '-1' }, '“-1” is no whole number.'],
    [{ checkpoints: 'https://a.example/x,https://b.example/x/resolve/main/' }, 'Two models are called “x”.'],
    [{ suite: 'model', checkpoints: ' ' }, 'Choose at least one model.'],
  ])('tells what is wrong with %o', (flags, problem) => {
    expect(() => parseOptions(flags)).toThrow(problem);
  });
});

describe('the query', () => {
  it('is empty for the default, and short for what is near it', () => {
    expect(optionsToQuery(DEFAULT_OPTIONS).toString()).toBe('');
    const few = { ...defaultsOf(SUITES), sizes: [4096, 8192, 16_384, 32_768], devices: ['cpu'] as const };
    expect(decodeURIComponent(optionsToQuery(few).toString())).toBe('suite=all&device=cpu&sizes=4KiB:32KiB');
  });

  it('reads back equal', () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        expect(problemWithOptions(options)).toBeNull();
        expect(optionsFromQuery(optionsToQuery(options))).toEqual(options);
      }),
    );
  });

  it('has sizes as a range where they are one', () => {
    expect(sizesToText([1024, 4096, 16_384, 65_536])).toBe('1KiB:64KiB:4');
    expect(sizesToText([12, 24, 48])).toBe('12,24,48');
    expect(sizesFromText('1KiB:5KiB')).toEqual([1024, 2048, 4096]);
  });
});

it('has each case once, however often it was asked for', () => {
  const layers = { suite: 'layers', device: 'cpu', ranks: '2,2', shapes: '4x4x4,4x4x4' };
  const cases = casesOf(parseOptions({ ...layers, tokens: '1,1,1', past: '0,128,1024' }));
  expect(new Set(cases.map(caseKey)).size).toBe(cases.length);
  expect(cases.filter(({ op }) => op === 'mlp')).toHaveLength(1); // whose shape knows no past
  expect(cases.filter(({ op }) => op === 'attention')).toHaveLength(3);
});

it('has what sums a row split in blocks of rows, on several ranks and of as many rows', () => {
  const layers = { suite: 'layers', device: 'cpu', ranks: '1,2', shapes: '3x8x8', tokens: '16', past: '0' };
  const found = casesOf(parseOptions({ ...layers, blocks: '1,2,4' })).map(
    ({ op, worldSize, shape }) => `${op} on ${worldSize}${'blocks' in shape ? `, ${shape['blocks']}` : ''}`,
  );
  const others = ['attention', 'embedding', 'block'];
  expect(found).toEqual([
    ...['column_linear', 'row_linear', 'mlp', ...others].map((op) => `${op} on 1`),
    ...['column_linear on 2', 'row_linear on 2', 'row_linear on 2, 2'],
    ...['mlp on 2', 'mlp on 2, 2', 'mlp on 2, 4'],
    ...others.map((op) => `${op} on 2`),
  ]);
});

it('has passes of each whole model, whose ranks run nothing else', () => {
  const cases = casesOf(parseOptions({ suite: 'model', device: 'cpu', ranks: '1,2' }));
  expect(
    cases.map(({ op, shape, worldSize }) => `${op} ${shape['m']}+${shape['past']} on ${worldSize}`),
  ).toEqual(
    [1, 2].flatMap((ranks) => [
      ...[16, 128, 512].map((m) => `prefill ${m}+0 on ${ranks}`),
      `decode 1+128 on ${ranks}`,
    ]),
  );
  const all = { suite: 'all', device: 'cpu', ranks: '2', checkpoints: 'stories,https://a.example/b/one' };
  const groups = shuffledGroups(casesOf(parseOptions(all)), 3);
  const models = groups.map((group) => [
    ...new Set(group.map(({ op, variant }) => (isModelOp(op) ? variant : ''))),
  ]);
  expect(models.toSorted()).toEqual([[''], [''], ['one'], ['stories']]); // products are of one rank
});

it('puts shuffled results into the order of the options', () => {
  const options = parseOptions({ suite: 'all', sizes: '4KiB,64KiB' });
  const cases = casesOf(options);
  const shuffled = shuffledGroups(cases, 5).flat();
  expect(shuffled).not.toEqual(cases);
  expect(inOrder(shuffled, options)).toEqual(cases);
  expect(inOrder(shuffled.slice(3), options)).toHaveLength(cases.length - 3);
});
