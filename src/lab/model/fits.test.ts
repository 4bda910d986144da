import { expect, it } from 'vitest';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { presets } from '../../models/presets.ts';
import { modelProgram } from '../../program/model.ts';
import type { ModelConfig } from '../../program/modelConfig.ts';
import type { ProductWeights } from '../../program/packing.ts';
import { type Cost, costOf } from '../../program/plan.ts';
import { planOf } from '../../program/planOf.ts';
import type { DeviceInfo } from '../../protocol.ts';
import { checkBlocks, checkFits, weightTypesOf } from './fits.ts';

const GPU = { kind: 'webgpu', label: 'A GPU', software: false, adapter: {}, timestamps: true } as const;
const CPU: DeviceInfo = { ...GPU, kind: 'cpu', label: 'WASM SIMD, 1 thread' };
const MIB = 2 ** 20;

function modelOf(id: string): ModelConfig {
  const found = presets.find((preset) => preset.id === id);
  if (found === undefined) throw new Error(`no preset ${id}`);
  return found.model;
}

/** Of bfloat16. */
const halves: Checkpoint = new Map([
  [
    'model.embed_tokens.weight',
    { dtype: 'BF16', shape: [128_256, 2048], file: 'model.safetensors', start: 0, end: 4 * 128_256 * 1024 },
  ],
]);

/** What checkFits() says on so many equal devices; null where the model fits. */
function refusal(
  id: string,
  worldSize: number,
  device: DeviceInfo,
  { positions = 2048, products = 'stored' }: { positions?: number; products?: ProductWeights } = {},
): string | null {
  const model = modelOf(id);
  const plan = planOf(modelProgram(model, worldSize, { tokens: 1, positions }), { position: 0 });
  const ranks = Array.from({ length: worldSize }, (_, rank) => rank);
  const costs: Cost[] = ranks.map((rank) => costOf(plan, rank));
  try {
    checkFits(
      { model, checkpoint: halves },
      positions,
      ranks.map(() => device),
      costs,
      products,
    );
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

it('names the ranks that would do where a weight is longer than an adapter allows', () => {
  // 128,256 × 2,048 float32 of vocabulary are 1,002 MiB.
  const gpu = (mib: number): DeviceInfo => ({ ...GPU, maxTensorBytes: mib * MIB });
  expect(refusal('llama-3.2-1b', 1, gpu(1002))).toBeNull();
  expect(refusal('llama-3.2-1b', 1, gpu(1001))).toBe(
    'Of model.embed_tokens.weight rank 0 holds 1,002 MiB, and A GPU allows 1,001 MiB at a time. ' +
      'Use 2 ranks or more, so that each holds less.',
  );
  expect(refusal('llama-3.2-1b', 2, gpu(128))).toContain('Use 8 ranks or more');
  expect(refusal('llama-3.2-1b', 8, gpu(128))).toBeNull();
  expect(refusal('llama-3.2-1b', 4, gpu(64))).toContain('Not even 8 ranks make it small enough');
  expect(refusal('llama-3.2-1b', 1, GPU)).toBeNull();
});

it('counts 16-bit weights as a device holds them', () => {
  // 501 MiB in bfloat16; the MLP's 2,048 × 8,192, of which this checkpoint says nothing, are 64 in float32.
  const gpu = (mib: number): DeviceInfo => ({ ...GPU, keepsPacked: true, maxTensorBytes: mib * MIB });
  expect(refusal('llama-3.2-1b', 1, gpu(501))).toBeNull();
  expect(refusal('llama-3.2-1b', 1, gpu(500))).toContain('rank 0 holds 501 MiB');
  expect(refusal('llama-3.2-1b', 2, gpu(64))).toContain('Use 8 ranks or more');
});

it('counts weights of products in blocks, and the embedding as it is stored', () => {
  const gpu = { ...GPU, keepsPacked: true, maxTensorBytes: 501 * MIB } as const;
  const folder = { model: modelOf('llama-3.2-1b'), checkpoint: halves };
  const types = weightTypesOf(folder, 'q4');
  expect(
    ['mlp.down_proj', 'self_attn.q_proj'].map((name) => types(gpu)?.(`model.layers.3.${name}.weight`)),
  ).toEqual(['q4', 'q4']);
  expect(types(gpu)?.('model.embed_tokens.weight')).toBe('bf16'); // which is the head too
  expect(types(gpu)?.('model.norm.weight')).toBe('f32');
  expect(types(CPU)).toBeUndefined();
  expect(refusal('llama-3.2-1b', 1, gpu, { products: 'q4' })).toBeNull();
  const short = { ...gpu, maxTensorBytes: 500 * MIB };
  expect(refusal('llama-3.2-1b', 1, short, { products: 'q4' })).toContain('model.embed_tokens.weight');
});

it('refuses to cut a block, and names the ranks that cut none', () => {
  const model = modelOf('llama-3.2-1b');
  expect(() => checkBlocks(model, 3, 'stored')).not.toThrow();
  for (const ranks of [1, 2, 4, 8]) expect(() => checkBlocks(model, ranks, 'q8')).not.toThrow();
  expect(() => checkBlocks(model, 3, 'q8')).toThrow(
    /^Of a row of model\.layers\.0\.[\w.]+ rank 0 of 3 holds \d+ columns, which would cut a block of 32\. Use 1, 2, 4 or 8 ranks, or the weights as they are stored\.$/,
  );
});

it('refuses on the CPU what 32-bit addresses do not reach, on any number of ranks', () => {
  // 1,235,814,400 parameters and a cache of 2,048 positions.
  for (const worldSize of [1, 8]) {
    expect(refusal('llama-3.2-1b', worldSize, CPU)).toMatch(
      /^On the CPU the ranks share 4,096 MiB, and Llama 3.2 1B takes 4,8\d\d MiB in float32\. Use the WebGPU device/,
    );
  }
  expect(refusal('qwen2.5-0.5b', 2, CPU)).toBeNull();
});
