/**
 * llama.cpp: `--split-mode tensor` cuts by key/value heads and 128 columns, unevenly where they do not divide; `layer`, the
 * default, cuts between layers; `row` is deprecated, and cuts dense weights alone.
 */

import { because, type Codebase, type Objection, type Subject } from './codebase.ts';
import { shareRemarks } from './cutSizes.ts';

/** GGML_CUDA_MAX_DEVICES. */
const MOST_DEVICES = 16;
/** `llm_arch_supports_sm_tensor` excludes these, by the names that llama.cpp gives them. */
const LAYERS_ALONE: Readonly<Record<string, string>> = {
  deepseek_v2: 'deepseek2',
  deepseek_v3: 'deepseek2',
  kimi_k2: 'deepseek2',
  deepseek_v32: 'deepseek32',
  deepseek_v3_2: 'deepseek32',
  olmoe: 'olmoe',
  olmo2: 'olmo2',
  olmo3: 'olmo2',
};
/** What convert_hf_to_gguf.py makes floats of. */
const CONVERTED: ReadonlySet<string> = new Set(['fp8', 'gptq', 'compressed-tensors', 'mxfp4', 'modelopt']);

export const llamaCpp: Codebase = {
  id: 'llama.cpp',
  label: 'llama.cpp',
  rule: 'with --split-mode tensor at most 16 devices, shards of whole key/value heads that may differ or be empty; not for latent attention, OLMo-2, OLMoE',
  version: 'main at 5815cb8 (2026)',
  read: [
    'docs/multi-gpu.md (5815cb8)',
    'src/llama-model.cpp: llama_meta_device_get_split_state',
    'src/llama-arch.cpp: llm_arch_supports_sm_tensor',
    'convert_hf_to_gguf.py',
  ],
  lacks: ({ type }) =>
    type === 'gptj' || type === 'opt'
      ? `has no usable ${type === 'opt' ? 'OPT' : 'GPT-J'}, whatever the split`
      : null,
  objections: (subject, p) => [...unconverted(subject), ...layersAlone(subject, p), ...tooMany(p)],
  remarks: ({ sizes: { kvHeads } }, p) => shareRemarks({ what: 'key/value heads', size: kvHeads }, p),
  wholeExperts: null,
  pipeline: null, // between layers in place of within, and not both
};

function unconverted({ quantization }: Subject): Objection[] {
  if (quantization === null || CONVERTED.has(quantization.method)) return [];
  return [
    {
      cause: 'checkpoint',
      reason: `its converter to GGUF does not read weights quantised by ${quantization.method}`,
      ways: ['the unquantised checkpoint, converted and then quantised to Q4_K_M'],
    },
  ];
}

function layersAlone({ model: { type } }: Subject, p: number): Objection[] {
  const name = Object.hasOwn(LAYERS_ALONE, type) ? LAYERS_ALONE[type] : undefined;
  if (name === undefined || p === 1) return [];
  return [
    {
      cause: 'count',
      reason: `--split-mode tensor is not implemented for architecture ‘${name}’`,
      ways: ['--split-mode layer, which cuts between layers'],
    },
  ];
}

function tooMany(p: number): Objection[] {
  return because('count', p <= MOST_DEVICES ? [] : [`takes at most ${MOST_DEVICES} devices, and not ${p}`]);
}
