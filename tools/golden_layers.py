"""
The layers of golden.py, in PyTorch and by nobody's formulas but the originals': transformers' modeling_llama.py,
modeling_qwen3.py, modeling_mixtral.py and modeling_rope_utils.py, and DeepSeek-V3's inference/model.py, whose names
are kept. One process, nothing cut. x is `[tokens, hidden]`.
"""

import math

import torch
import torch.nn.functional as F

# So that float32 cannot choose another expert than float64.
GATE_MARGIN = 1e-3


def rms_norm(x, weight, epsilon):
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + epsilon))


def layer_norm(x, weight, bias, epsilon):
    return F.layer_norm(x, weight.shape, weight, bias, epsilon)


# RoPE


def plain_frequencies(dim, rope):
    return 1.0 / (rope["theta"] ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim))


def llama3_frequencies(dim, rope):
    """transformers' _compute_llama3_parameters."""
    inv_freq = plain_frequencies(dim, rope)
    scaling = rope["scaling"]
    factor, old_context_len = scaling["factor"], scaling["originalPositions"]
    low_freq_factor, high_freq_factor = scaling["lowFreqFactor"], scaling["highFreqFactor"]
    low_freq_wavelen = old_context_len / low_freq_factor
    high_freq_wavelen = old_context_len / high_freq_factor
    wavelen = 2 * math.pi / inv_freq
    inv_freq_llama = torch.where(wavelen > low_freq_wavelen, inv_freq / factor, inv_freq)
    smooth_factor = (old_context_len / wavelen - low_freq_factor) / (high_freq_factor - low_freq_factor)
    smoothed_inv_freq = (1 - smooth_factor) * inv_freq_llama / factor + smooth_factor * inv_freq_llama
    is_medium_freq = ~(wavelen < high_freq_wavelen) * ~(wavelen > low_freq_wavelen)
    return torch.where(is_medium_freq, smoothed_inv_freq, inv_freq_llama)


def deepseek_frequencies(dim, rope):
    """The first half of DeepSeek's precompute_freqs_cis."""
    freqs = 1.0 / (rope["theta"] ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim))
    scaling = rope.get("scaling")
    if scaling is None:
        return freqs

    def find_correction_dim(num_rotations, dim, base, max_seq_len):
        return dim * math.log(max_seq_len / (num_rotations * 2 * math.pi)) / (2 * math.log(base))

    def find_correction_range(low_rot, high_rot, dim, base, max_seq_len):
        low = math.floor(find_correction_dim(low_rot, dim, base, max_seq_len))
        high = math.ceil(find_correction_dim(high_rot, dim, base, max_seq_len))
        return max(low, 0), min(high, dim - 1)

    def linear_ramp_factor(min, max, dim):
        if min == max:
            max += 0.001
        linear_func = (torch.arange(dim, dtype=torch.float64) - min) / (max - min)
        return torch.clamp(linear_func, 0, 1)

    low, high = find_correction_range(
        scaling["betaFast"], scaling["betaSlow"], dim, rope["theta"], scaling["originalPositions"]
    )
    smooth = 1 - linear_ramp_factor(low, high, dim // 2)
    return freqs / scaling["factor"] * (1 - smooth) + freqs * smooth


def rope_frequencies(dim, rope):
    """Of a whole head, as transformers' ROPE_INIT_FUNCTIONS choose; _compute_yarn_parameters has DeepSeek's frequencies."""
    kind = rope.get("scaling", {}).get("kind")
    return {None: plain_frequencies, "llama3": llama3_frequencies, "yarn": deepseek_frequencies}[kind](dim, rope)


def attention_factor(rope):
    """transformers multiplies cos and sin by it: YaRN's 0.1·mscale·ln factor + 1."""
    scaling = rope.get("scaling", {})
    return 0.1 * scaling["mscale"] * math.log(scaling["factor"]) + 1.0 if scaling.get("kind") == "yarn" else 1.0


def rotate_half(x):
    x1 = x[..., : x.shape[-1] // 2]
    x2 = x[..., x.shape[-1] // 2 :]
    return torch.cat((-x2, x1), dim=-1)


def apply_rotary_pos_emb(q, k, cos, sin):
    return (q * cos) + (rotate_half(q) * sin), (k * cos) + (rotate_half(k) * sin)


def apply_rotary_emb(x, freqs_cis):
    """DeepSeek's: x `[tokens, heads, dim]`, freqs_cis `[tokens, dim / 2]`."""
    x = torch.view_as_complex(x.contiguous().view(*x.shape[:-1], -1, 2))
    freqs_cis = freqs_cis.view(x.size(0), 1, x.size(-1))
    return torch.view_as_real(x * freqs_cis).flatten(-2)


# Attention


def repeat_kv(hidden_states, n_rep):
    """`[kv_heads, tokens, dim]` → `[kv_heads · n_rep, tokens, dim]`."""
    num_key_value_heads, slen, head_dim = hidden_states.shape
    hidden_states = hidden_states[:, None, :, :].expand(num_key_value_heads, n_rep, slen, head_dim)
    return hidden_states.reshape(num_key_value_heads * n_rep, slen, head_dim)


def causal_mask(tokens, window=None):
    """transformers' causal_mask_function and sliding_window_overlay: kv_idx <= q_idx, and kv_idx > q_idx - window."""
    mask = torch.full((tokens, tokens), float("-inf"), dtype=torch.float64)
    return mask.triu(1) if window is None else mask.triu(1) + mask.tril(-window)


def attention(x, w, config):
    """LlamaAttention, with Qwen2's biases and Qwen3's norms, over the whole sequence at once."""
    tokens, head_dim, rope = x.shape[0], config["headDim"], config["rope"]

    def heads(name):
        y = F.linear(x, w[f"{name}_proj.weight"], w.get(f"{name}_proj.bias")).view(tokens, -1, head_dim)
        if config["qkNorm"] and name != "v":
            y = rms_norm(y, w[f"{name}_norm.weight"], config["normEpsilon"])
        return y.transpose(0, 1)

    query, key, value = heads("q"), heads("k"), heads("v")
    if rope is not None:
        freqs = torch.outer(torch.arange(tokens, dtype=torch.float64), rope_frequencies(head_dim, rope))
        emb, factor = torch.cat((freqs, freqs), dim=-1), attention_factor(rope)
        query, key = apply_rotary_pos_emb(query, key, emb.cos() * factor, emb.sin() * factor)
    groups = config["heads"] // config["kvHeads"]
    key, value = repeat_kv(key, groups), repeat_kv(value, groups)
    weights = torch.matmul(query, key.transpose(1, 2)) / math.sqrt(head_dim)
    weights = weights + causal_mask(tokens, config.get("window"))
    out = torch.matmul(F.softmax(weights, dim=-1), value)
    return F.linear(out.transpose(0, 1).reshape(tokens, -1), w["o_proj.weight"])


def mla(x, w, config):
    """DeepSeek's MLA.forward, both of its ways, over the whole sequence at once."""
    seqlen, n_heads, kv_lora_rank = x.shape[0], config["heads"], config["kvLoraRank"]
    nope, rope_dim, v_dim = config["nopeDim"], config["ropeDim"], config["valueDim"]
    rope, eps = config["rope"], config["normEpsilon"]

    softmax_scale = (nope + rope_dim) ** -0.5
    scaling = rope.get("scaling")
    if scaling is not None:
        mscale = 0.1 * scaling["mscale"] * math.log(scaling["factor"]) + 1.0
        softmax_scale = softmax_scale * mscale * mscale
    freqs = torch.outer(torch.arange(seqlen, dtype=torch.float64), deepseek_frequencies(rope_dim, rope))
    freqs_cis = torch.polar(torch.ones_like(freqs), freqs)

    if config["qLoraRank"] == 0:
        q = F.linear(x, w["q_proj.weight"])
    else:
        q_a = rms_norm(F.linear(x, w["q_a_proj.weight"]), w["q_a_layernorm.weight"], eps)
        q = F.linear(q_a, w["q_b_proj.weight"])
    q = q.view(seqlen, n_heads, nope + rope_dim)
    q_nope, q_pe = torch.split(q, [nope, rope_dim], dim=-1)
    q_pe = apply_rotary_emb(q_pe, freqs_cis)
    kv, k_pe = torch.split(F.linear(x, w["kv_a_proj_with_mqa.weight"]), [kv_lora_rank, rope_dim], dim=-1)
    k_pe = apply_rotary_emb(k_pe.unsqueeze(1), freqs_cis)
    kv = rms_norm(kv, w["kv_a_layernorm.weight"], eps)
    mask = causal_mask(seqlen).unsqueeze(1)

    # naive
    full = F.linear(kv, w["kv_b_proj.weight"]).view(seqlen, n_heads, nope + v_dim)
    k_nope, v = torch.split(full, [nope, v_dim], dim=-1)
    k = torch.cat([k_nope, k_pe.expand(-1, n_heads, -1)], dim=-1)
    scores = torch.einsum("shd,thd->sht", torch.cat([q_nope, q_pe], dim=-1), k) * softmax_scale + mask
    out = torch.einsum("sht,thd->shd", scores.softmax(dim=-1), v)

    # absorb
    wkv_b = w["kv_b_proj.weight"].view(n_heads, -1, kv_lora_rank)
    q_c = torch.einsum("shd,hdc->shc", q_nope, wkv_b[:, :nope])
    scores = torch.einsum("shc,tc->sht", q_c, kv) + torch.einsum("shr,tr->sht", q_pe, k_pe.squeeze(1))
    mixed = torch.einsum("sht,tc->shc", (scores * softmax_scale + mask).softmax(dim=-1), kv)
    absorbed = torch.einsum("shc,hdc->shd", mixed, wkv_b[:, -v_dim:])

    assert (out - absorbed).abs().max() < 1e-12
    return F.linear(out.flatten(1), w["o_proj.weight"])


# MLP and experts


def mlp(x, w, config):
    """LlamaMLP, Phi3MLP where gate and up are merged, or the MLP of GPT-2 and its kin."""
    if config["activation"] != "swiglu":
        up = F.linear(x, w["up_proj.weight"], w.get("up_proj.bias"))
        h = F.gelu(up, approximate="tanh" if config["activation"] == "gelu-tanh" else "none")
    elif config["merged"]:
        gate, up = F.linear(x, w["gate_up_proj.weight"], w.get("gate_up_proj.bias")).chunk(2, dim=-1)
        h = F.silu(gate) * up
    else:
        gate = F.linear(x, w["gate_proj.weight"], w.get("gate_proj.bias"))
        h = F.silu(gate) * F.linear(x, w["up_proj.weight"], w.get("up_proj.bias"))
    return F.linear(h, w["down_proj.weight"], w.get("down_proj.bias"))


def expert_of(w, prefix):
    own = {key[len(prefix) :]: value for key, value in w.items() if key.startswith(prefix)}
    return lambda x: mlp(x, own, {"activation": "swiglu", "merged": False})


def check_margin(scores, k):
    """Between the last that is chosen and the first that is not."""
    ranked = scores.sort(dim=-1, descending=True).values
    if k < ranked.shape[-1]:
        gap = (ranked[:, k - 1] - ranked[:, k]).min()
        assert gap > GATE_MARGIN, f"a choice of the gate hangs by {gap:.1e}; take another seed"


def gate(x, w, config):
    """DeepSeek's Gate.forward."""
    n_groups, topk_groups, topk = config["groups"], config["topGroups"], config["topK"]
    bias = w.get("gate.e_score_correction_bias")
    scores = F.linear(x, w["gate.weight"])
    scores = scores.softmax(dim=-1) if config["score"] == "softmax" else scores.sigmoid()
    original_scores = scores
    if bias is not None:
        scores = scores + bias
    if n_groups > 1:
        scores = scores.view(x.size(0), n_groups, -1)
        best, best_two = scores.amax(dim=-1), scores.topk(2, dim=-1)[0].sum(dim=-1)
        group_scores = best if bias is None else best_two
        check_margin(group_scores, topk_groups)
        indices = group_scores.topk(topk_groups, dim=-1)[1]
        other = (best_two if bias is None else best).topk(topk_groups, dim=-1)[1]
        assert not indices.sort().values.equal(other.sort().values), "either rule chooses alike; take another seed"
        mask = torch.ones(x.size(0), n_groups, dtype=torch.bool).scatter_(1, indices, False)
        scores = scores.masked_fill(mask.unsqueeze(-1), float("-inf")).flatten(1)
    check_margin(scores, topk)
    indices = torch.topk(scores, topk, dim=-1)[1]
    weights = original_scores.gather(1, indices)
    if config["normalize"]:
        weights = weights / weights.sum(dim=-1, keepdim=True)
    return weights * config["routeScale"], indices


def deepseek_moe(x, w, config):
    """DeepSeek's MoE.forward, and how many tokens chose each expert."""
    weights, indices = gate(x, w, config)
    y = torch.zeros_like(x)
    counts = torch.bincount(indices.flatten(), minlength=config["experts"]).tolist()
    for i in range(config["experts"]):
        if counts[i] == 0:
            continue
        idx, top = torch.where(indices == i)
        y[idx] += expert_of(w, f"experts.{i}.")(x[idx]) * weights[idx, top, None]
    if config["sharedExperts"] == 0:
        return y, counts
    return y + expert_of(w, "shared_experts.")(x), counts


def mixtral_moe(x, w, config):
    """MixtralSparseMoeBlock.forward."""
    num_experts, top_k = config["experts"], config["topK"]
    routing_weights = F.softmax(F.linear(x, w["gate.weight"]), dim=1)
    check_margin(routing_weights, top_k)
    routing_weights, selected_experts = torch.topk(routing_weights, top_k, dim=-1)
    routing_weights = routing_weights / routing_weights.sum(dim=-1, keepdim=True)
    final_hidden_states = torch.zeros_like(x)
    expert_mask = F.one_hot(selected_experts, num_classes=num_experts).permute(2, 1, 0)
    for expert_idx in range(num_experts):
        idx, top_x = torch.where(expert_mask[expert_idx])
        current_state = x[None, top_x].reshape(-1, x.shape[1])
        current = expert_of(w, f"experts.{expert_idx}.")(current_state) * routing_weights[top_x, idx, None]
        final_hidden_states.index_add_(0, top_x, current)
    return final_hidden_states, expert_mask.sum(dim=(1, 2)).tolist()
