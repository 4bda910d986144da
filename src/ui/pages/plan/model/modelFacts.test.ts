import { expect, it } from 'vitest';
import { presets } from '#models/presets.ts';
import { countConfig } from '#planner/model/countModel.ts';
import { factsOf, inBillions, sharesOf } from './modelFacts.ts';

const configOf = (wanted: string): object => presets.find(({ id }) => id === wanted)?.config ?? {};
const factsIn = (config: object): Record<string, string> =>
  Object.fromEntries(factsOf(countConfig(config), null).map(({ label, text }) => [label, text]));

it('says what a model is', () => {
  const facts = factsIn(configOf('deepseek-v3'));
  expect(facts['parameters']).toMatch(/^671 B \(671,026,\d{3},\d{3}\)$/);
  expect(facts['that a token meets']).toBe('36.6 B');
  expect(facts['layers']).toBe('61, 58 of them with 256 experts, 8 a token');
  expect(facts['attention']).toBe('128 heads, latent: one vector of 576 a token');
  expect(facts['a token of decoding']).toMatch(/^123 all-reduces of 14 KiB each and 1 all-gather of/);
  expect(factsIn(configOf('llama-3.2-1b'))['a token of decoding']).toMatch(/^33 all-reduces of 4 KiB each/);
});

it('names the indexer of DeepSeek-V3.2, and how weights are stored', () => {
  const v32 = {
    ...configOf('deepseek-v3'),
    architectures: ['DeepseekV32ForCausalLM'],
    model_type: 'deepseek_v32',
  };
  const facts = factsIn({ ...v32, index_topk: 2048, index_n_heads: 64, index_head_dim: 128 });
  expect(facts['indexer']).toBe('64 heads of 128, whole on every rank');
  const quantised = factsIn({
    ...configOf('llama-3.2-1b'),
    quantization_config: { quant_method: 'bitsandbytes', load_in_4bit: true },
  });
  expect(quantised['weights']).toContain('bitsandbytes of 4 bits');
  const unknown = factsIn({ ...configOf('llama-3.2-1b'), quantization_config: { quant_method: 'quanto' } });
  expect(unknown['weights']).toContain('quanto (not read here: counted wide)');
});

it('says where the bytes are', () => {
  const shares = sharesOf(countConfig(configOf('mixtral-8x7b')));
  expect(shares.map(({ label }) => label)).toEqual([
    'experts',
    'attention',
    'embedding and head',
    'MLP, norms',
  ]);
});

it('rounds as models are named', () => {
  expect([999, 494_032_768, 1_235_814_400, 70_553_706_496].map(inBillions)).toEqual([
    ...['999', '494 M', '1.24 B', '70.6 B'],
  ]);
});
