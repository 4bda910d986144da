"""
What PyTorch computes, for tests/browser/golden.test.ts to compare our layers with.

    apt-get install python3-torch      # Debian's 1.13.1; a newer PyTorch does as well
    /usr/bin/python3 tools/golden.py

Writes tests/golden/*.safetensors, which are committed: run it again only to change the cases. Each layer is written as
Hugging Face's transformers or DeepSeek's inference/model.py have it, whole, in float64 on inputs and weights that are
exact in float32; outputs are rounded to float32. Weights have the names of a Hugging Face checkpoint, and configurations
are those of src/program/configs.ts. A file holds several cases: `<case>.x`, `<case>.y` and `<case>.weights.<name>`,
and in its metadata the list of cases. `special` is about single operations: golden_special.py says what is in it.
"""

import json
import pathlib

import torch

from golden_cases import (
    attention_case,
    attention_config,
    block_case,
    linear_pair,
    mla_case,
    mla_config,
    mlp_case,
    mlp_config,
    moe_case,
    moe_config,
    norm,
    parallel_block_case,
    rope_case,
    vocabulary,
)
from golden_layers import mixtral_moe
from golden_special import special_cases

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"


def write(file, cases):
    """The safetensors format: the header's length, the header, the data. https://github.com/huggingface/safetensors"""
    header, data, listed = {}, bytearray(), []
    for number, (case, tensors) in enumerate(cases):
        listed.append({"name": f"{number} {case.pop('name')}", **case})
        for key, tensor in tensors.items():
            raw = tensor.detach().float().contiguous().numpy().astype("<f4").tobytes()
            header[f"{number}.{key}"] = {
                "dtype": "F32",
                "shape": list(tensor.shape),
                "data_offsets": [len(data), len(data) + len(raw)],
            }
            data += raw
    header["__metadata__"] = {"torch": torch.__version__, "cases": json.dumps(listed)}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = FOLDER / f"{file}.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(data))
    print(f"{path.name:28} {len(cases):3} cases {path.stat().st_size:9,} bytes")


def main():
    llama = {"kind": "llama3", "lowFreqFactor": 1, "highFreqFactor": 4, "originalPositions": 8192}
    deepseek_yarn = {
        "kind": "yarn", "factor": 40, "betaFast": 32, "betaSlow": 1, "originalPositions": 4096, "mscale": 1,
    }
    plain = {"theta": 10000}
    # Short sequences: the original length is so short that nearly all wavelengths are stretched or mixed.
    scaled = {"theta": 10000, "scaling": {**llama, "factor": 8, "originalPositions": 24}}
    yarn = {"kind": "yarn", "factor": 4, "betaFast": 2, "betaSlow": 0.25, "originalPositions": 16, "mscale": 1}
    yarned = {"theta": 100, "scaling": yarn}

    write("rope", [
        rope_case("no scaling", 128, {"theta": 1000000}),
        rope_case("Llama 3.2 1B", 64, {"theta": 500000, "scaling": {**llama, "factor": 32}}),
        rope_case("Llama 3.1 8B", 128, {"theta": 500000, "scaling": {**llama, "factor": 8}}),
        rope_case("DeepSeek-V3", 64, {"theta": 10000, "scaling": deepseek_yarn}),
    ])
    write("linear-pair", [
        linear_pair("with bias", 1, 24, 40, True, 5),
        linear_pair("fewer columns than ranks", 2, 33, 7, False, 6),
        linear_pair("one token", 3, 16, 64, True, 1),
    ])
    for layer, seed in {"embedding": 10, "head": 20, "cross-entropy": 30}.items():
        listed = [
            vocabulary(layer, "not padded", seed, 50, 24, 1, 6),
            vocabulary(layer, "padded to 64", seed + 1, 257, 16, 64, 9),
            vocabulary(layer, "padded to 128, one token", seed + 2, 101, 32, 128, 1),
        ]
        if layer == "cross-entropy":
            listed.append(vocabulary(layer, "logits above 100", seed + 3, 50, 24, 1, 6, scale=64))
        write(layer, listed)
    # Each norm, wherever it stands, has a case of a large ε: a small one that is left out may not be seen. Behind the
    # last block it stands in a model alone: golden_models.py.
    write("norms", [
        norm("RMSNorm", 40, "rms-norm", 48, 1, 5, 1e-5),
        norm("RMSNorm of each head", 41, "rms-norm", 8, 5, 4, 1e-6),
        norm("LayerNorm", 42, "layer-norm", 40, 1, 5, 1e-5),
        norm("RMSNorm, large ε", 43, "rms-norm", 24, 2, 3, 0.1),
        norm("LayerNorm, large ε", 44, "layer-norm", 24, 1, 3, 0.1),
    ])
    write("mlp", [
        mlp_case("SwiGLU", 50, mlp_config(32, 44), 6),
        mlp_case("SwiGLU with bias", 51, mlp_config(24, 50, bias=True), 5),
        mlp_case("SwiGLU, gate and up merged", 52, mlp_config(24, 37, merged=True), 4),
        mlp_case("SwiGLU, merged with bias", 53, mlp_config(40, 64, bias=True, merged=True), 1),
        mlp_case("GELU", 54, mlp_config(24, 60, "gelu", bias=True), 6),
        mlp_case("GELU, tanh form", 55, mlp_config(30, 41, "gelu-tanh", bias=True), 3),
    ])
    write("attention", [
        attention_case("5 heads, 5 kv", 60, attention_config(40, 5, 5, 8, plain), [7]),
        attention_case("8 heads, 2 kv, Llama 3 RoPE", 61, attention_config(48, 8, 2, 16, scaled), [30, 1, 1, 1]),
        attention_case("6 heads, 3 kv, bias", 62, attention_config(36, 6, 3, 8, plain, bias=True), [5, 3, 1]),
        attention_case("14 heads, 2 kv, bias", 63, attention_config(56, 14, 2, 8, plain, bias=True), [6, 1, 1]),
        attention_case("4 heads, 1 kv, no RoPE", 64, attention_config(32, 4, 1, 16, None), [4, 1]),
        attention_case("8 heads, 2 kv, norms", 65, attention_config(40, 8, 2, 8, plain, qk_norm=True), [6, 1]),
        attention_case("8 heads, 8 kv, all of it", 66, attention_config(24, 8, 8, 4, scaled, True, True), [33, 2]),
        attention_case(
            "4 heads, 2 kv, norms of large ε", 68, attention_config(24, 4, 2, 8, plain, qk_norm=True, epsilon=0.1), [4],
        ),
        attention_case("6 heads, 2 kv, YaRN", 67, attention_config(40, 6, 2, 8, yarned), [22, 1, 1]),
    ])
    write("mla", [
        mla_case("4 heads", 70, mla_config(32, 4, 24, 16, 8, 8, 8, plain), [6, 1, 1]),
        mla_case("6 heads, q in one step, YaRN", 71, mla_config(40, 6, 0, 24, 16, 8, 12, yarned), [24, 1]),
        mla_case("4 heads, norms of large ε", 73, mla_config(24, 4, 12, 8, 8, 8, 8, plain, epsilon=0.1), [4]),
        mla_case("5 heads, YaRN", 72, mla_config(36, 5, 20, 12, 8, 16, 10, yarned), [20, 3, 1]),
    ])
    deepseek = {"groups": 4, "top_groups": 2, "bias": True, "routeScale": 2.5, "sharedExperts": 1}
    softmax = {"groups": 3, "top_groups": 1, "normalize": False, "sharedExperts": 2}
    write("moe", [
        moe_case("DeepSeek-V3", 80, moe_config(24, 12, 8, 3, "sigmoid", **deepseek), 9),
        moe_case("DeepSeek-V2", 87, moe_config(24, 10, 9, 2, "softmax", **softmax), 6),
        moe_case("Mixtral", 82, moe_config(32, 20, 8, 2, "softmax"), 7, mixtral_moe),
        moe_case("one token, idle experts", 83, moe_config(24, 14, 8, 2, "softmax"), 1, mixtral_moe, idle=True),
        moe_case("5 experts, one each", 84, moe_config(20, 9, 5, 1, "sigmoid", bias=True, sharedExperts=1), 5),
    ])
    write("block", [
        block_case(
            "Llama", 90,
            ("attention", attention_config(32, 4, 2, 8, scaled)), ("mlp", mlp_config(32, 44)), [26, 1, 1],
        ),
        block_case(
            "Qwen, biases everywhere", 91,
            ("attention", attention_config(28, 7, 1, 4, plain, True, True)), ("mlp", mlp_config(28, 36, bias=True)),
            [5, 1],
        ),
        block_case(
            "norms of large ε", 93,
            ("attention", attention_config(24, 4, 2, 8, plain)), ("mlp", mlp_config(24, 20)), [4], epsilon=0.1,
        ),
        block_case(
            "DeepSeek-V3", 92,
            ("mla", mla_config(32, 4, 24, 16, 8, 8, 8, yarned)),
            ("moe", moe_config(32, 12, 8, 2, "sigmoid", **deepseek)), [18, 2, 1],
        ),
    ])
    write("parallel-block", [
        parallel_block_case(
            "LayerNorm, GELU with bias, as GPT-J", 100,
            ("attention", attention_config(32, 4, 4, 8, plain)), ("mlp", mlp_config(32, 44, "gelu-tanh", bias=True)),
            [6, 2], norm="layer",
        ),
        parallel_block_case(
            "RMSNorm, SwiGLU, 8 heads, 2 kv", 101,
            ("attention", attention_config(40, 8, 2, 8, scaled)), ("mlp", mlp_config(40, 52)), [26, 1],
        ),
        parallel_block_case(
            "LayerNorm of large ε, bias of q, k and v", 102,
            ("attention", attention_config(24, 4, 2, 8, plain, bias=True)), ("mlp", mlp_config(24, 20, "gelu")),
            [4], norm="layer", epsilon=0.1,
        ),
        parallel_block_case(
            "DeepSeek-V3’s halves", 104,
            ("mla", mla_config(32, 4, 24, 16, 8, 8, 8, yarned)),
            ("moe", moe_config(32, 12, 8, 2, "sigmoid", **deepseek)), [18, 2],
        ),
    ])
    write("special", special_cases())


main()
