/** Which published models the ranks run, of those that can be planned, and what is in the way of the others. */

import { LabError } from '../base/errors.ts';
import { cut } from '../base/shown.ts';
import { kindsOfBlock, type ModelConfig } from '../program/modelConfig.ts';

/** Of which the whole model is held against PyTorch: tests/browser/model.test.ts. */
const RUN: ReadonlySet<string> = new Set([
  'LlamaForCausalLM',
  'MistralForCausalLM',
  'Qwen2ForCausalLM',
  'Qwen3ForCausalLM',
  'MixtralForCausalLM',
  'Qwen3MoeForCausalLM',
]);

/** @throws LabError `input` that names the part which the ranks do not run */
export function checkRunnable(model: ModelConfig): void {
  const why = obstacleOf(model);
  if (why === null) return;
  throw new LabError(
    'input',
    `${cut(model.name)} (${cut(model.architecture)}) can be planned, and not run yet: ${why}.`,
  );
}

function obstacleOf(model: ModelConfig): string | null {
  const { architecture, quantization, indexer } = model;
  if (indexer !== null) return 'its attention chooses tokens with an indexer';
  const blocks = kindsOfBlock(model).map(({ block }) => block);
  if (blocks.some(({ attention }) => attention.kind === 'mla')) return 'its attention is latent (MLA)';
  if (blocks.some(({ mlp }) => mlp.kind === 'mlp' && mlp.merged))
    return 'its q, k and v are stored as one weight';
  if (quantization !== null)
    return `its weights are quantised (${cut(quantization.method)}); those of a copy in float16 or bfloat16 can be read`;
  return RUN.has(architecture) ? null : `run are ${[...RUN].join(', ')}`;
}
