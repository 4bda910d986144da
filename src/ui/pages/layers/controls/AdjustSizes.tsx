import { fieldsOf, type LayerField } from '#lab/layers/spec.ts';
import type { FieldValue } from '#program/definition.ts';
import { Fold } from '#ui/components/Fold.tsx';
import { counted } from '#ui/components/words.ts';
import { useLayers } from '../useLayers.ts';
import css from './controls.module.css';
import { SpecField } from './SpecField.tsx';

const PARTS: readonly { readonly part: LayerField['part']; readonly title: string }[] = [
  { part: null, title: '' },
  { part: 'attention', title: 'Attention' },
  { part: 'mlp', title: 'MLP' },
];

/** The layer's own sizes and switches. What was changed by hand can be put back, one by one or all at once. */
export function AdjustSizes() {
  const params = useLayers((state) => state.params);
  const change = useLayers((state) => state.change);
  const fields = fieldsOf(params);
  const changed = Object.keys(params.sizes).length;
  const set = (path: string, value: FieldValue) => change({ sizes: { ...params.sizes, [path]: value } });
  const reset = (path: string) => {
    const { [path]: _, ...others } = params.sizes;
    change({ sizes: others });
  };
  return (
    <Fold title="Adjust sizes" changed={changed > 0 ? counted(changed, 'change') : ''}>
      {PARTS.map(({ part, title }) => {
        const own = fields.filter((field) => field.part === part);
        if (own.length === 0) return null;
        return (
          <fieldset key={title} className={`stack gap-3 ${css['part']}`}>
            {title !== '' && <legend>{title}</legend>}
            {own.map((field) => (
              <SpecField
                key={field.path}
                field={field}
                onChange={(value) => set(field.path, value)}
                onReset={() => reset(field.path)}
              />
            ))}
          </fieldset>
        );
      })}
      {changed > 0 && (
        <button type="button" className="ghost" onClick={() => change({ sizes: {} })}>
          Reset {counted(changed, 'change')}
        </button>
      )}
    </Fold>
  );
}
