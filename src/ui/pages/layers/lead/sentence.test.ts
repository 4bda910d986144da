import { expect, it } from 'vitest';
import { DEFAULT_PARAMS, LAYER_CHOICES, type LayerParams, presetsFor } from '#lab/layers/params.ts';
import { specOf } from '#lab/layers/spec.ts';
import { planLayer } from '#program/planOf.ts';
import { sentenceOf } from './sentence.ts';

function say(patch: Partial<LayerParams>): { title: string; body: string } {
  const params = { ...DEFAULT_PARAMS, ...patch };
  const { spec } = specOf(params);
  const pass = { tokens: params.tokens, past: params.past };
  const { title, body } = sentenceOf(spec, planLayer(spec, params.ranks, pass), params);
  return {
    title,
    body: body.map((phrase) => (typeof phrase === 'string' ? phrase : phrase.strong)).join(''),
  };
}

it('names the shares of each rank', () => {
  const sizes = { heads: 32, kvHeads: 8 };
  expect(say({ sizes })).toEqual({
    title: 'Attention on 4 ranks: heads are cut, one all-reduce',
    body:
      'Each rank owns 8 query heads and 2 key/value heads, computes them alone, and multiplies by its rows of Wo. ' +
      'Only that last product has to be summed.',
  });
});

it('says plainly what is uneven, copied or idle', () => {
  const qwen = { preset: 'qwen2.5-0.5b', sizes: { heads: 14, kvHeads: 2 } } as const;
  expect(say({ ...qwen, ranks: 3 }).body).toMatch(
    /7 or 0 query heads and 1 or 0 key\/value heads.*One rank has no head and only takes part in the sum\.$/,
  );
  expect(say({ ...qwen, ranks: 4 }).body).toMatch(
    /4 or 3 query heads and 1 key\/value head,.*so each is held by two of them\.$/,
  );
  expect(say({ layer: 'mlp', ranks: 3, sizes: { intermediate: 256 } }).body).toContain(
    '86 or 85 of 256 columns of gate and up',
  );
});

it('says what the cache holds, where there is one', () => {
  expect(say({ tokens: 1, past: 32 }).body).toMatch(
    /holds 32 tokens: the one new token looks back at 33 tokens, itself/,
  );
  expect(say({ tokens: 4, past: 32 }).body).toMatch(/the last of the 4 new ones looks back at 36 tokens/);
  expect(say({ layer: 'mlp', tokens: 1, past: 32 }).body).not.toContain('cache');
});

it('tells padding from entries', () => {
  const sizes = { vocab: 250, padTo: 64 };
  expect(say({ layer: 'head', sizes }).body).toMatch(/64 of 256 entries.*The last 6 columns are padding/);
  expect(say({ layer: 'embedding', sizes: { vocab: 250 }, ranks: 4 }).body).toMatch(
    /63 or 62 of 250 entries/,
  );
});

it('counts the choices that each rank serves', () => {
  const { body } = say({ layer: 'moe', preset: 'mixtral-8x7b', tokens: 16, ranks: 2 });
  expect(body).toContain('4 of 8 experts');
  expect(body).toContain('16 and 16 of 32 choices');
});

it('has a sentence for every layer of every model on any number of ranks', () => {
  const counts = ['', 'one', 'two', 'three'];
  for (const { id } of LAYER_CHOICES) {
    for (const { id: preset } of presetsFor(id)) {
      for (let ranks = 1; ranks <= 8; ranks++) {
        const { title, body } = say({ layer: id, preset, ranks });
        expect(title).toContain(ranks === 1 ? 'nothing moves' : `on ${ranks} ranks`);
        if (ranks > 1)
          expect(counts.some((count) => count !== '' && title.includes(`, ${count} `))).toBe(true);
        expect(body).toMatch(/^(Each|One) rank .*\.$/);
        expect(body).not.toMatch(/undefined|NaN|\s\s/);
      }
    }
  }
});
