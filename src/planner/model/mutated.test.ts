import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { type Draw, faultsOf, mutateText, mutateValue } from '../../numerics/testing/mutate.ts';
import { countModel } from './countModel.ts';
import { activeParametersOf, checkpointBytesOf, parametersOf } from './parts.ts';

const CONFIGS = new URL('../../../tests/cases/configs/', import.meta.url);
const texts = readdirSync(CONFIGS).map((file) => readFileSync(new URL(file, CONFIGS), 'utf8'));

function damage(draw: Draw): string {
  const text = draw.of(texts);
  return draw.below(6) === 0 ? mutateText(text, draw) : JSON.stringify(mutateValue(JSON.parse(text), draw));
}

it('a damaged config.json is counted, in numbers, or refused in a sentence', () => {
  const { faults, taken } = faultsOf(
    4000,
    damage,
    (text) => {
      const model = countModel(text);
      const counts = [parametersOf(model), activeParametersOf(model), checkpointBytesOf(model)];
      return counts
        .filter((count) => !(Number.isFinite(count) && count > 0))
        .map((count) => `counts ${count}`);
    },
    (thrown) => thrown instanceof LabError && /^\S.*\.$/s.test(thrown.message),
  );
  expect(faults).toEqual([]);
  expect(taken).toBeGreaterThan(400);
});
