/** vLLM and SGLang, whose parallel layers are one another's: SGLang's were taken over from vLLM. */

import type { Codebase } from './codebase.ts';
import { unevenExperts, unevenHeads, unevenPadded, unevenWidths } from './evenShards.ts';
import { brokenBlocks, packedFlat } from './quantisedShards.ts';

export const vllm: Codebase = {
  id: 'vllm',
  label: 'vLLM',
  rule: 'heads and widths divide, between quantisation blocks; so does the vocabulary, padded to 64; no bitsandbytes checkpoint',
  version: 'main at 055e47c (2026)',
  read: [
    'vllm/config/model.py (18ec662)',
    'vllm/model_executor/layers/quantization/auto_gptq.py (055e47c), auto_awq.py (0043d6b), moe_wna16.py (0216619), fp8.py (0071b24), utils/fp8_utils.py (007d500)',
    'vllm/model_executor/model_loader/bitsandbytes_loader.py (c9e9c48)',
    'vllm/model_executor/layers/vocab_parallel_embedding.py (00db011)',
  ],
  lacks: () => null,
  objections: (subject, p) => [
    ...packedFlat(subject, p),
    ...unevenHeads(subject, p),
    ...unevenWidths(subject, p),
    ...brokenBlocks(subject, p),
    ...unevenPadded(subject, p),
  ],
  wholeExperts: () => '--enable-expert-parallel',
  pipeline: (stages) => `--pipeline-parallel-size ${stages}`,
};

export const sglang: Codebase = {
  id: 'sglang',
  label: 'SGLang',
  rule: 'as vLLM: heads and widths divide, between quantisation blocks; so does the vocabulary, padded to 64; no bitsandbytes checkpoint',
  version: 'main at 00563d3 (2026)',
  read: [
    'python/sglang/srt/layers/quantization/fp8.py (00563d3)',
    'python/sglang/srt/layers/vocab_parallel_embedding.py (04d5e39)',
    'python/sglang/srt/model_loader/loader.py (4632493)',
  ],
  lacks: ({ type }) =>
    type === 'nemotron' ? 'has no Nemotron, and neither has transformers a plan to cut it by' : null,
  objections: (subject, p) => [
    ...packedFlat(subject, p),
    ...unevenHeads(subject, p),
    ...unevenWidths(subject, p),
    ...unevenExperts(subject, p),
    ...brokenBlocks(subject, p),
    ...unevenPadded(subject, p),
  ],
  wholeExperts: (p) => `--ep-size ${p}`,
  pipeline: (stages) => `--pp-size ${stages}`,
};
