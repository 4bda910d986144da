import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '../checkpoint/safetensors.ts';
import type { RopeConfig, YarnScaling } from './configs.ts';
import { attentionScaling, inverseFrequencies, ropeTable } from './rope.ts';

interface RopeCase {
  readonly name: string;
  readonly config: { readonly dim: number; readonly rope: RopeConfig };
}

const file = new URL('../../tests/golden/rope.safetensors', import.meta.url);
const golden = parseSafetensors(new Uint8Array(readFileSync(file)).buffer);
const cases: RopeCase[] = JSON.parse(golden.metadata['cases'] ?? '[]');

const yarn: YarnScaling = {
  kind: 'yarn',
  factor: 40,
  betaFast: 32,
  betaSlow: 1,
  originalPositions: 4096,
  mscale: 1,
};

describe('inverseFrequencies', () => {
  it.each(cases)('$name, as PyTorch has them', ({ name, config }) => {
    const expected = golden.float32(`${name.split(' ')[0]}.y`);
    const actual = inverseFrequencies(config.rope, config.dim);
    expect(actual).toHaveLength(config.dim / 2);
    for (const [i, frequency] of actual.entries()) {
      expect(Math.abs(frequency / (expected[i] as number) - 1)).toBeLessThan(1e-6);
    }
  });

  it('covers every kind of scaling', () => {
    expect(new Set(cases.map(({ config }) => config.rope.scaling?.kind))).toEqual(
      new Set([undefined, 'llama3', 'yarn']),
    );
  });

  it('yarn keeps the pairs that turn often, and stretches those that turn seldom', () => {
    const plain = inverseFrequencies({ theta: 10_000 }, 64);
    const scaled = inverseFrequencies({ theta: 10_000, scaling: yarn }, 64);
    expect(scaled[0]).toBe(plain[0]);
    expect(scaled[31]).toBeCloseTo((plain[31] as number) / 40, 12);
  });
});

describe('ropeTable', () => {
  it('has cosines, then sines, of position · frequency', () => {
    // θ = 100 and four columns: frequencies 1 and 1/10.
    const table = ropeTable({ theta: 100 }, 4, 3);
    const row = (position: number) => [
      ...[Math.cos(position), Math.cos(position / 10), Math.sin(position), Math.sin(position / 10)],
    ];
    expect([...table]).toEqual([0, 1, 2].flatMap(row).map(Math.fround));
  });
});

describe('attentionScaling', () => {
  it('is 1 but for YaRN', () => {
    expect(attentionScaling({ theta: 10_000 })).toBe(1);
    // DeepSeek-V3: 0.1 · ln 40 + 1 = 1.3689, squared.
    expect(attentionScaling({ theta: 10_000, scaling: yarn })).toBeCloseTo(1.36888794541 ** 2, 9);
    expect(attentionScaling({ theta: 10_000, scaling: { ...yarn, mscale: 0 } })).toBe(1);
  });
});
