import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presets } from '../../models/presets.ts';
import type { FieldValue } from '../../program/definition.ts';
import { costOf } from '../../program/plan.ts';
import { planLayer } from '../../program/planOf.ts';
import type { DeviceChoice } from '../../protocol.ts';
import { DEFAULT_PARAMS, LAYER_CHOICES, type LayerParams, presetsFor } from './params.ts';
import { problemWith } from './problem.ts';
import { fromQuery, toQuery } from './query.ts';
import { fieldsOf, normalize, specOf } from './spec.ts';

const of = (query: string): LayerParams => fromQuery(new URLSearchParams(query));

/** Any layer of any model that has it, with fields changed to values of their kind, in range or not. */
const anyParams: fc.Arbitrary<LayerParams> = fc
  .constantFrom(
    ...LAYER_CHOICES.flatMap(({ id }) => presetsFor(id).map((preset) => [id, preset.id] as const)),
  )
  .chain(([layer, preset]) => {
    const values = fieldsOf({ ...DEFAULT_PARAMS, layer, preset }).map((field) => {
      const others: fc.Arbitrary<FieldValue> =
        field.kind === 'size'
          ? fc.integer()
          : field.kind === 'switch'
            ? fc.constant(!field.value)
            : fc.constantFrom(...field.options.map(({ value }) => value));
      return others.filter((value) => value !== field.value).map((value) => [field.path, value] as const);
    });
    return fc.record({
      layer: fc.constant(layer),
      preset: fc.constant(preset),
      ranks: fc.integer(),
      tokens: fc.integer(),
      past: fc.integer(),
      device: fc.constantFrom<DeviceChoice>('auto', 'webgpu', 'cpu'),
      seed: fc.nat(),
      sizes: fc
        .tuple(...values)
        .chain((entries) => fc.subarray(entries))
        .map((entries) => Object.fromEntries(entries)),
    });
  });

describe('the layers there are', () => {
  it('are legal on 1 … 8 ranks, and have a plan', () => {
    for (const { id: layer } of LAYER_CHOICES) {
      for (const { id: preset } of presetsFor(layer)) {
        for (let ranks = 1; ranks <= 8; ranks++) {
          const params = { ...DEFAULT_PARAMS, layer, preset, ranks };
          expect(problemWith(params), `${layer} of ${preset} on ${ranks}`).toBeNull();
          const plan = planLayer(specOf(params).spec, ranks, params);
          expect(costOf(plan, 0).flops + costOf(plan, 0).activationBytes).toBeGreaterThan(0);
        }
      }
    }
  });

  it('are those of the models', () => {
    const models = (layer: LayerParams['layer']): string[] => presetsFor(layer).map(({ id }) => id);
    expect(models('head')).toEqual(presets.map(({ id }) => id));
    expect(models('mla')).toEqual(['deepseek-v3']);
    expect(models('moe')).toEqual(['mixtral-8x7b', 'deepseek-v3']);
    expect(models('attention')).not.toContain('deepseek-v3');
  });
});

describe('specOf', () => {
  it('scales the layer down and applies what was changed', () => {
    const { spec, scaled, full } = specOf(of('layer=block&s.hidden=32&s.attention.qkNorm=1'));
    if (spec.layer !== 'block' || full.layer !== 'block') throw new Error('it is a block');
    expect([spec.config.attention.hidden, spec.config.mlp.hidden]).toEqual([32, 32]);
    expect(spec.config.attention).toMatchObject({ qkNorm: true });
    expect(scaled.divisor).toBeGreaterThan(1);
    expect(full.config.attention).toMatchObject({ hidden: 2048, qkNorm: true });
  });

  it('switches RoPE off, pads the vocabulary and makes a block sequence-parallel', () => {
    expect(specOf(of('s.rope=0')).spec.config).toMatchObject({ rope: null });
    expect(specOf(of('layer=head&s.padTo=64')).spec.config).toMatchObject({ padTo: 64 });
    expect(specOf(of('layer=block-sp')).spec.config).toMatchObject({ sequenceParallel: true });
    expect(specOf(of('layer=block')).spec.config).toMatchObject({ sequenceParallel: false });
  });
});

describe('fieldsOf', () => {
  const field = (query: string, path: string) => fieldsOf(of(query)).find((one) => one.path === path);

  it('says what is and what was changed', () => {
    expect(field('s.heads=8&s.kvHeads=8', 'heads')).toMatchObject({ kind: 'size', value: 8, changed: true });
    expect(field('', 'qkNorm')).toMatchObject({ kind: 'switch', value: false, changed: false });
    expect(field('', 'rope')).toMatchObject({ value: true, changed: false });
    expect(field('layer=head', 'padTo')).toMatchObject({ kind: 'choice', value: 1 });
    expect(field('layer=block', 'mlp.intermediate')).toMatchObject({ part: 'mlp' });
    expect(field('layer=block', 'norm')).toMatchObject({ value: 'rms', changed: false, part: null });
    expect(field('layer=block&s.norm=layer', 'norm')).toMatchObject({ value: 'layer', changed: true });
  });

  it('leaves out what would mean nothing', () => {
    expect(field('layer=mlp', 'merged')).toBeDefined();
    expect(field('layer=mlp&s.activation=gelu', 'merged')).toBeUndefined();
    expect(field('layer=moe&preset=deepseek-v3', 'reduce')).toBeDefined();
    expect(field('layer=moe&preset=deepseek-v3&s.sharedExperts=0', 'reduce')).toBeUndefined();
    expect(field('layer=block-sp&preset=deepseek-v3', 'mlp.reduce')).toBeUndefined();
  });

  it('has the values of every layer within what it allows', () => {
    for (const { id: layer } of LAYER_CHOICES) {
      for (const { id: preset } of presetsFor(layer)) {
        for (const one of fieldsOf({ ...DEFAULT_PARAMS, layer, preset })) {
          expect(one.changed).toBe(false);
          if (one.kind === 'choice') expect(one.options.map(({ value }) => value)).toContain(one.value);
          if (one.kind !== 'size') continue;
          expect(one.value, `${one.path} of ${layer}`).toBeGreaterThanOrEqual(one.min);
          expect(one.value, `${one.path} of ${layer}`).toBeLessThanOrEqual(one.max);
          expect(one.value % one.step).toBe(0);
        }
      }
    }
  });
});

describe('normalize', () => {
  it('finds a model that has the layer, and drops the fields that it has not', () => {
    const before = of('s.heads=4&s.kvHeads=2&tokens=3');
    const after = normalize({ ...before, layer: 'mla' });
    expect(after).toMatchObject({ preset: 'deepseek-v3', sizes: { heads: 4 }, tokens: 3 });
    expect(after.sizes).not.toHaveProperty('kvHeads');
    expect(problemWith(after)).toBeNull();
    expect(normalize({ ...before, layer: 'mlp' })).toMatchObject({ preset: before.preset, sizes: {} });
    expect(normalize(before)).toEqual(before);
  });
});

describe('the query', () => {
  it('reads back what was written', () => {
    fc.assert(
      fc.property(anyParams, (params) => {
        expect(of(toQuery(params).toString())).toEqual(params);
      }),
    );
  });

  it('is empty for the defaults, and ignores what it does not know', () => {
    expect(toQuery(DEFAULT_PARAMS).toString()).toBe('');
    expect(of('colour=red')).toEqual(DEFAULT_PARAMS);
    expect(toQuery(of('layer=mla')).toString()).toBe('layer=mla');
    expect(of('layer=mla').preset).toBe('deepseek-v3');
    const hidden = fieldsOf(DEFAULT_PARAMS).find(({ path }) => path === 'hidden')?.value;
    expect(of(`s.hidden=${hidden}`)).toEqual(DEFAULT_PARAMS);
  });
});

describe('a link from before', () => {
  it.each([
    ['layer=pair&s.bias=1', 'layer=linear-pair&s.bias=1'],
    ['layer=loss&preset=deepseek-v3&s.padTo=16', 'layer=cross-entropy&preset=deepseek-v3&s.padTo=16'],
    ['layer=block-sp&ranks=3', 'layer=block-sp&ranks=3'],
  ])('%s opens the same as %s', (before, now) => {
    expect(problemWith(of(before))).toBeNull();
    expect(of(before)).toEqual(of(now));
    expect(specOf(of(before))).toEqual(specOf(of(now)));
    expect([...toQuery(of(before))].sort()).toEqual([...new URLSearchParams(now)].sort());
  });

  it('opens a block with sequence parallelism as that', () => {
    const { spec } = specOf(of('layer=block-sp'));
    expect(spec).toMatchObject({ layer: 'block', config: { sequenceParallel: true } });
  });
});

describe('problemWith', () => {
  it.each([
    ['layer=conv', /^“conv” is no layer\. Use linear-pair, embedding, .* or [a-z-]+\.$/],
    ['layer=toString', /^“toString” is no layer\. Use linear-pair, /],
    ['layer=constructor', /^“constructor” is no layer/],
    ['layer=__proto__', /^“__proto__” is no layer/],
    ['preset=constructor', /^“constructor” is no model here/],
    ['s.toString=1', /^This layer has no “toString”/],
    ['s.__proto__=1', /^This layer has no “__proto__”/],
    ['s.qkNorm=toString', /^“Norm of q and k” is “toString”\. It must be 1 or 0\.$/],
    ['preset=gpt-5', /^“gpt-5” is no model here\. Use llama-3\.2-1b, /],
    [
      'layer=moe&preset=llama-3-70b',
      /^Llama 3 70B has no layer “Mixture of experts”\. Choose Mixtral 8x7B or/,
    ],
    ['device=tpu', /^“tpu” is no device/],
    ['ranks=0', /^The number of ranks is 0\. It must be a whole number from 1 to 8\.$/],
    ['ranks=2.5', /ranks is 2\.5/],
    ['tokens=513', /tokens is 513\. It must be a whole number from 1 to 512/],
    ['past=-1', /earlier tokens is −1\. .* from 0 to 2,048/],
    ['seed=', /^The seed is not a number/],
    ['s.colour=red', /^This layer has no “colour”\. It has hidden, heads, .* and qkNorm\.$/],
    ['s.heads=0', /^“Query heads” is 0\. It must be a whole number from 1 to 64\.$/],
    ['s.qkNorm=maybe', /^“Norm of q and k” is “maybe”\. It must be 1 or 0\.$/],
    ['layer=mlp&s.activation=relu', /^“Activation” is “relu”\. Use swiglu, gelu or gelu-tanh\.$/],
    ['layer=mla&s.ropeDim=3', /is 3\. It must be a multiple of 2 from 2 to 128/],
    [
      's.heads=10&s.kvHeads=4',
      /^4 key\/value heads do not divide 10 query heads\. With 10 heads, 2 would do\.$/,
    ],
    ['s.headDim=5', /^RoPE turns pairs of columns, and a head has 5\. Take 6, or/],
    ['layer=moe&s.experts=7&s.groups=2', /^7 experts cannot be in 2 equal groups\. Take 1\.$/],
    ['layer=moe&s.experts=2&s.topK=3', /^A token cannot choose 3 experts of 2\. Take 2 or fewer\.$/],
    ['layer=moe&s.groups=2&s.topGroups=3', /^A token cannot choose 3 groups of 2/],
    ['layer=block&s.attention.kvHeads=3', /key\/value heads do not divide/],
    [
      'layer=mlp&s.hidden=512&s.intermediate=2048&tokens=512',
      /^The layer would take 3,\d\d\d million FLOPs.* Take 128 tokens/,
    ],
    ['past=2048', /^The layer would take 1,\d\d\d million FLOPs.* Take \d+ tokens, earlier ones counted/],
  ])('says what is wrong with %s', (query, sentence) => {
    expect(problemWith(of(query))).toMatch(sentence);
  });

  it.each(['past=1024', 'tokens=512&s.heads=64&s.kvHeads=64'])(
    'finds none where attention is most of it: %s',
    (query) => {
      expect(problemWith(of(query))).toBeNull();
    },
  );

  it('finds none where heads are odd without RoPE', () => {
    expect(problemWith(of('s.headDim=5&s.rope=0'))).toBeNull();
  });
});
