import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../program/split.ts';
import type { DeviceChoice } from '../../protocol.ts';
import { RANKS } from '../parameters.ts';
import { splitExperiment } from './experiment.ts';
import { DEFAULT_PARAMS, PRESETS, problemWith, type SplitParams } from './params.ts';

const { fromQuery, toQuery } = splitExperiment;

const anyParams = fc.record({
  split: fc.constantFrom<Split>('none', 'column', 'row', 'pair'),
  ranks: fc.integer(),
  m: fc.integer(),
  k: fc.integer(),
  n: fc.integer(),
  bias: fc.boolean(),
  biasOnEveryRank: fc.boolean(),
  gatherOutput: fc.boolean(),
  device: fc.constantFrom<DeviceChoice>('auto', 'webgpu', 'cpu'),
  seed: fc.nat(),
  stored: fc.boolean(),
}) satisfies fc.Arbitrary<SplitParams>;

describe('the query', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(anyParams, (params) => {
        expect(fromQuery(new URLSearchParams(toQuery(params).toString()))).toEqual(params);
      }),
    );
  });

  it('is empty for the defaults, and ignores what it does not know', () => {
    expect(toQuery(DEFAULT_PARAMS).toString()).toBe('');
    expect(fromQuery(new URLSearchParams('colour=red'))).toEqual(DEFAULT_PARAMS);
  });
});

describe('problemWith', () => {
  it('finds none with the defaults and the presets', () => {
    for (const preset of PRESETS) expect(problemWith({ ...DEFAULT_PARAMS, ...preset.params })).toBeNull();
    expect(problemWith(DEFAULT_PARAMS)).toBeNull();
  });

  it('lets every preset run on any number of ranks, however it is split', () => {
    for (const preset of PRESETS) {
      for (const split of ['none', 'column', 'row', 'pair'] as const) {
        for (let ranks = 1; ranks <= RANKS.max; ranks++) {
          const params = { ...DEFAULT_PARAMS, ...preset.params, split, ranks };
          expect(problemWith(params), `${preset.id}, ${split} on ${ranks}`).toBeNull();
        }
      }
    }
  });

  it.each([
    ['ranks=0', /^The number of ranks is 0\. It must be a whole number from 1 to 8\.$/],
    ['ranks=9', /ranks is 9\./],
    ['ranks=2.5', /ranks is 2\.5\./],
    ['ranks=abc', /ranks is not a number\./],
    ['bias=yes', /^“Bias” is “yes”\. It must be 1 or 0\.$/],
    ['bias=toString', /^“Bias” is “toString”\. It must be 1 or 0\.$/],
    ['stored=__proto__', /^“Stored weight” is “__proto__”/],
    ['split=constructor', /^“constructor” is no split/],
    ['m=banana', /^M is not a number\. It must be a whole number/],
    ['k=', /^K is not a number/],
    ['n=-3', /^N is −3/],
    ['split=diagonal', /^“diagonal” is no split\. Use column, row, pair or none\.$/],
    ['device=tpu', /^“tpu” is no device/],
    ['seed=-1', /^The seed is −1/],
    ['m=4096&k=32768&n=1', /largest matrix would have 134 million/],
    [
      'split=none&ranks=8&m=1&k=8192&n=8192',
      /^The 8 ranks would hold 537 million numbers together, .* at most 150 million\. Without a split each rank holds all of it: take fewer ranks/,
    ],
    ['split=row&ranks=8&m=8192&k=1&n=8192', /^The 8 ranks would hold 537 million numbers together/],
    ['split=column&ranks=8&m=8192&k=1&n=8192', /^The 8 ranks would hold 604 million numbers together/],
    ['m=1024&k=2048&n=8192', /^M·K·N is 17,180 million .* M can be up to 128\.$/],
  ])('says what is wrong with %s', (query, sentence) => {
    expect(problemWith(fromQuery(new URLSearchParams(query)))).toMatch(sentence);
  });
});
