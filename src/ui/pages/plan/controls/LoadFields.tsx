import { ANSWER, PROMPT, SEQUENCES } from '#lab/plan/params.ts';
import fields from '#ui/components/fields.module.css';
import { NumberField } from './NumberField.tsx';

/** What the model is to do. */
export function LoadFields() {
  return (
    <div className={fields['sizes']}>
      <NumberField definition={PROMPT} meaning="tokens" />
      <NumberField definition={ANSWER} meaning="tokens" />
      <NumberField definition={SEQUENCES} />
    </div>
  );
}
