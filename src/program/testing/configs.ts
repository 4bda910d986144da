/** Small configuration files, with what none of their kind is without. */

export const llama = {
  architectures: ['LlamaForCausalLM'],
  hidden_size: 64,
  intermediate_size: 96,
  num_attention_heads: 8,
  num_hidden_layers: 3,
  vocab_size: 100,
};

export const deepSeek = {
  ...llama,
  architectures: ['DeepseekV3ForCausalLM'],
  kv_lora_rank: 16,
  q_lora_rank: 24,
  qk_nope_head_dim: 8,
  qk_rope_head_dim: 4,
  v_head_dim: 8,
  first_k_dense_replace: 1,
  n_routed_experts: 8,
  n_shared_experts: 1,
  n_group: 4,
  topk_group: 2,
  num_experts_per_tok: 2,
  moe_intermediate_size: 12,
};

/** deepseek-ai/DeepSeek-V2-Lite, as far as it says what is computed. */
export const deepSeekV2Lite = {
  architectures: ['DeepseekV2ForCausalLM'],
  first_k_dense_replace: 1,
  hidden_size: 2048,
  intermediate_size: 10_944,
  kv_lora_rank: 512,
  moe_intermediate_size: 1408,
  n_group: 1,
  n_routed_experts: 64,
  n_shared_experts: 2,
  num_attention_heads: 16,
  num_experts_per_tok: 6,
  num_hidden_layers: 27,
  q_lora_rank: null,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  topk_group: 1,
  topk_method: 'greedy',
  v_head_dim: 128,
  vocab_size: 102_400,
};

/** Qwen/Qwen3-235B-A22B-FP8, likewise. */
export const qwen3Fp8 = {
  architectures: ['Qwen3MoeForCausalLM'],
  decoder_sparse_step: 1,
  head_dim: 128,
  hidden_size: 4096,
  intermediate_size: 12_288,
  max_position_embeddings: 40_960,
  max_window_layers: 94,
  mlp_only_layers: [],
  moe_intermediate_size: 1536,
  norm_topk_prob: true,
  num_attention_heads: 64,
  num_experts: 128,
  num_experts_per_tok: 8,
  num_hidden_layers: 94,
  num_key_value_heads: 4,
  quantization_config: { fmt: 'e4m3', quant_method: 'fp8', weight_block_size: [128, 128] },
  vocab_size: 151_936,
};
