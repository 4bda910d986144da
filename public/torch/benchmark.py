#!/usr/bin/env python3
"""
Ringside's benchmark in PyTorch: the same layers, collectives and seeded numbers as in the browser, on real processes.

    torchrun --nproc_per_node=4 benchmark.py --backend gloo --out run.json    # nccl: one GPU a rank
    python3 benchmark.py --suite layers                                       # one rank

Needs PyTorch 1.13 or later and nothing else. Writes the record `ringside-bench/1`, which the page's Benchmark lays over
a browser's. The file reads from top to bottom: its arguments, a rank, the layers, seeded numbers, the cases, how they
are timed, the record. Everywhere p is the number of ranks, T the tokens of a pass, and W is stored `[out, in]` as
PyTorch does.
"""

import argparse
import contextlib
import dataclasses
import datetime
import json
import math
import os
import platform
import re
import sys
import time
import typing

SCHEMA = "ringside-bench/1"
COLLECTIVES = ["all_reduce", "reduce_scatter", "all_gather", "broadcast", "all_to_all"]
LAYERS = ["column_linear", "row_linear", "mlp", "attention", "embedding", "block"]
SUITES = {"collectives": COLLECTIVES, "layers": LAYERS, "all": COLLECTIVES + LAYERS}

# Sizes are all that a model gives: in the record as in the browser, equal sizes are the same layer, which is Llama's.
MODELS = {
    "llama-3.2-1b": {"hidden": 2048, "intermediate": 8192, "heads": 32, "kvHeads": 8, "headDim": 64, "vocab": 128256},
    "llama-3-70b": {"hidden": 8192, "intermediate": 28672, "heads": 64, "kvHeads": 8, "headDim": 128, "vocab": 128256},
    "qwen2.5-0.5b": {"hidden": 896, "intermediate": 4864, "heads": 14, "kvHeads": 2, "headDim": 64, "vocab": 151936},
    # The page's own: Llama-3.2-1B at a quarter of its width.
    "quarter-llama": {"hidden": 512, "intermediate": 2048, "heads": 8, "kvHeads": 2, "headDim": 64, "vocab": 32064},
    # For tests: nothing in it divides by 2 or 4, and the last of 4 ranks has no heads.
    "tiny": {"hidden": 49, "intermediate": 51, "heads": 6, "kvHeads": 3, "headDim": 8, "vocab": 101},
}
ROPE_THETA, NORM_EPSILON = 500_000, 1e-5


# ---- The command line ----------------------------------------------------------------------------------------------

RANK, WORLD_SIZE = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", RANK))  # on its machine
UNITS = {"": 1, "B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
LEAST_BUDGET, MOST_BUDGET = 0.010, 60  # seconds, as on the page


class Parser(argparse.ArgumentParser):
    def error(self, message, of_rank=False):
        """A sentence: of arguments, which the ranks of a machine share, from the first; of one rank, from that rank."""
        if of_rank:
            print(f"rank {RANK}: {message}", file=sys.stderr)
        elif 0 in (RANK, LOCAL_RANK):
            print(message, file=sys.stderr)
        sys.exit(2)


def matching(pattern, convert, wanted, many=False):
    """Reads an argument, or says what is wanted of it; with `many` several, between commas."""

    def one(text):
        match = re.fullmatch(pattern, text.strip(), re.ASCII)
        value = convert(*match.groups()) if match else None
        if not value and value != 0:
            raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}.")
        return value

    return (lambda text: [one(part.strip()) for part in text.split(",")]) if many else one


def whole_number(least, most=None):
    wanted = f"a whole number from {least} " + ("on" if most is None else f"to {most}")
    return matching(r"(\d+)", lambda n: int(n) if least <= int(n) <= (most or int(n)) else None, wanted)


def multiple_of_4(number, unit):
    size = int(number) * UNITS[unit]
    return None if size % 4 or size == 0 else size


def seconds(number, unit):
    budget = float(number) / {"ms": 1000, "s": 1}[unit]
    return budget if LEAST_BUDGET <= budget <= MOST_BUDGET else None


def writable(path):
    """Opens the file, for nothing less tells whether it can be written. What is in it stays."""
    if RANK > 0:  # which writes nothing, and may be on a machine without this folder
        return path
    existed = os.path.exists(path)
    try:
        open(path, "a").close()
    except OSError:
        return None
    if not existed:
        os.remove(path)
    return path


def words(text):
    return [word for word in map(str.strip, text.split(",")) if word]


sizes = matching(r"(\d+) ?(B|KiB|MiB|GiB|)", multiple_of_4, "a multiple of 4 bytes, such as 4KiB or 1MiB", many=True)
shapes = matching(r"0*([1-9]\d*)[x×]0*([1-9]\d*)[x×]0*([1-9]\d*)", lambda *mkn: list(map(int, mkn)),
                  "m, k and n of a product, such as 64x2048x8192", many=True)
duration = matching(r"(\d+(?:\.\d+)?) ?(ms|s)", seconds, "a time from 10ms to 60s, such as 2s or 500ms")
file = matching("(.+)", writable, "a file that can be written to")


def make_parser():
    """Knows nothing of PyTorch."""
    doubling = [2**power for power in range(10, 27)]
    threads = int(os.environ.get("OMP_NUM_THREADS", 1))

    # No abbreviations: what is a flag's beginning today may be two flags' tomorrow.
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, add_help=False,
                    allow_abbrev=False)
    add = parser.add_argument
    add("--backend", choices=["gloo", "nccl"], help="nccl where there is a GPU, else gloo")
    add("--suite", choices=list(SUITES), default="all")
    add("--ops", type=words, help="of the suite; all of them: " + ",".join(SUITES["all"]))
    add("--sizes", type=sizes, default=doubling, help="of collectives: 4KiB,1MiB; 1 KiB to 64 MiB, doubling")
    add("--shapes", type=shapes, default=[[16, 512, 2048], [16, 2048, 512]], help="of linears, m x k x n: 16x512x2048")
    add("--model", choices=list(MODELS), default="quarter-llama", help="whose sizes the other layers have")
    add("--tokens", type=whole_number(1), default=16, help="in a pass; 16")
    add("--past", type=whole_number(0), default=0, help="tokens in the cache of attention and block; 0: prefill")
    add("--budget", type=duration, default=2.0, help="for the samples of a cell; 2s")
    add("--seed", type=whole_number(0, 2**32 - 1), default=1, help="of weights and inputs; 1")
    add("--threads", type=whole_number(1), default=threads, help="of a rank, on CPUs; OMP_NUM_THREADS or 1")
    add("--out", type=file, help="where to write the record")
    add("--outputs", type=file, help="where to write what small layers gave, to compare it elsewhere")
    add("-h", "--help", action="store_true", help="show this and end")
    return parser


def read_arguments():
    """Ends where they are wrong, or ask for help."""
    parser = make_parser()
    args = parser.parse_args()
    all_ops = SUITES[args.suite]
    chosen = args.ops or all_ops
    args.ops = [op for op in all_ops if op in chosen]
    strange = [op for op in chosen if op not in args.ops]
    if strange:
        parser.error(f"argument --ops: {strange[0]!r} is not in this suite, which has {', '.join(all_ops)}.")
    if args.help:  # only now: what is wrong beside it is said too
        parser.print_help()
        sys.exit()
    return parser, args


# ---- PyTorch -------------------------------------------------------------------------------------------------------

if __name__ == "__main__":
    read_arguments()  # before PyTorch, which takes seconds to load, and may not be there

# NVIDIA's containers have float32 multiplied as TF32, with 10 bits. PyTorch 1.13 lets no setting of its own undo that.
os.environ["TORCH_ALLOW_TF32_CUBLAS_OVERRIDE"] = "0"

try:
    import torch
    import torch.distributed as dist
    import torch.nn.functional as F
    from torch import nn
except ImportError as error:
    remedy = "Install it with pip install torch, or start a Python that has it."
    sys.exit(f"benchmark.py needs PyTorch 1.13 or later, which {sys.executable} cannot load: {error}. {remedy}")


# ---- A rank --------------------------------------------------------------------------------------------------------


def shard_range(total, world_size, rank):
    """What of `total` is a rank's own: contiguous and balanced, the first `total mod world_size` ranks get one more."""
    base, larger = divmod(total, world_size)
    start = rank * base + min(rank, larger)
    return range(start, start + base + (rank < larger))


class Comm:
    """A rank and how it talks to the others. Layers are given one, so that none depends on a global group."""

    def __init__(self, rank, world_size, device, dtype=torch.float32):
        self.rank, self.world_size, self.device, self.dtype = rank, world_size, device, dtype
        self.seconds = None  # in collectives; counted while it is a number

    def empty(self, *shape):
        return torch.empty(*shape, dtype=self.dtype, device=self.device)

    def all_reduce(self, x, op=dist.ReduceOp.SUM):
        """Replaces x on every rank by the sum over all ranks."""
        if self.world_size > 1:
            with self._counted():
                dist.all_reduce(x, op)
        return x

    def gather_columns(self, shard, widths):
        """`[M, widths[r]]` of each rank r, side by side: `[M, Σ widths]` on every rank."""
        if self.world_size == 1:
            return shard
        # Shards travel padded to the widest: gloo refuses tensors of different sizes.
        own = F.pad(shard, (0, max(widths) - shard.shape[1])).contiguous()
        parts = [torch.empty_like(own) for _ in widths]
        with self._counted():
            dist.all_gather(parts, own)
        return torch.cat([part[:, :width] for part, width in zip(parts, widths)], dim=1)

    def barrier(self):
        """A sum of one number, which nobody has before all have come."""
        if self.world_size > 1:
            dist.all_reduce(torch.zeros(1, device=self.device))
        self.synchronize()

    def over_ranks(self, numbers, op):
        """The maximum, minimum or sum over all ranks of each of `numbers`."""
        return self.all_reduce(torch.tensor(numbers, dtype=torch.float64, device=self.device), op).tolist()

    def synchronize(self):
        """A GPU works on after its calls have returned."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    @contextlib.contextmanager
    def _counted(self):
        if self.seconds is None:
            yield
            return
        self.synchronize()
        start = time.perf_counter()
        yield
        self.synchronize()
        self.seconds += time.perf_counter() - start


# ---- The two layers ------------------------------------------------------------------------------------------------


class Shard(nn.Module):
    """What a rank keeps of a stored `[out, in]` weight: some rows by some columns, and its rows of the bias."""

    def __init__(self, comm, rows, cols, bias):
        super().__init__()
        self.comm, self.rows, self.cols = comm, rows, cols
        self.weight = nn.Parameter(comm.empty(len(rows), len(cols)))
        self.bias = nn.Parameter(comm.empty(len(rows))) if bias else None

    def load(self, weights):
        self.weight.copy_(weights.matrix("weight", self.rows, self.cols))
        if self.bias is not None:
            self.bias.copy_(weights.vector("bias", self.rows))

    def flops(self, m):
        return 2 * m * self.weight.numel()


class ColumnParallelLinear(Shard):
    """y = x·Wᵀ + b with W cut along `out`: each rank computes its own columns of y from the whole of x."""

    def __init__(self, comm, in_features, out_features, bias=True, gather_output=True, ranges=None):
        ranges = ranges or [shard_range(out_features, comm.world_size, rank) for rank in range(comm.world_size)]
        super().__init__(comm, ranges[comm.rank], range(in_features), bias)  # [out/p, in] and [out/p]
        self.ranges, self.gather_output = ranges, gather_output

    def forward(self, x):  # [M, in]
        y = F.linear(x, self.weight, self.bias)  # [M, out/p]
        if self.gather_output:
            y = self.comm.gather_columns(y, [len(own) for own in self.ranges])  # [M, out]
        return y


class RowParallelLinear(Shard):
    """y = x·Wᵀ + b with W cut along `in`, and x along its columns: each rank has a term of the sum that y is."""

    def __init__(self, comm, in_features, out_features, bias=True, own=None):
        own = shard_range(in_features, comm.world_size, comm.rank) if own is None else own
        super().__init__(comm, range(out_features), own, bias)  # [out, in/p] and [out], whole on every rank

    def forward(self, x):  # [M, in/p], as a column split leaves it
        # Not F.linear(x, weight, bias), as many tutorials have it: every rank's bias would be summed, p times in all.
        y = self.comm.all_reduce(F.linear(x, self.weight))  # [M, out]
        return y if self.bias is None else y + self.bias


# ---- What they are put together to ---------------------------------------------------------------------------------


class Composed(nn.Module):
    """Layers under the names that they have in a Hugging Face checkpoint."""

    def load(self, weights):
        for name, layer in self.named_children():
            layer.load(weights.within(name))


class VocabParallelEmbedding(Shard):
    """Rows of a table cut along the vocabulary. A rank has zeros for the ids of others: the sum is exact."""

    def __init__(self, comm, config, positions=0):
        own = shard_range(config["vocab"], comm.world_size, comm.rank)
        super().__init__(comm, own, range(config["hidden"]), bias=False)  # [vocab/p, hidden]

    def forward(self, ids):  # [T]
        elsewhere = (ids < self.rows.start) | (ids >= self.rows.stop)
        rows = F.embedding((ids - self.rows.start).masked_fill(elsewhere, 0), self.weight)
        return self.comm.all_reduce(rows.masked_fill(elsewhere[:, None], 0))  # [T, hidden]

    def flops(self, tokens, past=0):
        return 0


class ParallelMLP(Composed):
    """down(silu(gate(x)) · up(x)): two column splits, a row split, one all_reduce."""

    def __init__(self, comm, config, positions=0):
        super().__init__()
        hidden, intermediate = config["hidden"], config["intermediate"]
        self.gate_proj = ColumnParallelLinear(comm, hidden, intermediate, bias=False, gather_output=False)
        self.up_proj = ColumnParallelLinear(comm, hidden, intermediate, bias=False, gather_output=False)
        self.down_proj = RowParallelLinear(comm, intermediate, hidden, bias=False)

    def forward(self, x):  # [T, hidden]
        h = F.silu(self.gate_proj(x)) * self.up_proj(x)  # [T, intermediate/p]
        return self.down_proj(h)  # [T, hidden]

    def flops(self, tokens, past=0):
        silu_mul = 5 * tokens * len(self.down_proj.cols)
        return sum(layer.flops(tokens) for layer in self.children()) + silu_mul


def head_share(heads, kv_heads, world_size, rank):
    """
    A rank's query heads and key/value heads: whole groups (a key/value head with the queries that read it), balanced.
    Where the ranks are a multiple of the key/value heads, neighbours hold the same one and share its queries.
    """
    group = heads // kv_heads
    if world_size <= kv_heads or world_size % kv_heads:
        kv = shard_range(kv_heads, world_size, rank)
        return range(kv.start * group, kv.stop * group), kv
    copies = world_size // kv_heads
    head = rank // copies
    own = shard_range(group, copies, rank % copies)
    return range(head * group + own.start, head * group + own.stop), range(head, head + (len(own) > 0))


class ParallelAttention(Composed):
    """Causal, grouped-query attention. Each rank has its heads, their RoPE and their cache; one all_reduce."""

    def __init__(self, comm, config, positions):
        super().__init__()
        hidden, heads, kv_heads, self.dim = (config[name] for name in ("hidden", "heads", "kvHeads", "headDim"))
        shares = [head_share(heads, kv_heads, comm.world_size, rank) for rank in range(comm.world_size)]
        self.heads, self.kv_heads = (len(share) for share in shares[comm.rank])
        queries, keys = ([range(s.start * self.dim, s.stop * self.dim) for s in kind] for kind in zip(*shares))

        def column(count, ranges):
            return ColumnParallelLinear(comm, hidden, count * self.dim, bias=False, gather_output=False, ranges=ranges)

        self.q_proj = column(heads, queries)
        self.k_proj, self.v_proj = column(kv_heads, keys), column(kv_heads, keys)
        self.o_proj = RowParallelLinear(comm, heads * self.dim, hidden, bias=False, own=queries[comm.rank])
        self.cache = comm.empty(2, positions, self.kv_heads, self.dim)
        self.length = 0  # of what is in the cache
        frequencies = ROPE_THETA ** (-torch.arange(0, self.dim, 2).double() / self.dim)  # radians a position
        angles = torch.outer(torch.arange(positions).double(), frequencies)
        self.cos, self.sin = angles.cos()[:, None].to(self.cache), angles.sin()[:, None].to(self.cache)

    def forward(self, x):  # [T, hidden]: the tokens after those in the cache
        tokens, start, end = x.shape[0], self.length, self.length + x.shape[0]
        q = self._rotate(self.q_proj(x).view(tokens, self.heads, self.dim))  # [T, H/p, d]
        self.cache[0, start:end] = self._rotate(self.k_proj(x).view(tokens, self.kv_heads, self.dim))
        self.cache[1, start:end] = self.v_proj(x).view(tokens, self.kv_heads, self.dim)
        self.length = end
        keys, values = self.cache[:, :end].transpose(1, 2)  # [KV/p, S, d] each

        # The queries that read a key/value head are rows of one product: no key is copied.
        kv, group = self.kv_heads, self.heads // max(1, self.kv_heads)
        q = q.view(tokens, kv, group, self.dim).permute(1, 2, 0, 3).reshape(kv, group * tokens, self.dim)
        scores = q @ keys.transpose(1, 2) / math.sqrt(self.dim)  # [KV/p, group·T, S]
        position = torch.arange(end, device=x.device)
        later = (position > position[start:, None]).repeat(group, 1)  # [group·T, S]
        out = scores.masked_fill(later, -math.inf).softmax(dim=-1) @ values  # [KV/p, group·T, d]
        out = out.view(kv, group, tokens, self.dim).permute(2, 0, 1, 3)  # [T, KV/p, group, d]
        return self.o_proj(out.reshape(tokens, self.heads * self.dim))  # [T, hidden]

    def _rotate(self, x):
        """RoPE, in halves as Hugging Face has it."""
        cos, sin = (table[self.length : self.length + len(x)] for table in (self.cos, self.sin))
        a, b = x.chunk(2, dim=-1)
        return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)

    def flops(self, tokens, past=0):
        pairs = tokens * past + tokens * (tokens + 1) // 2
        rope = 3 * tokens * (self.heads + self.kv_heads) * self.dim
        return sum(layer.flops(tokens) for layer in self.children()) + rope + 4 * pairs * self.heads * self.dim


class RMSNorm(nn.Module):
    """On every rank alike."""

    def __init__(self, comm, config):
        super().__init__()
        self.weight = nn.Parameter(comm.empty(config["hidden"]))

    def load(self, weights):
        self.weight.copy_(weights.vector("weight", range(len(self.weight))))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(dim=-1, keepdim=True) + NORM_EPSILON) * self.weight


class TransformerBlock(Composed):
    """x + attention(norm(x)), then x + mlp(norm(x)): two all_reduces."""

    def __init__(self, comm, config, positions):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = RMSNorm(comm, config), RMSNorm(comm, config)
        self.self_attn = ParallelAttention(comm, config, positions)
        self.mlp = ParallelMLP(comm, config)

    def forward(self, x):  # [T, hidden]
        x = x + self.self_attn(self.input_layernorm(x))
        return x + self.mlp(self.post_attention_layernorm(x))

    def flops(self, tokens, past=0):
        norms_and_sums = 2 * (4 + 1) * tokens * len(self.input_layernorm.weight)
        return self.self_attn.flops(tokens, past) + self.mlp.flops(tokens) + norms_and_sums


# ---- Seeded numbers: bit for bit those of src/numerics/random.ts and src/rank/programs/layer/numbers.ts ----------------

UINT32 = 0xFFFFFFFF


def hash32(seed, index):
    """lowbias32 of (seed, index), each a number or a tensor of int64, which overflows as it should: modulo 2⁶⁴."""
    h = ((index * 0x9E3779B9 & UINT32) + (seed * 0x85EBCA6B & UINT32) + 0x165667B1) & UINT32
    h = ((h ^ (h >> 16)) * 0x21F0AAAD) & UINT32
    h = ((h ^ (h >> 15)) * 0x735A2D97) & UINT32
    return h ^ (h >> 15)


def hash_text(text):
    """FNV-1a."""
    hashed = 0x811C9DC5
    for letter in text:
        hashed = ((hashed ^ ord(letter)) * 0x01000193) & UINT32
    return hashed


def uniform(seed, index):
    """In [−1, 1), in float64, exact in float32."""
    return ((hash32(seed, index) >> 8) - 0x800000).double() / 0x800000


class SeededWeights:
    """A number is a function of the seed, its name and its place: a rank makes its own, nobody holds the whole."""

    def __init__(self, comm, seed, fan_in, prefix=""):
        self.comm, self.seed, self.fan_in, self.prefix = comm, seed, fan_in, prefix

    def within(self, name):
        return SeededWeights(self.comm, self.seed, self.fan_in, f"{self.prefix}{name}.")

    def matrix(self, name, rows, cols, scale=None):
        """A block of a stored matrix. Products of `fan_in` terms stay near unit scale."""
        scale = math.sqrt(3) / math.sqrt(self.fan_in) if scale is None else scale
        stream = hash32(self.seed, hash_text(self.prefix + name))
        block = self.comm.empty(len(rows), len(cols))
        columns = torch.arange(cols.start, cols.stop, device=self.comm.device)
        slab = max(1, 2**20 // max(1, len(cols)))  # rows at a time: int64 and float64 need room
        for at in range(0, len(rows), slab):
            streams = hash32(stream, torch.arange(rows.start, rows.stop, device=self.comm.device)[at : at + slab])
            block[at : at + slab] = (uniform(streams[:, None], columns) * scale).float()
        return block

    def vector(self, name, own):
        name = self.prefix + name
        index = torch.arange(own.start, own.stop, device=self.comm.device)
        centre = 1 if name.endswith("norm.weight") else 0
        return (centre + 0.25 * uniform(hash32(self.seed, hash_text(name)), index)).float().to(self.comm.dtype)


def seeded_rows(comm, seed, tokens, width):
    """A layer's input, `[T, width]`."""
    return SeededWeights(comm, seed, width).matrix("x", tokens, range(width), scale=math.sqrt(3))


def seeded_ids(comm, seed, tokens, vocab):
    index = torch.arange(tokens.start, tokens.stop, device=comm.device)
    return hash32(hash32(seed, hash_text("ids")), index) % vocab


# ---- The cases -----------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Case:
    """Something to be timed. All it needs is there before, so that `run` does nothing else."""

    run: typing.Callable[[], torch.Tensor]
    prepare: typing.Callable[[], None]  # before each run, untimed
    flops: int = 0  # of this rank
    expected: typing.Optional[torch.Tensor] = None  # of run; of layers on rank 0 only
    tolerance: float = 0.0  # relative to the largest element, or to 1


def collective_case(comm, op, size):
    """
    Numbers of which every sum is exact, so that any order of adding has the same bits. Chunks are equally long, as most
    backends demand: where p does not divide the buffer's elements, up to p − 1 more are moved.
    """
    p, rank = comm.world_size, comm.rank
    chunk = -(-(size // 4) // p)

    def numbers(r):
        index = torch.arange(p * chunk, device=comm.device)
        return ((index + 31 * r) % 256 - 128).float()

    def gather(output, shard):  # gloo has it as a list only; NCCL is faster without
        if comm.device.type == "cuda":
            named("all_gather_single", "all_gather_into_tensor")(output, shard)
        else:
            dist.all_gather(list(output.view(p, chunk)), shard)

    own = numbers(rank)
    mine = slice(rank * chunk, (rank + 1) * chunk)
    # What is called, with what beside the output; and what has to come out.
    collective, others, expected = {
        "all_reduce": lambda: (dist.all_reduce, [], sum(map(numbers, range(p)))),
        "reduce_scatter": lambda: (
            named("reduce_scatter_single", "reduce_scatter_tensor"), [own], sum(map(numbers, range(p)))[mine],
        ),
        "all_gather": lambda: (gather, [own[mine]], torch.cat([numbers(r).view(p, chunk)[r] for r in range(p)])),
        "broadcast": lambda: (dist.broadcast, [0], numbers(0)),
        "all_to_all": lambda: (dist.all_to_all_single, [own], torch.cat([numbers(r)[mine] for r in range(p)])),
    }[op]()
    before = own[mine] if op == "reduce_scatter" else own
    output = torch.empty_like(before)

    def run():
        collective(output, *others)
        return output

    return Case(run, lambda: output.copy_(before), expected=expected)


def named(new, old):
    """Newer PyTorch has other names for some, and warns of the old ones."""
    return getattr(dist, new, None) or getattr(dist, old)


def layer_case(comm, op, shape, config, seed):
    """The layer on all ranks, to be compared with itself on one rank, whole, in float64."""
    expected = None
    if comm.rank == 0:
        alone = Comm(0, 1, comm.device, torch.float64)
        if op == "embedding":  # its rows alone: the whole table is large
            weights, cols = SeededWeights(alone, seed, config["hidden"]), range(config["hidden"])
            ids = seeded_ids(alone, seed, range(shape["m"]), config["vocab"]).tolist()
            expected = torch.cat([weights.matrix("weight", range(i, i + 1), cols) for i in ids])
        else:
            whole = layer_on(alone, op, shape, config, seed)
            whole.prepare()
            expected = whole.run()
            del whole  # its weights
    case = layer_on(comm, op, shape, config, seed)
    case.expected, case.tolerance = expected, 1e-5
    return case


def layer_on(comm, op, shape, config, seed):
    m = shape["m"]
    if op.endswith("_linear"):
        k, n = shape["k"], shape["n"]
        layer = (ColumnParallelLinear if op == "column_linear" else RowParallelLinear)(comm, k, n)
        layer.load(SeededWeights(comm, seed, k).within("linear"))
        x = seeded_rows(comm, seed, range(m), k)
        if op == "row_linear":
            x = x[:, layer.cols.start : layer.cols.stop].contiguous()
        return Case(lambda: layer(x), lambda: None, layer.flops(m))

    past = shape.get("past", 0)
    tokens, hidden = range(past, past + m), config["hidden"]
    kinds = {"mlp": ParallelMLP, "embedding": VocabParallelEmbedding, "block": TransformerBlock}
    layer = kinds.get(op, ParallelAttention)(comm, config, past + m)
    layer.load(SeededWeights(comm, seed, hidden))
    attention = layer if op == "attention" else getattr(layer, "self_attn", None)

    def fill_cache():
        if attention is None:
            return
        if attention.length < past:
            layer(seeded_rows(comm, seed, range(past), hidden))
        attention.length = past

    embeds = op == "embedding"
    x = seeded_ids(comm, seed, tokens, config["vocab"]) if embeds else seeded_rows(comm, seed, tokens, hidden)
    return Case(lambda: layer(x), fill_cache, layer.flops(m, past))


def cells(args):
    """What is to be run: (op, shape, bytes of the collective)."""
    for op in args.ops:
        if op in COLLECTIVES:
            yield from ((op, {}, size) for size in args.sizes)
        elif op.endswith("_linear"):
            yield from ((op, {"m": m, "k": k, "n": n}, 4 * m * n) for m, k, n in args.shapes)
        else:
            config, past = MODELS[args.model], {"past": args.past}
            heads = [*past, "hidden", "heads", "kvHeads", "headDim"]
            names = {"mlp": ["hidden", "intermediate"], "embedding": ["vocab", "hidden"], "attention": heads}
            values = {**config, **past}
            shape = {name: values[name] for name in names.get(op, [*heads, "intermediate"])}
            yield op, {"m": args.tokens, **shape}, 4 * args.tokens * config["hidden"]


# ---- Timing --------------------------------------------------------------------------------------------------------

WARM_UPS = 3
SAMPLES = 10  # at least, and between two looks at the budget
MOST_SAMPLES = 2000
APART = 5  # iterations in which computing and communication are timed apart
NOISY, UNRELIABLE = 0.10, 0.25  # of IQR / median, as torch.utils.benchmark


def iterate(comm, case):
    """One run, begun by all ranks together: its seconds on this rank, and what it gave."""
    case.prepare()
    comm.barrier()
    start = time.perf_counter()
    output = case.run()
    comm.synchronize()
    return time.perf_counter() - start, output


def measure(comm, op, size, case, budget):
    """Times and checks a case: fields of the record, and what it gave at last."""
    for _ in range(WARM_UPS):
        iterate(comm, case)
    own, begin = [], time.perf_counter()
    while True:
        for _ in range(SAMPLES):
            seconds, output = iterate(comm, case)
            own.append(seconds)
        [spent] = comm.over_ranks([time.perf_counter() - begin], dist.ReduceOp.MAX)
        if spent >= budget or len(own) >= MOST_SAMPLES:
            break
    samples = comm.over_ranks(own, dist.ReduceOp.MAX)  # an iteration takes as long as its slowest rank

    total = communication = sum(own) / len(own)
    if op in LAYERS:
        comm.seconds = 0.0
        total = sum(iterate(comm, case)[0] for _ in range(APART)) / APART
        communication, comm.seconds = comm.seconds / APART, None
    worst, wrong = compare(comm, op, case, output)
    parts = [total - communication, communication, case.flops, wrong]
    computing, communication, flops, wrong = comm.over_ranks(parts, dist.ReduceOp.SUM)
    [worst] = comm.over_ranks([worst], dist.ReduceOp.MAX)

    shares = torch.tensor([0.1, 0.25, 0.5, 0.75, 0.9], dtype=torch.float64)
    p10, lower, median, upper, p90 = torch.tensor(samples, dtype=torch.float64).quantile(shares).tolist()
    spread = (upper - lower) / median
    bandwidth = size / median / 1e9 if op in COLLECTIVES else 0
    return output, {
        "samplesMs": [round(1000 * seconds, 6) for seconds in samples],
        "medianMs": 1000 * median,
        "p10Ms": 1000 * p10,
        "p90Ms": 1000 * p90,
        "gflops": flops / median / 1e9,
        "algBwGBs": bandwidth,
        "busBwGBs": bandwidth * bus_factor(op, comm.world_size),
        "computeMs": 1000 * computing / comm.world_size,
        "commMs": 1000 * communication / comm.world_size,
        "maxAbsError": worst if math.isfinite(worst) else None,  # as JSON.stringify writes what is no number
        "wrong": int(wrong),
        "ok": wrong == 0,
        "note": "unreliable" if spread > UNRELIABLE else "noisy" if spread > NOISY else "",
    }


def compare(comm, op, case, output):
    """The largest error on this rank, and how many of its elements are wrong."""
    output, expected = output.double(), case.expected
    if op in LAYERS:
        if comm.rank > 0:
            expected = torch.empty_like(output)
        if comm.world_size > 1:
            dist.broadcast(expected, 0)
    error = (output - expected).abs()
    allowed = case.tolerance * max(1.0, expected.abs().max().item())
    return error.max().item(), int((~(error <= allowed)).sum())  # NaN is wrong too


def bus_factor(op, p):
    """busBw ÷ algBw, as nccl-tests has it: what a collective has to move, whatever p."""
    if p == 1:
        return 0
    return {"all_reduce": 2 * (p - 1) / p, "broadcast": 1}.get(op, (p - 1) / p)


def attempt(comm, work):
    """
    What `work` gives, and ''; or None, and why it failed on some rank. The same on every rank. No part of `work` may
    fail on one rank while another waits for it: the two would then take each other's next collective for this one.
    """
    try:
        value, why = work(), ""
    except Exception as error:
        value, why = None, (str(error) or repr(error)).splitlines()[0]
    [failed] = comm.over_ranks([comm.rank if why else comm.world_size], dist.ReduceOp.MIN)
    if failed == comm.world_size:
        return value, ""
    if 0 < failed == comm.rank:  # which the first rank, who writes the record, does not know
        print(f"rank {comm.rank}: {why}", file=sys.stderr)
    return None, f"rank {failed:.0f}: {why}" if failed == comm.rank else f"rank {failed:.0f} failed, and says why"


def run_cell(comm, args, op, shape, size):
    """A row of the record, and the layer's output. Raises what stops a rank alone: no cell can follow."""

    def build():
        if op in COLLECTIVES:
            return collective_case(comm, op, size)
        return layer_case(comm, op, shape, MODELS[args.model], args.seed)

    case, why = attempt(comm, build)
    if case is not None and op in COLLECTIVES:  # a backend that lacks one says so on all ranks, and sends nothing
        _, why = attempt(comm, case.run)
    failure = {"samplesMs": [], "ok": False, "note": why}
    output, fields = (None, failure) if why else measure(comm, op, size, case, args.budget)
    row = {
        "op": op,
        "backend": f"torch-{args.backend}",
        "placement": "process",
        "transport": args.backend if comm.world_size > 1 else "none",
        "worldSize": comm.world_size,
        "dtype": "f32",
        "shape": shape,
        "bytes": size if op in COLLECTIVES or comm.world_size > 1 else 0,
        "variant": "",
    }
    # Waiting for others cannot be told from moving data inside of gloo and NCCL: commMs holds both, and waitMs is 0.
    numbers = ["medianMs", "p10Ms", "p90Ms", "gflops", "algBwGBs", "busBwGBs", "computeMs", "commMs", "waitMs"]
    return output, {**row, **dict.fromkeys([*numbers, "maxAbsError", "wrong"], 0), **fields}


# ---- What is asked for, and its place among the ranks --------------------------------------------------------------

LARGEST_OUTPUT = 2**16  # elements; --outputs leaves larger ones out


def parse():
    parser, args = read_arguments()
    args.backend = args.backend or ("nccl" if torch.cuda.is_available() else "gloo")
    missing = [name for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT") if name not in os.environ]
    if missing and WORLD_SIZE > 1:
        remedy = "start all ranks with torchrun, or set it for each"
        parser.error(f"{', '.join(missing)} is not set: {remedy}.", of_rank=True)
    args.alone = len(missing) > 0
    gpus = torch.cuda.device_count()
    args.gpu = 0 if gpus == 1 else LOCAL_RANK  # some launchers show each rank its own GPU alone
    if args.backend == "nccl" and args.gpu >= gpus:
        reason = f"nccl needs a GPU for each rank; LOCAL_RANK is {LOCAL_RANK}, and PyTorch sees {gpus} here"
        parser.error(f"argument --backend: {reason}. Take gloo, or fewer ranks a machine.", of_rank=True)
    return args


def environment(args):
    nvidia = {"vendor": "nvidia", "device": torch.cuda.get_device_name(args.gpu)} if args.backend == "nccl" else {}
    now = datetime.datetime.now(datetime.timezone.utc)
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return {
        "userAgent": f"PyTorch {torch.__version__}, {system}, threads a rank: {args.threads}",
        "adapter": nvidia,
        "cores": os.cpu_count(),
        "crossOriginIsolated": None,
        "date": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "commit": "",
    }


def print_row(*columns):
    print("{:>14} {:>40} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8} {:>7} {}".format(*columns).rstrip(), flush=True)


def print_result(row):
    what = " ".join(map(str, row["shape"].values())) or row["bytes"]
    times = (f"{row[name]:.3f}" for name in ("medianMs", "p10Ms", "p90Ms"))
    rates = (f"{row[name]:.2f}" for name in ("algBwGBs", "busBwGBs", "gflops"))
    print_row(row["op"], what, *times, *rates, row["wrong"] if row["samplesMs"] else "-", row["note"])


def write(path, text):
    """False where it could not be written: then it is printed, for it took minutes to measure."""
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return True
    except OSError as error:
        print(f"{path} could not be written ({error.strerror}). Here is its text.", file=sys.stderr, flush=True)
        print(text, flush=True)
        return False


def main():
    args = parse()
    torch.set_num_threads(args.threads)
    if args.alone:
        dist.init_process_group(args.backend, store=dist.HashStore(), rank=0, world_size=1)
    else:
        dist.init_process_group(args.backend)
    device = torch.device("cuda", args.gpu) if args.backend == "nccl" else torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    comm = Comm(RANK, WORLD_SIZE, device)
    record = {"schema": SCHEMA, "environment": environment(args), "results": []}
    outputs = []
    if RANK == 0:
        print(f"# {record['environment']['userAgent']}, {args.backend}, {WORLD_SIZE} rank(s); bandwidths in 1e9 B/s")
        titles = ["median ms", "p10", "p90", "algbw", "busbw", "GFLOP/s", "#wrong", ""]
        print_row("# op", "bytes, or shape as in the record", *titles)

    stopped = False
    for op, shape, size in cells(args):
        try:
            with torch.no_grad():
                output, row = run_cell(comm, args, op, shape, size)
        except Exception as error:  # here, or on a rank that has ended and left this one in a collective
            print(f"rank {RANK} ends in {op}: {error}", file=sys.stderr, flush=True)
            stopped = True
            break
        record["results"].append(row)
        if op in LAYERS and output is not None and output.numel() <= LARGEST_OUTPUT:
            outputs.append({"op": op, "shape": shape, "output": output.flatten().tolist()})
        if RANK == 0:
            print_result(row)

    for path, content in ((args.out, record), (args.outputs, outputs)):
        if RANK == 0 and path is not None:
            stopped = not write(path, json.dumps(content, allow_nan=False)) or stopped
    if stopped:
        os._exit(1)  # at once: in the middle of a collective the group cannot be taken down without a crash or a wait
    dist.destroy_process_group()
    sys.exit(1 if any(row["wrong"] > 0 for row in record["results"]) else 0)


if __name__ == "__main__":
    main()
