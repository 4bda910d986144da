"""
The cases of golden.py: a layer of a given size, the weights it has in a Hugging Face checkpoint, and what it makes of
seeded inputs. Sizes are small, so that all files together stay near a megabyte.
"""

import math

import torch
import torch.nn.functional as F

from golden_layers import (
    attention,
    deepseek_moe,
    layer_norm,
    mla,
    mlp,
    rms_norm,
    rope_frequencies,
)


class Draw:
    """Seeded numbers of unit scale, exact in float32."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.generator, dtype=torch.float64).float().double()

    def matrix(self, out, into):
        return (self.normal(out, into) / math.sqrt(into)).float().double()

    def bias(self, size):
        return (self.normal(size) / 4).float().double()

    def norm(self, size):
        return (1 + self.normal(size) / 8).float().double()

    def ids(self, vocab, count):
        return torch.randint(vocab, (count,), generator=self.generator)


def case(name, layer, config, weights, tensors, **more):
    stored = {f"weights.{key}": value for key, value in weights.items()}
    return {"name": name, "layer": layer, "config": config, **more}, {**tensors, **stored}


def linear_pair(name, seed, hidden, intermediate, bias, tokens):
    draw = Draw(seed)
    w = {"A.weight": draw.matrix(intermediate, hidden), "B.weight": draw.matrix(hidden, intermediate)}
    if bias:
        w |= {"A.bias": draw.bias(intermediate), "B.bias": draw.bias(hidden)}
    x = draw.normal(tokens, hidden)
    y = F.linear(F.linear(x, w["A.weight"], w.get("A.bias")), w["B.weight"], w.get("B.bias"))
    config = {"hidden": hidden, "intermediate": intermediate, "bias": bias}
    return case(name, "linear-pair", config, w, {"x": x, "y": y}, passes=[tokens])


def vocabulary(layer, name, seed, vocab, hidden, pad_to, tokens, scale=1):
    """With a scale of 64 a loss overflows unless the largest logit is taken off first."""
    draw = Draw(seed)
    config = {"vocab": vocab, "hidden": hidden, **({"padTo": pad_to} if pad_to > 1 else {})}
    if layer == "embedding":
        table, ids = draw.normal(vocab, hidden), draw.ids(vocab, tokens)
        ids[0], ids[-1] = 0, vocab - 1
        given, y = {}, F.embedding(ids, table)
    else:
        table, ids = draw.matrix(vocab, hidden), draw.ids(vocab, tokens)
        given = {"x": scale * draw.normal(tokens, hidden)}
        logits = F.linear(given["x"], table)
        y = logits if layer == "head" else F.cross_entropy(logits, ids, reduction="none")
    more = {"passes": [tokens], "scale": scale, **({} if layer == "head" else {"ids": ids.tolist()})}
    return case(name, layer, config, {"weight": table}, {**given, "y": y}, **more)


def norm(name, seed, kind, width, groups, tokens, epsilon):
    draw = Draw(seed)
    x = draw.normal(tokens, groups * width)
    w = {"norm.weight": draw.norm(width)}
    if kind == "layer-norm":
        w["norm.bias"] = draw.bias(width)
        y = layer_norm(x, w["norm.weight"], w["norm.bias"], epsilon)
    else:
        y = rms_norm(x.view(tokens, groups, width), w["norm.weight"], epsilon).flatten(1)
    return case(name, kind, {"width": width, "epsilon": epsilon}, w, {"x": x, "y": y}, passes=[tokens])


def mlp_weights(draw, config, prefix=""):
    hidden, wide, bias = config["hidden"], config["intermediate"], config["bias"]
    halves = ["gate_proj", "up_proj"] if config["activation"] == "swiglu" else ["up_proj"]
    sizes = {"gate_up_proj": 2 * wide} if config["merged"] else {half: wide for half in halves}
    w = {f"{prefix}{name}.weight": draw.matrix(out, hidden) for name, out in sizes.items()}
    w[f"{prefix}down_proj.weight"] = draw.matrix(hidden, wide)
    if bias:
        w |= {f"{prefix}{name}.bias": draw.bias(out) for name, out in {**sizes, "down_proj": hidden}.items()}
    return w


def mlp_config(hidden, intermediate, activation="swiglu", bias=False, merged=False):
    return {
        "hidden": hidden,
        "intermediate": intermediate,
        "activation": activation,
        "bias": bias,
        "merged": merged,
    }


def mlp_case(name, seed, config, tokens):
    draw = Draw(seed)
    w, x = mlp_weights(draw, config), draw.normal(tokens, config["hidden"])
    return case(name, "mlp", config, w, {"x": x, "y": mlp(x, w, config)}, passes=[tokens])


def attention_config(hidden, heads, kv_heads, head_dim, rope, bias=False, qk_norm=False, epsilon=1e-6):
    return {
        "hidden": hidden,
        "heads": heads,
        "kvHeads": kv_heads,
        "headDim": head_dim,
        "rope": rope,
        "qkvBias": bias,
        "qkNorm": qk_norm,
        "normEpsilon": epsilon,
    }


def attention_weights(draw, config, prefix=""):
    hidden, width = config["hidden"], config["headDim"]
    w = {}
    for name, heads in {"q": config["heads"], "k": config["kvHeads"], "v": config["kvHeads"]}.items():
        w[f"{prefix}{name}_proj.weight"] = draw.matrix(heads * width, hidden)
        if config["qkvBias"]:
            w[f"{prefix}{name}_proj.bias"] = draw.bias(heads * width)
    if config["qkNorm"]:
        w |= {f"{prefix}{name}_norm.weight": draw.norm(width) for name in ("q", "k")}
    w[f"{prefix}o_proj.weight"] = draw.matrix(hidden, config["heads"] * width)
    return w


def attention_case(name, seed, config, passes):
    draw = Draw(seed)
    w, x = attention_weights(draw, config), draw.normal(sum(passes), config["hidden"])
    y = attention(x, w, config)
    if (config["rope"] or {}).get("scaling"):
        without = attention(x, w, {**config, "rope": {"theta": config["rope"]["theta"]}})
        assert (y - without).abs().max() > 0.01, "the sequence is too short for the scaling to matter"
    return case(name, "attention", config, w, {"x": x, "y": y}, passes=passes)


def mla_config(hidden, heads, q_rank, kv_rank, nope, rope_dim, value, rope, epsilon=1e-6):
    return {
        "hidden": hidden,
        "heads": heads,
        "qLoraRank": q_rank,
        "kvLoraRank": kv_rank,
        "nopeDim": nope,
        "ropeDim": rope_dim,
        "valueDim": value,
        "rope": rope,
        "normEpsilon": epsilon,
        "cache": "naive",
    }


def mla_weights(draw, config, prefix=""):
    hidden, heads, q_rank, kv_rank = (config[key] for key in ("hidden", "heads", "qLoraRank", "kvLoraRank"))
    nope, rope, value = (config[key] for key in ("nopeDim", "ropeDim", "valueDim"))
    w = {}
    if q_rank > 0:
        w["q_a_proj.weight"] = draw.matrix(q_rank, hidden)
        w["q_a_layernorm.weight"] = draw.norm(q_rank)
        w["q_b_proj.weight"] = draw.matrix(heads * (nope + rope), q_rank)
    else:
        w["q_proj.weight"] = draw.matrix(heads * (nope + rope), hidden)
    w["kv_a_proj_with_mqa.weight"] = draw.matrix(kv_rank + rope, hidden)
    w["kv_a_layernorm.weight"] = draw.norm(kv_rank)
    w["kv_b_proj.weight"] = draw.matrix(heads * (nope + value), kv_rank)
    w["o_proj.weight"] = draw.matrix(hidden, heads * value)
    return {prefix + key: value for key, value in w.items()}


def mla_case(name, seed, config, passes):
    draw = Draw(seed)
    w, x = mla_weights(draw, config), draw.normal(sum(passes), config["hidden"])
    y = mla(x, w, config)
    if config["rope"].get("scaling"):
        without = mla(x, w, {**config, "rope": {"theta": config["rope"]["theta"]}})
        assert (y - without).abs().max() > 0.01, "the sequence is too short for the scaling to matter"
    return case(name, "mla", config, w, {"x": x, "y": y}, passes=passes)


def moe_config(hidden, intermediate, experts, top_k, score, groups=1, top_groups=1, bias=False, **more):
    return {
        "hidden": hidden,
        "intermediate": intermediate,
        "experts": experts,
        "topK": top_k,
        "score": score,
        "groups": groups,
        "topGroups": top_groups,
        "gateBias": bias,
        "normalize": True,
        "routeScale": 1,
        "sharedExperts": 0,
        "reduce": "each",
        **more,
    }


def moe_weights(draw, config, prefix=""):
    hidden, wide, experts, shared = (
        config[key] for key in ("hidden", "intermediate", "experts", "sharedExperts")
    )
    w = {f"{prefix}gate.weight": draw.matrix(experts, hidden)}
    if config["gateBias"]:
        w[f"{prefix}gate.e_score_correction_bias"] = draw.bias(experts)
    for expert in range(experts):
        w |= mlp_weights(draw, mlp_config(hidden, wide), f"{prefix}experts.{expert}.")
    if shared > 0:
        w |= mlp_weights(draw, mlp_config(hidden, shared * wide), f"{prefix}shared_experts.")
    return w


def moe_case(name, seed, config, tokens, reference=deepseek_moe, idle=False):
    draw = Draw(seed)
    w, x = moe_weights(draw, config), draw.normal(tokens, config["hidden"])
    y, counts = reference(x, w, config)
    assert not idle or min(counts) == 0, "every expert was chosen"
    return case(name, "moe", config, w, {"x": x, "y": y}, passes=[tokens], routing=counts)


def block_case(name, seed, attention_part, mlp_part, passes, epsilon=1e-5):
    """x + attention(norm(x)), then x + mlp(norm(x)), as LlamaDecoderLayer and DeepSeek's Block."""
    (kind, first), (mlp_kind, second) = attention_part, mlp_part
    draw, hidden = Draw(seed), first["hidden"]
    x = draw.normal(sum(passes), hidden)
    make = attention_weights if kind == "attention" else mla_weights
    make_mlp = mlp_weights if mlp_kind == "mlp" else moe_weights
    inner, inner_mlp = make(draw, first), make_mlp(draw, second)
    norms = {f"{key}.weight": draw.norm(hidden) for key in ("input_layernorm", "post_attention_layernorm")}

    h = rms_norm(x, norms["input_layernorm.weight"], epsilon)
    middle = x + (attention if kind == "attention" else mla)(h, inner, first)
    h = rms_norm(middle, norms["post_attention_layernorm.weight"], epsilon)
    y = middle + (mlp(h, inner_mlp, second) if mlp_kind == "mlp" else deepseek_moe(h, inner_mlp, second)[0])

    w = {**norms, **{f"self_attn.{k}": v for k, v in inner.items()}, **{f"mlp.{k}": v for k, v in inner_mlp.items()}}
    config = {
        "attention": {"kind": kind, **first},
        "mlp": {"kind": mlp_kind, **second},
        "normEpsilon": epsilon,
        "sequenceParallel": False,
    }
    return case(name, "block", config, w, {"x": x, "y": y}, passes=passes)


def parallel_block_case(name, seed, attention_part, mlp_part, passes, norm="rms", epsilon=1e-5):
    """x + attention(norm(x)) + mlp(norm(x)), as GPTJBlock and CohereDecoderLayer."""
    (kind, first), (mlp_kind, second) = attention_part, mlp_part
    draw, hidden = Draw(seed), first["hidden"]
    x = draw.normal(sum(passes), hidden)
    make = attention_weights if kind == "attention" else mla_weights
    make_mlp = mlp_weights if mlp_kind == "mlp" else moe_weights
    inner, inner_mlp = make(draw, first), make_mlp(draw, second)
    w = {"input_layernorm.weight": draw.norm(hidden)}
    if norm == "layer":
        w["input_layernorm.bias"] = draw.bias(hidden)
        h = layer_norm(x, w["input_layernorm.weight"], w["input_layernorm.bias"], epsilon)
    else:
        h = rms_norm(x, w["input_layernorm.weight"], epsilon)
    heads = (attention if kind == "attention" else mla)(h, inner, first)
    y = x + heads + (mlp(h, inner_mlp, second) if mlp_kind == "mlp" else deepseek_moe(h, inner_mlp, second)[0])

    w |= {**{f"self_attn.{k}": v for k, v in inner.items()}, **{f"mlp.{k}": v for k, v in inner_mlp.items()}}
    config = {
        "attention": {"kind": kind, **first},
        "mlp": {"kind": mlp_kind, **second},
        "norm": norm,
        "normEpsilon": epsilon,
    }
    return case(name, "parallel-block", config, w, {"x": x, "y": y}, passes=passes)


def rope_case(name, dim, rope):
    """Radians a position of each pair."""
    return case(name, "rope", {"dim": dim, "rope": rope}, {}, {"y": rope_frequencies(dim, rope)})
