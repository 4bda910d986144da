import { useId } from 'react';
import { BENCH_MODELS, modelFromText, modelToText } from '#bench/models.ts';
import type { BenchOptions, ModelShape } from '#bench/options.ts';
import { presets } from '#models/presets.ts';
import fields from '#ui/components/fields.module.css';
import { Select } from '#ui/components/Select.tsx';
import { formatShape } from '#ui/format.ts';
import { useBench } from '../useBench.ts';
import css from './controls.module.css';

const DIVISORS = [1, 2, 4, 7, 8];

/** Whose layers, at which part of their width; products are those of its MLP. */
export function LayerSizes() {
  const id = useId();
  const model = useBench((state) => state.options.model);
  const shapes = useBench((state) => state.options.shapes);
  const change = useBench((state) => state.change);
  const text = modelToText(model);
  const [name = '', divisor = '1'] = text.split('/');
  const known = BENCH_MODELS.has(name);
  const choose = (next: string) => {
    const chosen = modelFromText(next);
    change({ model: chosen, shapes: shapesOf(chosen, shapes[0]?.m ?? 16) });
  };
  return (
    <div className={fields['above']}>
      <label htmlFor={id}>Layers of</label>
      <div className={css['model']}>
        <Select
          id={id}
          value={known ? name : ''}
          options={[
            ...(known ? [] : [{ value: '', label: 'sizes of the link' }]),
            ...[...BENCH_MODELS.keys()].map((key) => ({
              value: key,
              label: presets.find((preset) => preset.id === key)?.label ?? key,
            })),
          ]}
          onChange={(next) => choose(smallest(next))}
        />
        {known && (
          <Select
            label="Part of its width"
            value={divisor}
            options={partsOf(name, divisor).map((part) => ({
              value: part,
              label: part === '1' ? 'full width' : `1/${part} of the width`,
            }))}
            onChange={(part) => choose(withPart(name, part))}
          />
        )}
      </div>
      <p className={`num ${fields['field-note']}`}>
        {formatShape(model.hidden, model.intermediate)}, {model.heads} heads
      </p>
    </div>
  );
}

/** Up and down of the MLP. */
function shapesOf({ hidden, intermediate }: ModelShape, m: number): BenchOptions['shapes'] {
  return [
    { m, k: hidden, n: intermediate },
    { m, k: intermediate, n: hidden },
  ];
}

function withPart(name: string, part: string): string {
  return part === '1' ? name : `${name}/${part}`;
}

/** Those of the usual ones that leave heads whole, and the one that is chosen. */
function partsOf(name: string, chosen: string): string[] {
  const usual = DIVISORS.map(String).filter((part) => part === chosen || canDivide(name, part));
  return usual.includes(chosen) ? usual : [...usual, chosen];
}

function canDivide(name: string, part: string): boolean {
  try {
    modelFromText(withPart(name, part));
    return true;
  } catch {
    return false;
  }
}

/** A page runs a large model's layers only in part: the smallest part on offer. */
function smallest(name: string): string {
  return withPart(name, DIVISORS.map(String).findLast((part) => canDivide(name, part)) ?? '1');
}
