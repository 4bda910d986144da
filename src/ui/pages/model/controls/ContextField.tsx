import { CONTEXT, usualContext } from '#lab/model/params.ts';
import type { LoadedFacts } from '#lab/model/state.ts';
import fields from '#ui/components/fields.module.css';
import { LabelledSelect } from '#ui/components/Select.tsx';
import { formatBytes, formatCount } from '#ui/format.ts';
import { useModel } from '../useModel.ts';

/** In the list, as usual. */
const USUAL = 0;
const LEAST = 128;

/** How long a sequence may become: memory is taken for all of it, before there is any. */
export function ContextField() {
  const context = useModel(({ params }) => (Number.isInteger(params.context) ? params.context : null));
  const most = useModel((state) => state.folder?.model.maxPositions ?? null);
  const perToken = useModel((state) => cacheBytesOf(state.loaded));
  const change = useModel((state) => state.change);
  const labelOf = (tokens: number): string =>
    perToken === null
      ? `${formatCount(tokens)} tokens`
      : `${formatCount(tokens)} tokens, ${formatBytes(tokens * perToken)} a rank`;
  const usual = most === null ? null : usualContext(most);
  const known = new Set([...(most === null ? [] : lengthsTo(most)), ...(context === null ? [] : [context])]);
  if (usual !== null && context !== usual) known.delete(usual);
  return (
    <div className={fields['above']}>
      <LabelledSelect
        label={CONTEXT.label}
        value={context ?? USUAL}
        options={[
          { value: USUAL, label: usual === null ? 'As usual' : labelOf(usual) },
          ...[...known].sort((a, b) => a - b).map((value) => ({ value, label: labelOf(value) })),
        ]}
        onChange={(value) => change({ context: value === USUAL ? null : value })}
      />
    </div>
  );
}

/** Powers of two, and all that a model takes. */
function lengthsTo(most: number): number[] {
  const lengths: number[] = [];
  for (let length = LEAST; length < Math.min(most, CONTEXT.max); length *= 2) lengths.push(length);
  return [...lengths, Math.min(most, CONTEXT.max)];
}

/** What the rank that has the most keeps of a token. */
function cacheBytesOf(loaded: LoadedFacts | null): number | null {
  if (loaded === null) return null;
  return Math.max(...loaded.memory.map(({ cache }) => cache)) / loaded.positions;
}
