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
