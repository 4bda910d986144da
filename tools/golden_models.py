"""
Whole language models in PyTorch, for tests/browser/model.test.ts to compare ours with.

    /usr/bin/python3 tools/golden_models.py

Writes tests/golden/model-*.safetensors, which are committed. Each but the first is a small seeded model of an
architecture, with sizes that do not divide: its weights under their names in a Hugging Face checkpoint, its config.json
in the metadata. `stories` is public/models/stories, and holds no weights. `golden.logits` are those behind the prompt and
behind each of the 64 tokens that are always the likeliest; computed in float64 from the weights as they are stored. Of
`stories` the metadata also has the first choices at these tokens of its weights in blocks of int8 and int4.
"""

import json
import math
import pathlib
import re

import torch
import torch.nn.functional as F

from golden_cases import Draw, attention_config, attention_weights, mlp_config, mlp_weights
from golden_files import DTYPES, read, write
from golden_layers import attention, check_margin, mlp, rms_norm

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "golden"
STORIES = ROOT / "public" / "models" / "stories"

TOKENS = 64
# So that float32 cannot choose another token than float64.
MARGIN = 2e-3


def rope_of(config):
    scaling = config.get("rope_scaling")
    rope = {"theta": config["rope_theta"]}
    if scaling is not None:
        rope["scaling"] = {
            "kind": scaling["rope_type"],
            "factor": scaling["factor"],
            "lowFreqFactor": scaling["low_freq_factor"],
            "highFreqFactor": scaling["high_freq_factor"],
            "originalPositions": scaling["original_max_position_embeddings"],
        }
    return rope


def halves(config):
    """What golden_layers calls the attention and the MLP of a config.json."""
    kind, hidden = config["model_type"], config["hidden_size"]
    heads = config["num_attention_heads"]
    return (
        attention_config(
            hidden, heads, config["num_key_value_heads"], config.get("head_dim", hidden // heads), rope_of(config),
            bias=kind == "qwen2", qk_norm=kind in ("qwen3", "qwen3_moe"), epsilon=config["rms_norm_eps"],
        ),
        mlp_config(hidden, config["intermediate_size"]),
    )


def window_of(config, layer):
    """The one of MistralConfig, and that of Qwen2Config from `max_window_layers` on."""
    if config["model_type"] == "mistral":
        return config["sliding_window"]
    return config["sliding_window"] if config.get("use_sliding_window") and layer >= config["max_window_layers"] else None


def experts_of(config, layer):
    """The mixture of experts of a layer, as transformers has it; None in one that has none."""
    if config["model_type"] == "mixtral":
        return {
            "name": "block_sparse_moe", "experts": config["num_local_experts"], "width": config["intermediate_size"],
            "up": ("w1", "w3", "w2"), "normalize": True,
        }
    if config["model_type"] != "qwen3_moe":
        return None
    sparse = layer not in config["mlp_only_layers"] and (layer + 1) % config["decoder_sparse_step"] == 0
    return sparse and {
        "name": "mlp", "experts": config["num_experts"], "width": config["moe_intermediate_size"],
        "up": ("gate_proj", "up_proj", "down_proj"), "normalize": config["norm_topk_prob"],
    } or None


def experts_weights(draw, hidden, moe, prefix):
    prefix = f"{prefix}{moe['name']}."
    gate, up, down = moe["up"]
    w = {f"{prefix}gate.weight": draw.matrix(moe["experts"], hidden)}
    for expert in range(moe["experts"]):
        w[f"{prefix}experts.{expert}.{gate}.weight"] = draw.matrix(moe["width"], hidden)
        w[f"{prefix}experts.{expert}.{up}.weight"] = draw.matrix(moe["width"], hidden)
        w[f"{prefix}experts.{expert}.{down}.weight"] = draw.matrix(hidden, moe["width"])
    return w


def sparse_half(x, w, moe, top_k):
    """MixtralSparseMoeBlock.forward and Qwen3MoeSparseMoeBlock.forward, token by token."""
    gate, up, down = moe["up"]
    routing_weights = F.softmax(F.linear(x, w["gate.weight"]), dim=1)
    check_margin(routing_weights, top_k)
    routing_weights, selected_experts = torch.topk(routing_weights, top_k, dim=-1)
    if moe["normalize"]:
        routing_weights = routing_weights / routing_weights.sum(dim=-1, keepdim=True)
    y = torch.zeros_like(x)
    for token in range(x.shape[0]):
        for expert, weight in zip(selected_experts[token].tolist(), routing_weights[token]):
            own = lambda name: w[f"experts.{expert}.{name}.weight"]
            h = F.silu(F.linear(x[token], own(gate))) * F.linear(x[token], own(up))
            y[token] += weight * F.linear(h, own(down))
    return y


def logits_of(ids, w, config):
    """transformers' LlamaForCausalLM and those that are written as it is, of every token `[T, vocab]`."""
    attention_half, mlp_half = halves(config)
    epsilon = config["rms_norm_eps"]
    x = F.embedding(torch.tensor(ids), w["model.embed_tokens.weight"])
    for layer in range(config["num_hidden_layers"]):
        own = {
            key.removeprefix(f"model.layers.{layer}."): tensor
            for key, tensor in w.items()
            if key.startswith(f"model.layers.{layer}.")
        }
        within = lambda part: {k.removeprefix(f"{part}."): v for k, v in own.items() if k.startswith(f"{part}.")}
        normed = rms_norm(x, own["input_layernorm.weight"], epsilon)
        x = x + attention(normed, within("self_attn"), {**attention_half, "window": window_of(config, layer)})
        normed = rms_norm(x, own["post_attention_layernorm.weight"], epsilon)
        moe = experts_of(config, layer)
        if moe is None:
            x = x + mlp(normed, within("mlp"), mlp_half)
        else:
            x = x + sparse_half(normed, within(moe["name"]), moe, config["num_experts_per_tok"])
    head = w["model.embed_tokens.weight" if config["tie_word_embeddings"] else "lm_head.weight"]
    return F.linear(rms_norm(x, w["model.norm.weight"], epsilon), head)


def decoded(prompt, w, config):
    """The tokens that are always the likeliest, and the logits that made them so: behind the prompt, and behind each."""
    ids, kept = list(prompt), []
    for step in range(TOKENS + 1):
        logits = logits_of(ids, w, config)[-1]
        kept.append(logits)
        best = logits.topk(2).values
        assert best[0] - best[1] > MARGIN, f"step {step}: two tokens are nearly as likely ({best[0] - best[1]:.1e})"
        ids.append(int(logits.argmax()))
    tokens = ids[len(prompt) : -1]
    assert len(set(tokens)) > 8, f"hardly anything is said: {tokens}"
    return tokens, torch.stack(kept)


def small_model(name, seed, dtype, prompt_length=7, **config):
    config = {
        "intermediate_size": 20,
        "num_hidden_layers": 2,
        "max_position_embeddings": 96,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        **config,
    }
    draw = Draw(seed)
    attention_half, mlp_half = halves(config)
    hidden, vocab = config["hidden_size"], config["vocab_size"]
    w = {"model.embed_tokens.weight": draw.matrix(vocab, hidden)}
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}."
        w |= attention_weights(draw, attention_half, f"{prefix}self_attn.")
        moe = experts_of(config, layer)
        if moe is None:
            w |= mlp_weights(draw, mlp_half, f"{prefix}mlp.")
        else:
            w |= experts_weights(draw, hidden, moe, prefix)
        w |= {f"{prefix}{norm}.weight": draw.norm(hidden) for norm in ("input_layernorm", "post_attention_layernorm")}
    w["model.norm.weight"] = draw.norm(hidden)
    if not config["tie_word_embeddings"]:
        w["lm_head.weight"] = draw.matrix(vocab, hidden)
    w = {key: tensor.to(DTYPES[dtype]).double() for key, tensor in w.items()}
    prompt = draw.ids(vocab, prompt_length).tolist()
    tokens, logits = decoded(prompt, w, config)
    stored = {key: (dtype, tensor) for key, tensor in w.items()}
    metadata = {"config": json.dumps(config), "prompt": json.dumps(prompt), "tokens": json.dumps(tokens)}
    write(FOLDER / f"model-{name}.safetensors", {**stored, "golden.logits": ("F32", logits)}, metadata)


def in_blocks(w, bits):
    """src/numerics/blocks.ts, written anew: a bfloat16 scale for 32 elements of a row, rounded away from 0."""
    blocks = w.reshape(-1, 32)
    largest = blocks.gather(1, blocks.abs().argmax(1, keepdim=True))
    step = (largest.abs() / 127 if bits == 8 else largest / -8).float().view(torch.int32)
    scale = (((step + 0xFFFF) >> 16) << 16).view(torch.float32).double()
    least, most = (-127, 127) if bits == 8 else (-8, 7)
    codes = torch.where(scale == 0, 0.0, (blocks / scale + 0.5).floor().clamp(least, most))
    return (codes * scale).view(w.shape)


def choices(prompt, tokens, w, config, bits):
    """By forced decoding: at each of the tokens, the first choice of the model with its products in blocks."""
    products = ("_proj.weight", "lm_head.weight")
    rounded = {key: in_blocks(tensor, bits) if key.endswith(products) else tensor for key, tensor in w.items()}
    logits = logits_of([*prompt, *tokens], rounded, config)[len(prompt) - 1 :]
    best = logits.topk(2)
    margin = (best.values[:, 0] - best.values[:, 1]).min()
    assert margin > MARGIN, f"q{bits}: two tokens are nearly as likely ({margin:.1e})"
    first = best.indices[:, 0].tolist()
    same = sum(a == b for a, b in zip(first, tokens))
    print(f"q{bits}: {same} of {len(tokens)} tokens are its first choice, margin {margin:.1e}")
    return json.dumps(first)


def encode(text, tokenizer):
    """Byte-level BPE, as GPT-2 has it: https://github.com/openai/gpt-2/blob/master/src/encoder.py"""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    symbols = {byte: chr(byte) for byte in visible} | {byte: chr(256 + i) for i, byte in enumerate(hidden)}
    vocab, merges = tokenizer["model"]["vocab"], {m: i for i, m in enumerate(tokenizer["model"]["merges"])}
    ids = []
    for word in re.findall(r"'(?:[sdmt]|ll|ve|re)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+", text):
        parts = [symbols[byte] for byte in word.encode()]
        while True:
            pairs = [(merges.get(f"{a} {b}", math.inf), i) for i, (a, b) in enumerate(zip(parts, parts[1:]))]
            rank, i = min(pairs, default=(math.inf, 0))
            if rank == math.inf:
                break
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        ids += [vocab[part] for part in parts]
    return ids, {i: bytes({s: b for b, s in symbols.items()}[c] for c in piece) for piece, i in vocab.items() if i > 0}


def stories():
    config = json.loads((STORIES / "config.json").read_text())
    text = "Once upon a time, there was a little café"
    ids, pieces = encode(text, json.loads((STORIES / "tokenizer.json").read_text()))
    prompt = [config["bos_token_id"], *ids]
    w = read(STORIES / "model.safetensors")
    tokens, logits = decoded(prompt, w, config)
    continued = b"".join(pieces[token] for token in tokens).decode()
    metadata = {
        "text": text, "continued": continued, "prompt": json.dumps(prompt), "tokens": json.dumps(tokens),
        **{f"choices.q{bits}": choices(prompt, tokens, w, config, bits) for bits in (8, 4)},
    }
    write(FOLDER / "model-stories.safetensors", {"golden.logits": ("F32", logits)}, metadata)
    print(repr(continued))


def main():
    llama3 = {
        "rope_type": "llama3",
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 24,
    }
    stories()
    # The names say of each what is awkward about it.
    small_model(
        "llama-tied-bf16", 3, "BF16", architectures=["LlamaForCausalLM"], model_type="llama", hidden_size=24,
        num_attention_heads=6, num_key_value_heads=2, head_dim=8, vocab_size=53, tie_word_embeddings=True,
        rope_scaling=llama3,
    )
    # ε is large, so that none of its norms can leave it out unseen.
    small_model(
        "mistral-window-f32", 1, "F32", architectures=["MistralForCausalLM"], model_type="mistral", hidden_size=20,
        num_attention_heads=5, num_key_value_heads=5, head_dim=4, vocab_size=47, sliding_window=10, rms_norm_eps=0.1,
    )
    small_model(
        "qwen2-bias-f16", 5, "F16", architectures=["Qwen2ForCausalLM"], model_type="qwen2", hidden_size=28,
        num_attention_heads=7, num_key_value_heads=1, vocab_size=61, rope_theta=1e6,
        use_sliding_window=True, sliding_window=16, max_window_layers=1,
    )
    small_model(
        "qwen3-norms-bf16", 8, "BF16", architectures=["Qwen3ForCausalLM"], model_type="qwen3", hidden_size=22,
        num_attention_heads=6, num_key_value_heads=2, head_dim=8, vocab_size=67, tie_word_embeddings=True,
        rope_theta=1e6, rms_norm_eps=1e-6,
    )
    small_model(
        "mixtral-f16", 3, "F16", architectures=["MixtralForCausalLM"], model_type="mixtral", hidden_size=20,
        num_attention_heads=6, num_key_value_heads=3, head_dim=8, vocab_size=59, rope_theta=1e6, sliding_window=None,
        num_local_experts=5, num_experts_per_tok=2, intermediate_size=12,
    )
    # The weights of the chosen experts as they are; the middle layer has none.
    small_model(
        "qwen3-moe-bf16", 26, "BF16", architectures=["Qwen3MoeForCausalLM"], model_type="qwen3_moe", hidden_size=18,
        num_attention_heads=4, num_key_value_heads=1, head_dim=8, vocab_size=43, num_hidden_layers=3,
        num_experts=7, num_experts_per_tok=3, moe_intermediate_size=9, norm_topk_prob=False, mlp_only_layers=[1],
        decoder_sparse_step=1, rms_norm_eps=1e-6,
    )
    # Made to add up to one; every other layer has experts.
    small_model(
        "qwen3-moe-step-f32", 21, "F32", architectures=["Qwen3MoeForCausalLM"], model_type="qwen3_moe", hidden_size=16,
        num_attention_heads=3, num_key_value_heads=3, head_dim=6, vocab_size=37, num_hidden_layers=4,
        num_experts=3, num_experts_per_tok=2, moe_intermediate_size=10, norm_topk_prob=True, mlp_only_layers=[],
        decoder_sparse_step=2, tie_word_embeddings=True,
    )


main()
