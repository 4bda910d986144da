/** The same layout as commands of engines that serve models. */

import { gpusOf, type Layout, sharesExperts } from './layout.ts';
import type { Question } from './question.ts';

export type Engine = 'vllm' | 'sglang' | 'transformers' | 'megatron';

/** @param repository what the engine loads: "org/model", or a folder */
export function commandOf(engine: Engine, question: Question, layout: Layout, repository: string): string {
  switch (engine) {
    case 'vllm':
      return vllm(question, layout, repository);
    case 'sglang':
      return sglang(question, layout, repository);
    case 'transformers':
      return transformers(layout, repository);
    case 'megatron':
      return megatron(question, layout);
    default:
      return engine satisfies never;
  }
}

/** https://docs.vllm.ai/en/latest/serving/parallelism_scaling/ and expert_parallel_deployment */
function vllm({ load, machine }: Question, layout: Layout, repository: string): string {
  const { tensor, pipeline, expert, data } = layout;
  const over = gpusOf(layout) / Math.max(data, 1) > machine.perNode;
  return lines([
    `vllm serve ${repository}`,
    `--tensor-parallel-size ${tensor}`,
    ...(pipeline > 1 ? [`--pipeline-parallel-size ${pipeline}`] : []),
    ...(data > 1 ? [`--data-parallel-size ${data}`] : []),
    ...(expert > 1 ? ['--enable-expert-parallel'] : []),
    `--max-model-len ${load.prompt + load.answer}`,
    `--max-num-seqs ${Math.ceil(load.sequences / data)}`,
    ...(load.cacheBytes === 1 ? ['--kv-cache-dtype fp8'] : []),
    ...(over ? ['--distributed-executor-backend ray'] : []),
  ]);
}

/** https://docs.sglang.ai/advanced_features/server_arguments.html */
function sglang({ load, machine }: Question, layout: Layout, repository: string): string {
  const { tensor, pipeline, expert, data } = layout;
  const nodes = Math.ceil(gpusOf(layout) / machine.perNode);
  // Experts over copies of the attention: there the size of TP is that of all GPUs, and DP cuts the attention alone.
  const spread = sharesExperts(layout);
  return lines([
    `python -m sglang.launch_server --model-path ${repository}`,
    `--tp-size ${spread ? tensor * data : tensor}`,
    ...(pipeline > 1 ? [`--pp-size ${pipeline}`] : []),
    ...(data > 1 ? [`--dp-size ${data}`] : []),
    ...(spread ? ['--enable-dp-attention'] : []),
    ...(expert > 1 ? [`--ep-size ${expert}`] : []),
    `--context-length ${load.prompt + load.answer}`,
    `--max-running-requests ${load.sequences}`,
    ...(load.cacheBytes === 1 ? ['--kv-cache-dtype fp8_e5m2'] : []),
    ...(nodes > 1 ? [`--nnodes ${nodes} --node-rank 0 --dist-init-addr NODE0:5000`] : []),
  ]);
}

/** https://huggingface.co/docs/transformers/perf_infer_gpu_multi: tensor parallelism alone. */
function transformers({ tensor, pipeline, data }: Layout, repository: string): string {
  const rest =
    pipeline * data > 1 ? [`# its tensor parallelism alone: one of ${pipeline * data} such groups`] : [];
  return [
    ...rest,
    `torchrun --nproc-per-node ${tensor} run.py`,
    '',
    '# run.py',
    'import torch',
    'from transformers import AutoModelForCausalLM, AutoTokenizer',
    '',
    `tokenizer = AutoTokenizer.from_pretrained("${repository}")`,
    `model = AutoModelForCausalLM.from_pretrained("${repository}", dtype="auto", tp_plan="auto")`,
    'inputs = tokenizer("Hello", return_tensors="pt").to(model.device)',
    'print(tokenizer.decode(model.generate(**inputs, max_new_tokens=64)[0]))',
  ].join('\n');
}

/** The flags of its arguments.py that say the layout; the model's own come beside them. */
function megatron({ load, machine }: Question, layout: Layout): string {
  const { tensor, pipeline, expert } = layout;
  const gpus = gpusOf(layout);
  const nodes = Math.ceil(gpus / machine.perNode);
  return lines([
    `torchrun --nnodes ${nodes} --nproc-per-node ${gpus / nodes} pretrain_gpt.py`,
    `--tensor-model-parallel-size ${tensor}`,
    ...(tensor > 1 ? ['--sequence-parallel'] : []),
    `--pipeline-model-parallel-size ${pipeline}`,
    ...(expert > 1 ? [`--expert-model-parallel-size ${expert}`] : []),
    '--use-distributed-optimizer',
    `--seq-length ${load.prompt}`,
    '--micro-batch-size 1',
    `--global-batch-size ${load.sequences}`,
    '--bf16',
  ]);
}

function lines(parts: readonly string[]): string {
  return parts.join(' \\\n  ');
}
