import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { type Draw, faultsOf, mutateValue } from '../../numerics/testing/mutate.ts';
import { countModel } from '../model/countModel.ts';
import { shareOf } from '../model/share.ts';
import { verdictsOf } from './verdicts.ts';

const CONFIGS = new URL('../../../tests/cases/configs/', import.meta.url);
const texts = readdirSync(CONFIGS).map((file) => readFileSync(new URL(file, CONFIGS), 'utf8'));

/** Most damage leaves a model as it was, which was judged before. */
const judged = new Set<string>();

function damage(draw: Draw): string {
  return JSON.stringify(mutateValue(mutateValue(JSON.parse(draw.of(texts)), draw), draw));
}

it('judges what a damaged config.json is taken for, in whole sentences and numbers', () => {
  const { faults, taken } = faultsOf(
    2000,
    damage,
    (text) => {
      const model = countModel(text);
      const key = JSON.stringify(model);
      if (judged.has(key)) return [];
      judged.add(key);
      const p = judged.size % 2 === 0 ? 8 : 3;
      const words = Object.values(verdictsOf(model, p)).flatMap(({ reasons, ways }) => [...reasons, ...ways]);
      const { weightBytes, cacheBytesPerToken, wireBytes } = shareOf(model, p);
      const figures = [...weightBytes, ...cacheBytesPerToken, wireBytes];
      return [
        ...words.filter((one) => one === '' || /undefined|NaN|Infinity|\[object|\.$/.test(one)),
        ...figures.filter((figure) => !(Number.isFinite(figure) && figure >= 0)).map(String),
      ];
    },
    (thrown) => thrown instanceof LabError,
  );
  expect(faults).toEqual([]);
  expect(taken).toBeGreaterThan(100);
  expect(judged.size).toBeGreaterThan(50);
});
