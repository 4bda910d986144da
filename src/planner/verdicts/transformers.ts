/** transformers' own tensor parallelism: each model's configuration has a plan of which weight is cut along what. */

import { cut } from '../../base/shown.ts';
import type { CountedModel } from '../model/parts.ts';
import { because, type Codebase, type Objection, type Subject } from './codebase.ts';
import { uneven } from './cutSizes.ts';
import { unevenExperts } from './evenShards.ts';
import { brokenBlocks } from './quantisedShards.ts';

/** `model_type`s whose configuration has a `base_model_tp_plan`, and those of decoders inside of a model with images. */
const PLANNED: ReadonlySet<string> = new Set([
  'llama',
  'mistral',
  'ministral',
  'ministral3',
  'mixtral',
  'qwen2',
  'qwen2_moe',
  'qwen2_vl',
  'qwen2_vl_text',
  'qwen2_5_vl',
  'qwen2_5_vl_text',
  'qwen3',
  'qwen3_moe',
  'qwen3_vl_text',
  'qwen3_vl_moe_text',
  'phi',
  'phi3',
  'gemma',
  'gemma2',
  'gemma3',
  'gemma3_text',
  'glm',
  'glm4',
  'glm4_moe',
  'granite',
  'deepseek_v2',
  'deepseek_v3',
  'llama4',
  'llama4_text',
  'cohere',
  'cohere2',
  'olmo',
  'olmo2',
  'olmo3',
  'olmoe',
  'starcoder2',
  'gpt_neox',
  'smollm3',
  'seed_oss',
  'ernie4_5',
]);
/** Their plan gathers q, k and v, for they are one weight or normed together: attention is whole on every rank. */
const GATHERED: ReadonlySet<string> = new Set(['phi3', 'olmo2', 'olmo3', 'olmoe']);

export const transformers: Codebase = {
  id: 'transformers',
  label: 'transformers',
  rule: 'models with a tp_plan alone; key/value heads divide, for none is copied; widths of experts divide; of quantised files, Qwen3’s in fp8',
  version: 'main at 008e574 (2026)',
  read: [
    'src/transformers/models/*/configuration_*.py (008e574)',
    'src/transformers/integrations/tensor_parallel.py (4803ea6)',
    'src/transformers/quantizers/quantizer_finegrained_fp8.py',
    'issue 48307: no replication of key/value heads',
  ],
  lacks: whyNoPlan,
  objections: (subject, p) =>
    p === 1
      ? []
      : [
          ...unreadable(subject, p),
          ...heads(subject, p),
          ...because(
            'experts',
            subject.sizes.expertColumns === null || subject.expertParallel
              ? []
              : uneven(subject.sizes.expertColumns, p),
          ),
          ...unevenExperts(subject, p),
        ],
  remarks: ({ model }, p) =>
    p > 1 && GATHERED.has(model.type) ? ['attention and its cache are whole on every rank'] : [],
  wholeExperts: () => 'enable_expert_parallel of DistributedConfig',
  pipeline: null,
};

function whyNoPlan({ type, architecture }: CountedModel): string | null {
  if (type === 'gpt_oss') return 'has a plan of expert parallelism for gpt-oss, and no tp_plan';
  if (!PLANNED.has(type)) return `has no tp_plan for ${cut(architecture)}`;
  // Code that comes with the weights has no plan, whatever stands inside of it.
  return architecture.endsWith('ChatModel') ? `has no class ${cut(architecture)}, and so no tp_plan` : null;
}

function heads({ model, sizes }: Subject, p: number): Objection[] {
  if (GATHERED.has(model.type)) return [];
  const what = model.layers[0]?.attention.kind === 'latent' ? 'heads' : 'key/value heads';
  return because('heads', uneven({ what, size: sizes.kvHeads }, p));
}

/** Only the fp8 quantiser says how its scales are cut, and of Qwen3 alone. */
function unreadable(subject: Subject, p: number): Objection[] {
  const { quantization, model } = subject;
  if (quantization === null) return [];
  if (quantization.method === 'fp8' && model.type.startsWith('qwen3')) return brokenBlocks(subject, p);
  return [
    {
      cause: 'checkpoint',
      reason: `its plan does not cut what ${quantization.method} stores beside the numbers`,
      ways: ['the unquantised checkpoint'],
    },
  ];
}
