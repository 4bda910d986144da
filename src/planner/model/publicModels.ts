/**
 * Published models and how many parameters each has: the total that its repository on Hugging Face shows for its
 * safetensors, less a second copy of a tied head where the files hold one. Of config.json the fields that make sizes.
 */

type Config = Readonly<Record<string, unknown>>;

export interface PublicModel {
  readonly repository: string;
  readonly parameters: number;
  readonly config: Config;
}

/** [hidden, inner, layers, heads, key/value heads, vocabulary, positions] */
type Sizes = readonly [number, number, number, number, number, number, number];

function of(
  repository: string,
  parameters: number,
  type: string,
  sizes: Sizes,
  more: Config = {},
): PublicModel {
  const [hidden, inner, layers, heads, kvHeads, vocab, positions] = sizes;
  return {
    repository,
    parameters,
    config: {
      model_type: type,
      hidden_size: hidden,
      intermediate_size: inner,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      vocab_size: vocab,
      max_position_embeddings: positions,
      ...more,
    },
  };
}

const TIED = { tie_word_embeddings: true };
const BIASED = { attention_bias: true };
const MXFP4 = {
  quantization_config: {
    quant_method: 'mxfp4',
    modules_to_not_convert: [
      'model.layers.*.self_attn',
      'model.layers.*.mlp.router',
      'model.embed_tokens',
      'lm_head',
    ],
  },
};

export const PUBLIC_MODELS: readonly PublicModel[] = [
  of('meta-llama/Llama-2-7b-hf', 6_738_415_616, 'llama', [4096, 11_008, 32, 32, 32, 32_000, 4096]),
  of('meta-llama/Llama-2-13b-hf', 13_015_864_320, 'llama', [5120, 13_824, 40, 40, 40, 32_000, 4096]),
  of('meta-llama/Llama-2-70b-hf', 68_976_648_192, 'llama', [8192, 28_672, 80, 64, 8, 32_000, 4096]),
  of('meta-llama/Meta-Llama-3-8B', 8_030_261_248, 'llama', [4096, 14_336, 32, 32, 8, 128_256, 8192]),
  of('meta-llama/Meta-Llama-3-70B', 70_553_706_496, 'llama', [8192, 28_672, 80, 64, 8, 128_256, 8192]),
  of('meta-llama/Llama-3.1-8B', 8_030_261_248, 'llama', [4096, 14_336, 32, 32, 8, 128_256, 131_072]),
  of(
    'meta-llama/Llama-3.3-70B-Instruct',
    70_553_706_496,
    'llama',
    [8192, 28_672, 80, 64, 8, 128_256, 131_072],
  ),
  of('meta-llama/Llama-3.1-405B', 405_853_388_800, 'llama', [16_384, 53_248, 126, 128, 8, 128_256, 131_072]),
  of('meta-llama/Llama-3.2-1B', 1_235_814_400, 'llama', [2048, 8192, 16, 32, 8, 128_256, 131_072], {
    ...TIED,
    head_dim: 64,
  }),
  of('meta-llama/Llama-3.2-3B', 3_212_749_824, 'llama', [3072, 8192, 28, 24, 8, 128_256, 131_072], {
    ...TIED,
    head_dim: 128,
  }),
  of('TinyLlama/TinyLlama-1.1B-Chat-v1.0', 1_100_048_384, 'llama', [2048, 5632, 22, 32, 4, 32_000, 2048]),
  of('01-ai/Yi-34B', 34_388_917_248, 'llama', [7168, 20_480, 60, 56, 8, 64_000, 4096]),
  of('mistralai/Mistral-7B-v0.1', 7_241_732_096, 'mistral', [4096, 14_336, 32, 32, 8, 32_000, 32_768], {
    sliding_window: 4096,
  }),
  of(
    'mistralai/Mistral-Nemo-Base-2407',
    12_247_782_400,
    'mistral',
    [5120, 14_336, 40, 32, 8, 131_072, 131_072],
    {
      head_dim: 128,
    },
  ),
  of(
    'mistralai/Mistral-Small-24B-Base-2501',
    23_572_403_200,
    'mistral',
    [5120, 32_768, 40, 32, 8, 131_072, 32_768],
    {
      head_dim: 128,
    },
  ),
  of(
    'mistralai/Mistral-Large-Instruct-2407',
    122_610_069_504,
    'mistral',
    [12_288, 28_672, 88, 96, 8, 32_768, 131_072],
    { head_dim: 128 },
  ),
  of('mistralai/Mixtral-8x7B-v0.1', 46_702_792_704, 'mixtral', [4096, 14_336, 32, 32, 8, 32_000, 32_768], {
    num_local_experts: 8,
    num_experts_per_tok: 2,
  }),
  of('mistralai/Mixtral-8x22B-v0.1', 140_620_634_112, 'mixtral', [6144, 16_384, 56, 48, 8, 32_000, 65_536], {
    num_local_experts: 8,
    num_experts_per_tok: 2,
  }),
  of('Qwen/Qwen2.5-0.5B', 494_032_768, 'qwen2', [896, 4864, 24, 14, 2, 151_936, 32_768], TIED),
  of('Qwen/Qwen2.5-1.5B', 1_543_714_304, 'qwen2', [1536, 8960, 28, 12, 2, 151_936, 131_072], TIED),
  of('Qwen/Qwen2.5-3B', 3_085_938_688, 'qwen2', [2048, 11_008, 36, 16, 2, 151_936, 32_768], TIED),
  of('Qwen/Qwen2.5-7B', 7_615_616_512, 'qwen2', [3584, 18_944, 28, 28, 4, 152_064, 131_072]),
  of('Qwen/Qwen2.5-14B', 14_770_033_664, 'qwen2', [5120, 13_824, 48, 40, 8, 152_064, 131_072]),
  of('Qwen/Qwen2.5-32B', 32_763_876_352, 'qwen2', [5120, 27_648, 64, 40, 8, 152_064, 131_072]),
  of('Qwen/Qwen2.5-72B', 72_706_203_648, 'qwen2', [8192, 29_568, 80, 64, 8, 152_064, 131_072]),
  of('Qwen/Qwen1.5-MoE-A2.7B', 14_315_784_192, 'qwen2_moe', [2048, 5632, 24, 16, 16, 151_936, 8192], {
    moe_intermediate_size: 1408,
    shared_expert_intermediate_size: 5632,
    num_experts: 60,
    num_experts_per_tok: 4,
  }),
  of('Qwen/Qwen3-4B', 4_022_468_096, 'qwen3', [2560, 9728, 36, 32, 8, 151_936, 40_960], {
    ...TIED,
    head_dim: 128,
  }),
  of('Qwen/Qwen3-8B', 8_190_735_360, 'qwen3', [4096, 12_288, 36, 32, 8, 151_936, 40_960], { head_dim: 128 }),
  of('Qwen/Qwen3-14B', 14_768_307_200, 'qwen3', [5120, 17_408, 40, 40, 8, 151_936, 40_960], {
    head_dim: 128,
  }),
  of('Qwen/Qwen3-32B', 32_762_123_264, 'qwen3', [5120, 25_600, 64, 64, 8, 151_936, 40_960], {
    head_dim: 128,
  }),
  of('Qwen/Qwen3-30B-A3B', 30_532_122_624, 'qwen3_moe', [2048, 6144, 48, 32, 4, 151_936, 40_960], {
    head_dim: 128,
    moe_intermediate_size: 768,
    num_experts: 128,
    num_experts_per_tok: 8,
  }),
  of('Qwen/Qwen3-235B-A22B', 235_093_634_560, 'qwen3_moe', [4096, 12_288, 94, 64, 4, 151_936, 40_960], {
    head_dim: 128,
    moe_intermediate_size: 1536,
    num_experts: 128,
    num_experts_per_tok: 8,
  }),
  of('google/gemma-2b', 2_506_172_416, 'gemma', [2048, 16_384, 18, 8, 1, 256_000, 8192], { head_dim: 256 }),
  of('google/gemma-7b', 8_537_680_896, 'gemma', [3072, 24_576, 28, 16, 16, 256_000, 8192], { head_dim: 256 }),
  of('google/gemma-2-2b', 2_614_341_888, 'gemma2', [2304, 9216, 26, 8, 4, 256_000, 8192], { head_dim: 256 }),
  of('google/gemma-2-9b', 9_241_705_984, 'gemma2', [3584, 14_336, 42, 16, 8, 256_000, 8192], {
    head_dim: 256,
  }),
  of('google/gemma-2-27b', 27_227_128_320, 'gemma2', [4608, 36_864, 46, 32, 16, 256_000, 8192], {
    head_dim: 128,
  }),
  of('google/gemma-3-1b-pt', 999_885_952, 'gemma3_text', [1152, 6912, 26, 4, 1, 262_144, 32_768], {
    head_dim: 256,
  }),
  of('microsoft/phi-2', 2_779_683_840, 'phi', [2560, 10_240, 32, 32, 32, 51_200, 2048]),
  of('microsoft/Phi-3-mini-4k-instruct', 3_821_079_552, 'phi3', [3072, 8192, 32, 32, 32, 32_064, 4096]),
  of('microsoft/Phi-3-medium-4k-instruct', 13_960_238_080, 'phi3', [5120, 17_920, 40, 40, 10, 32_064, 4096]),
  of('microsoft/phi-4', 14_659_507_200, 'phi3', [5120, 17_920, 40, 40, 10, 100_352, 16_384]),
  of('microsoft/Phi-4-mini-instruct', 3_836_021_760, 'phi3', [3072, 8192, 32, 24, 8, 200_064, 131_072], TIED),
  of('EleutherAI/gpt-j-6b', 6_050_882_784, 'gptj', [4096, 16_384, 28, 16, 16, 50_400, 2048]),
  of('EleutherAI/pythia-6.9b', 6_857_302_016, 'gpt_neox', [4096, 16_384, 32, 32, 32, 50_432, 2048]),
  of('EleutherAI/gpt-neox-20b', 20_554_567_680, 'gpt_neox', [6144, 24_576, 44, 64, 64, 50_432, 2048]),
  of('openai-community/gpt2', 124_439_808, 'gpt2', [768, 3072, 12, 12, 12, 50_257, 1024]),
  of('facebook/opt-6.7b', 6_658_473_984, 'opt', [4096, 16_384, 32, 32, 32, 50_272, 2048]),
  of('bigcode/starcoder2-3b', 3_030_371_328, 'starcoder2', [3072, 12_288, 30, 24, 2, 49_152, 16_384], {
    sliding_window: 4096,
    use_bias: true,
  }),
  of('bigcode/starcoder2-7b', 7_173_923_840, 'starcoder2', [4608, 18_432, 32, 36, 4, 49_152, 16_384], {
    sliding_window: 4096,
    use_bias: true,
  }),
  of('allenai/OLMo-2-1124-7B', 7_298_617_344, 'olmo2', [4096, 11_008, 32, 32, 32, 100_352, 4096]),
  of('allenai/OLMo-2-1124-13B', 13_716_198_400, 'olmo2', [5120, 13_824, 40, 40, 40, 100_352, 4096]),
  of('allenai/OLMoE-1B-7B-0924', 6_919_161_856, 'olmoe', [2048, 1024, 16, 16, 16, 50_304, 4096], {
    num_experts: 64,
    num_experts_per_tok: 8,
  }),
  of('CohereLabs/c4ai-command-r-v01', 34_980_831_232, 'cohere', [8192, 22_528, 40, 64, 64, 256_000, 8192]),
  of(
    'CohereLabs/c4ai-command-r-plus',
    103_810_674_688,
    'cohere',
    [12_288, 33_792, 64, 96, 8, 256_000, 131_072],
    {
      use_qk_norm: true,
    },
  ),
  of('CohereLabs/aya-23-8B', 8_028_033_024, 'cohere', [4096, 14_336, 32, 32, 8, 256_000, 8192]),
  of('zai-org/GLM-4-9B-0414', 9_400_279_040, 'glm4', [4096, 13_696, 40, 32, 2, 151_552, 32_768], {
    head_dim: 128,
    ...BIASED,
  }),
  of('stabilityai/stablelm-3b-4e1t', 2_795_443_200, 'stablelm', [2560, 6912, 32, 32, 32, 50_304, 4096]),
  of('tiiuae/falcon-40b', 41_303_293_952, 'falcon', [8192, 32_768, 60, 128, 8, 65_024, 2048], {
    new_decoder_architecture: true,
    num_kv_heads: 8,
  }),
  of('openai/gpt-oss-20b', 20_914_757_184, 'gpt_oss', [2880, 2880, 24, 64, 8, 201_088, 131_072], {
    ...MXFP4,
    head_dim: 64,
    num_local_experts: 32,
    num_experts_per_tok: 4,
  }),
  of('openai/gpt-oss-120b', 116_829_156_672, 'gpt_oss', [2880, 2880, 36, 64, 8, 201_088, 131_072], {
    ...MXFP4,
    head_dim: 64,
    num_local_experts: 128,
    num_experts_per_tok: 4,
  }),
  of(
    'deepseek-ai/DeepSeek-V2-Lite',
    15_706_484_224,
    'deepseek_v2',
    [2048, 10_944, 27, 16, 16, 102_400, 163_840],
    {
      kv_lora_rank: 512,
      q_lora_rank: null,
      qk_nope_head_dim: 128,
      qk_rope_head_dim: 64,
      v_head_dim: 128,
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      moe_intermediate_size: 1408,
      first_k_dense_replace: 1,
    },
  ),
];
