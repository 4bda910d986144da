import { expect, it } from 'vitest';
import { FABRICS, NETWORKS } from '../machines/fabrics.ts';
import { GPUS } from '../machines/gpus.ts';
import { commandOf } from './commands.ts';
import { countConfig } from './model/countModel.ts';
import { PUBLIC_MODELS } from './model/publicModels.ts';
import type { Question } from './question.ts';

const question = {
  model: countConfig(PUBLIC_MODELS[0]?.config),
  machine: { gpu: GPUS[0], fabric: FABRICS[0], network: NETWORKS[0], perNode: 8, nodes: 2, ports: 8 },
  load: { work: 'serve', sequences: 64, prompt: 3000, answer: 1000, cacheBytes: 1 },
} as Question;

const flags = (text: string): string[] => text.replaceAll(' \\\n  ', ' ').split(' ').slice(0);

it('says all degrees to vLLM', () => {
  const text = commandOf('vllm', question, { tensor: 8, pipeline: 2, expert: 8, data: 1 }, 'org/model');
  expect(flags(text).join(' ')).toBe(
    'vllm serve org/model --tensor-parallel-size 8 --pipeline-parallel-size 2 --enable-expert-parallel --max-model-len 4000 --max-num-seqs 64 --kv-cache-dtype fp8 --distributed-executor-backend ray',
  );
  const copies = commandOf('vllm', question, { tensor: 2, pipeline: 1, expert: 1, data: 4 }, 'org/model');
  expect(flags(copies)).toEqual(
    expect.arrayContaining(['--data-parallel-size', '4', '--max-num-seqs', '16']),
  );
  expect(copies).not.toContain('ray');
});

it('says experts over copies of the attention as SGLang does', () => {
  const spread = commandOf('sglang', question, { tensor: 2, pipeline: 1, expert: 16, data: 8 }, 'org/model');
  expect(flags(spread).join(' ')).toContain('--tp-size 16 --dp-size 8 --enable-dp-attention --ep-size 16');
  expect(spread).toContain('--nnodes 2');
});

it('says to Megatron-LM how it trains', () => {
  const load = { ...question.load, work: 'train' as const, prompt: 8192 };
  const layout = { tensor: 8, pipeline: 2, expert: 1, data: 1 };
  expect(flags(commandOf('megatron', { ...question, load }, layout, 'org/model')).join(' ')).toBe(
    'torchrun --nnodes 2 --nproc-per-node 8 pretrain_gpt.py --tensor-model-parallel-size 8 --sequence-parallel --pipeline-model-parallel-size 2 --use-distributed-optimizer --seq-length 8192 --micro-batch-size 1 --global-batch-size 64 --bf16',
  );
});

it('says that transformers has tensor parallelism alone', () => {
  const text = commandOf(
    'transformers',
    question,
    { tensor: 4, pipeline: 2, expert: 1, data: 2 },
    'org/model',
  );
  expect(text).toContain('one of 4 such groups');
  expect(text).toContain('torchrun --nproc-per-node 4');
});
