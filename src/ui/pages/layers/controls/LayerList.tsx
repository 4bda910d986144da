import { useId } from 'react';
import { type ChoiceId, LAYER_CHOICES } from '#lab/layers/params.ts';

interface LayerListProps {
  readonly value: ChoiceId;
  readonly onChange: (layer: ChoiceId) => void;
}

/** One of them: a radio group that reads as a list, so that the arrow keys choose. */
export function LayerList({ value, onChange }: LayerListProps) {
  const name = useId();
  return (
    <fieldset className="layer-list">
      <legend>Layer</legend>
      {LAYER_CHOICES.map(({ id, label }) => (
        <label key={id}>
          <input type="radio" name={name} checked={id === value} onChange={() => onChange(id)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
