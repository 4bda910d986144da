/** Megatron-LM, which most of the others' rules come from. */

import type { Codebase } from './codebase.ts';
import { unevenExperts, unevenHeads, unevenWidths } from './evenShards.ts';

/** Of `quant_method`: numbers that are floats still, and read as such. */
const FLOATS: ReadonlySet<string> = new Set(['fp8', 'fbgemm_fp8']);

export const megatron: Codebase = {
  id: 'megatron',
  label: 'Megatron-LM',
  rule: 'heads and widths divide; the vocabulary is padded to 128·p',
  version: 'core_v0.19.0',
  read: [
    'megatron/core/transformer/transformer_config.py',
    'megatron/core/transformer/attention.py',
    'megatron/core/tensor_parallel/layers.py',
    'megatron/core/tokenizers/utils/build_tokenizer.py',
    'megatron/training/arguments.py',
  ],
  lacks: () => null,
  objections: (subject, p) => [
    ...unevenHeads(subject, p),
    ...unevenWidths(subject, p),
    ...unevenExperts(subject, p),
  ],
  remarks: ({ quantization }) =>
    quantization === null || FLOATS.has(quantization.method)
      ? []
      : [`takes the unquantised weights, and none quantised by ${quantization.method}`],
  wholeExperts: (p) => `--expert-model-parallel-size ${p} --expert-tensor-parallel-size 1`,
  pipeline: (stages) => `--pipeline-model-parallel-size ${stages}`,
};
