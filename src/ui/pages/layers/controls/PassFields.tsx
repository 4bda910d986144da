import { DEFAULT_PARAMS, MAX_PAST, MAX_TOKENS, specOf } from '#lab/layers/params.ts';
import { hasCache } from '#program/layers.ts';
import { SizeField } from '#ui/components/SizeField.tsx';
import { useLayers } from '../useLayers.ts';
import { PROBLEM_ID } from './problemId.ts';

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
    <div className="sizes">
      <SizeField
        name="Tokens"
        meaning="of this pass"
        spoken="Tokens of this pass"
        value={tokens}
        min={1}
        sliderMax={SLIDER_TOKENS}
        max={MAX_TOKENS}
        problemId={PROBLEM_ID}
        onChange={(value) => change({ tokens: value })}
      />
      {caches && (
        <>
          <SizeField
            name="Tokens in the cache"
            spoken="Tokens in the cache"
            value={past}
            min={0}
            sliderMax={SLIDER_PAST}
            max={MAX_PAST}
            problemId={PROBLEM_ID}
            onChange={(value) => change({ past: value })}
          />
          <button
            type="button"
            className="ghost toggle-button"
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
