import { describe, expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { deepSeek, llama } from '../../program/testing/configs.ts';
import { knownArchitectures, parseHfConfig } from '../hfConfig.ts';

function messageOf(text: string): string {
  try {
    parseHfConfig(text);
  } catch (error) {
    if (error instanceof LabError && error.code === 'input') return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

const refusal = (config: object) => messageOf(JSON.stringify(config));

describe('what cannot be used', () => {
  it('says what it found instead of an object', () => {
    expect(messageOf('[1]')).toBe('config.json holds a list; it needs an object: { … }.');
    expect(messageOf('3')).toContain('holds a number');
    expect(messageOf('null')).toContain('holds null');
  });

  it('names the architectures that it knows', () => {
    expect(refusal({})).toBe(
      `config.json has neither architectures nor model_type. Known are ${knownArchitectures.join(', ')}.`,
    );
    const gpt2 = refusal({ architectures: ['GPT2LMHeadModel'], model_type: 'gpt2' });
    expect(gpt2).toContain('GPT2LMHeadModel has no plan: it learns its positions and its norms have biases.');
    expect(gpt2).toContain('Qwen3MoeForCausalLM');
    expect(refusal({ model_type: 'bert' })).toContain('the architecture bert has no plan.');
    expect(refusal({ architectures: ['constructor'] })).toContain('constructor has no plan');
    const unknownInside = {
      architectures: ['XForConditionalGeneration'],
      text_config: { model_type: 'x_text' },
    };
    expect(refusal(unknownInside)).toContain('the architecture x_text has no plan');
  });

  it('names the architecture around a text_config that has none', () => {
    const { architectures: _, ...text } = llama;
    expect(refusal({ architectures: ['FooForConditionalGeneration'], text_config: text })).toContain(
      'the architecture FooForConditionalGeneration has no plan.',
    );
    // google/gemma-3-4b-it
    const gemma = { architectures: ['Gemma3ForConditionalGeneration'], model_type: 'gemma3' };
    expect(refusal({ ...gemma, text_config: { model_type: 'gemma3_text', hidden_size: 2560 } })).toContain(
      'the architecture gemma3_text has no plan: its MLP is gated by GELU and most of its layers see a window only.',
    );
  });

  it.each<[string, object, string]>([
    ['missing', { hidden_size: undefined }, 'has no hidden_size; it needs a whole number from 1.'],
    ['a string', { vocab_size: '32000' }, 'vocab_size is "32000"; it needs a whole number from 1.'],
    ['null', { intermediate_size: null }, 'intermediate_size is null; it needs a whole number from 1.'],
    ['zero', { num_hidden_layers: 0 }, 'num_hidden_layers is 0; it needs a whole number from 1.'],
    ['too large', { vocab_size: 2e9 }, 'vocab_size is 2000000000; it needs at most 1000000000.'],
    ['absurd', { num_hidden_layers: 1e6 }, 'num_hidden_layers is 1000000; it needs at most 10000.'],
    ['not a flag', { tie_word_embeddings: 'no' }, 'tie_word_embeddings is "no"; it needs true or false.'],
    ['not a list', { architectures: 'Llama' }, 'architectures is "Llama"; it needs a list.'],
    [
      'uneven groups',
      { num_key_value_heads: 3 },
      'num_key_value_heads is 3; it needs a number that divides the 8',
    ],
    [
      'uneven heads',
      { hidden_size: 60 },
      'num_attention_heads is 8; it needs a number that divides hidden_size 60',
    ],
    ['odd heads', { head_dim: 7 }, 'head_dim is 7; it needs heads of even width'],
    ['a bias too many', { attention_bias: true }, 'attention_bias is true; it needs false'],
    ['another activation', { hidden_act: 'gelu' }, 'hidden_act is "gelu"; it needs "silu"'],
    [
      'a scaling',
      { rope_scaling: { type: 'linear', factor: 2 } },
      'rope_scaling.type is "linear"; it needs "default"',
    ],
    [
      'half of one',
      { rope_scaling: { rope_type: 'llama3' } },
      'has no rope_scaling.factor; it needs a number above 0',
    ],
    ['a part of a head', { partial_rotary_factor: 0.5 }, 'partial_rotary_factor is 0.5; it needs 1'],
  ])('a field that is %s', (_, change, message) => {
    expect(refusal({ ...llama, ...change })).toContain(`config.json`);
    expect(refusal({ ...llama, ...change })).toContain(message);
  });

  it.each<[object, string]>([
    [{ n_group: 3 }, 'n_group is 3; it needs a number that divides the 8 experts'],
    [{ topk_group: 5 }, 'topk_group is 5; it needs at most the 4 groups'],
    [{ num_experts_per_tok: 5 }, 'num_experts_per_tok is 5; it needs at most 4'],
    [{ kv_lora_rank: undefined }, 'has no kv_lora_rank'],
    [
      {
        rope_scaling: {
          type: 'yarn',
          factor: 40,
          original_max_position_embeddings: 9,
          mscale: 1,
          mscale_all_dim: 0.7,
        },
      },
      'rope_scaling.mscale is 1',
    ],
  ])('experts and latents at odds: %j', (change, message) => {
    expect(refusal({ ...deepSeek, ...change })).toContain(message);
  });

  it('shows the beginning of what it refuses, however deep and long it is', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const config = JSON.stringify({ ...llama, hidden_size: 'DEEP' }).replace('"DEEP"', deep);
    expect(messageOf(config)).toBe(
      `config.json: hidden_size is ${'['.repeat(60)}…; it needs a whole number from 1.`,
    );
    expect(refusal({ ...llama, hidden_size: '8'.repeat(100) })).toContain(`is "${'8'.repeat(59)}…; it needs`);
    expect(refusal({ architectures: ['x'.repeat(100)] })).toContain(`${'x'.repeat(60)}… has no plan`);
  });

  it('names a field inside of text_config', () => {
    const { vocab_size: _, architectures: __, ...text } = llama;
    const config = {
      architectures: ['LlavaForConditionalGeneration'],
      text_config: { ...text, model_type: 'llama' },
    };
    expect(refusal(config)).toBe(
      'config.json has no text_config.vocab_size; it needs a whole number from 1.',
    );
  });
});
