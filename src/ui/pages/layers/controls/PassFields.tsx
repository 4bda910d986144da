import { DEFAULT_PARAMS, PAST, TOKENS } from '#lab/layers/params.ts';
import { specOf } from '#lab/layers/spec.ts';
import { hasCache } from '#program/layers.ts';
import { SizeField } from '#ui/components/Fields.tsx';
import fields from '#ui/components/fields.module.css';
import { problemId } from '#ui/page/RunFields.tsx';
import { layersStore, useLayers } from '../useLayers.ts';
import css from './controls.module.css';

/** What the slider reaches; the box takes more. */
const SLIDER_TOKENS = 64;
const SLIDER_PAST = 256;

const DECODE = { tokens: 1, past: 32 };
const PROMPT = { tokens: DEFAULT_PARAMS.tokens, past: 0 };

/** The tokens of the pass, and those that came before where the layer keeps them. */
export function PassFields() {
  const { tokens, past } = useLayers((state) => state.params);
  const change = useLayers((state) => state.change);
  const caches = useLayers((state) => state.problem !== null || hasCache(specOf(state.params).spec));
  const decoding = tokens === 1 && past > 0;
  return (
    <div className={fields['sizes']}>
      <SizeField
        name={TOKENS.label}
        meaning="of this pass"
        spoken="Tokens of this pass"
        value={tokens}
        min={TOKENS.min}
        sliderMax={SLIDER_TOKENS}
        max={TOKENS.max}
        problemId={problemId(layersStore)}
        onChange={(value) => change({ tokens: value })}
      />
      {caches && (
        <>
          <SizeField
            name={PAST.label}
            spoken={PAST.label}
            value={past}
            min={PAST.min}
            sliderMax={SLIDER_PAST}
            max={PAST.max}
            problemId={problemId(layersStore)}
            onChange={(value) => change({ past: value })}
          />
          <button
            type="button"
            className={`ghost ${css['toggle']}`}
            aria-pressed={decoding}
            onClick={() => change(decoding ? PROMPT : DECODE)}
          >
            Decode one token
          </button>
        </>
      )}
    </div>
  );
}
