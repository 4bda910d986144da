"""
The table of special values of golden.py: each operation of src/device/device.ts on NaN, infinities, −0, a denormal and
numbers near the end of float32, in each operand by itself. Every row of an operand (every head, in attention) holds
another special value among ordinary ones, or nothing but it.

PyTorch is asked twice: in float64, rounded at the end (`y`), and in float32 (`y32`, written where the two are not alike,
for something overflows on the way). What a query may not see is left out of its sums, not weighed 0:
0 · NaN is NaN.
"""

import math

import torch
import torch.nn.functional as F

from golden_cases import Draw
from golden_layers import rms_norm

NAN, INF = math.nan, math.inf
LOWEST = torch.finfo(torch.float32).min
DENORMAL = torch.tensor(1e-40).item()  # as float32 has it
HUGE = torch.tensor(1e38).item()
AMONG = [[NAN], [INF], [-INF], [-0.0], [DENORMAL], [HUGE], [-HUGE], [INF, -INF], [NAN, INF], [NAN, -INF]]
# The last two are not as large as they could be: sums of a row would overflow in one order and not in another.
ALONE = [NAN, -INF, INF, -0.0, DENORMAL, HUGE / 16, LOWEST / 64]
COUNT = len(AMONG) + len(ALONE)


def special(draw, width):
    """`[COUNT, width]`."""
    rows = draw.normal(COUNT, width)
    for i, values in enumerate(AMONG):
        for j, value in enumerate(values):
            rows[i, (5 * i + 3 * j + 2) % width] = value
    for i, value in enumerate(ALONE):
        rows[len(AMONG) + i] = value
    return rows


def case(name, operation, arguments, tensors, compute):
    """@param arguments of the operation, in order: a tensor by its name with an @, or a plain value"""
    y = compute(**tensors)
    y32 = compute(**{key: tensor.float() for key, tensor in tensors.items()})
    listed = {"name": f"{operation}: {name}", "operation": operation, "arguments": arguments}
    alike = torch.allclose(y.float(), y32, rtol=1e-5, atol=1e-5, equal_nan=True)
    return listed, {**tensors, "y": y, **({} if alike else {"y32": y32})}


def products(draw):
    for k in (7, 8):
        x, w, b = draw.normal(3, k), draw.matrix(5, k), draw.bias(5)
        arguments = ["@x", "@w", "@b"]
        yield case(f"x, K = {k}", "linear", arguments, {"x": special(draw, k), "w": w, "b": b}, linear)
        w = special(draw, k)
        yield case(f"w, K = {k}", "linear", arguments, {"x": x, "w": w, "b": draw.bias(COUNT)}, linear)
    x, w, b = draw.normal(2, 4), draw.matrix(COUNT, 4), special(draw, 1).flatten()
    yield case("b", "linear", ["@x", "@w", "@b"], {"x": x, "w": w, "b": b}, linear)

    def per_head(x, w):
        heads = x.view(x.shape[0], w.shape[0], w.shape[2])
        return (heads[:, :, None] * w).sum(-1).flatten(1)

    tensors = {"x": special(draw, 6), "w": draw.normal(2, 2, 3)}
    yield case("x", "linearPerHead", ["@x", "@w"], tensors, per_head)
    tensors = {"x": draw.normal(2, 6), "w": torch.stack([special(draw, 3), draw.normal(COUNT, 3)])}
    yield case("w", "linearPerHead", ["@x", "@w"], tensors, per_head)


def linear(x, w, b):
    return (x[:, None] * w).sum(-1) + b


def copies(draw):
    x, other = special(draw, 6), draw.normal(COUNT, 4)
    yield case("x", "columns", ["@x", 1, 3, 2], {"x": x}, lambda x: x.view(-1, 2, 3)[:, :, 1:].flatten(1))
    both = {"a": x, "b": other}

    def concat(a, b):
        return torch.cat([a.view(-1, 2, a.shape[1] // 2), b.view(-1, 2, b.shape[1] // 2)], -1).flatten(1)

    yield case("a", "concatPerHead", ["@a", "@b", 2, False], both, concat)
    yield case("b", "concatPerHead", ["@a", "@b", 2, False], {"a": other, "b": x}, concat)

    indices = torch.tensor([*range(COUNT), -1.0])
    take = lambda x, indices: F.pad(x, (0, 0, 0, 1))[indices.long()]
    yield case("x", "rows", ["@x", "@indices"], {"x": x, "indices": indices}, take)
    own = torch.tensor([float((5 * i + 2) % 6) for i in range(COUNT - 1)] + [-1.0])
    pick = lambda x, indices: F.pad(x, (0, 1)).gather(1, indices.long()[:, None] % 7).flatten()
    yield case("x", "pick", ["@x", "@indices"], {"x": x, "indices": own}, pick)

    write = lambda target, x: torch.cat([target[:2], x, target[2 + len(x) :]])
    yield case("x", "writeRows", ["@target", "@x", 2], {"target": draw.normal(20, 6), "x": x}, write)
    yield case("target", "writeRows", ["@target", "@x", 2], {"target": x, "x": draw.normal(2, 6)}, write)

    def add_rows(target, x, indices, weights):
        sums = target.clone()
        sums[indices.long()] += weights[:, None] * x
        return sums

    arguments = ["@target", "@x", "@indices", "@weights"]
    every = {"indices": torch.arange(COUNT).flip(0).double(), "weights": draw.normal(COUNT)}
    plain = draw.normal(COUNT, 6)
    yield case("x", "addRows", arguments, {"target": plain, "x": x, **every}, add_rows)
    yield case("target", "addRows", arguments, {"target": x, "x": plain, **every}, add_rows)
    tensors = {"target": plain, "x": plain, **every, "weights": special(draw, 1).flatten()}
    yield case("weights", "addRows", arguments, tensors, add_rows)


def elements(draw):
    x, other = special(draw, 7), draw.normal(COUNT, 7)
    add = lambda a, b: a + b
    yield case("a", "add", ["@a", "@b"], {"a": x, "b": other}, add)
    yield case("a and b", "add", ["@a", "@b"], {"a": x, "b": special(draw, 7)}, add)
    yield case("a row", "add", ["@a", "@b"], {"a": draw.normal(2, COUNT), "b": special(draw, 1).flatten()}, add)
    silu = lambda gate, up: F.silu(gate) * up
    yield case("gate", "siluMul", ["@gate", "@up"], {"gate": x, "up": other}, silu)
    yield case("up", "siluMul", ["@gate", "@up"], {"gate": other, "up": x}, silu)
    yield case("erf", "gelu", ["@x", "erf"], {"x": x}, F.gelu)
    yield case("tanh", "gelu", ["@x", "tanh"], {"x": x}, lambda x: F.gelu(x, approximate="tanh"))

    def rope(layout):
        def turn(x, table):
            cos, sin = table[:, None].chunk(2, -1)
            x = x.view(COUNT, 2, 4)
            a, b = (x[..., :2], x[..., 2:]) if layout == "half" else (x[..., ::2], x[..., 1::2])
            turned = [a * cos - b * sin, b * cos + a * sin]
            return (torch.cat(turned, -1) if layout == "half" else torch.stack(turned, -1).flatten(2)).flatten(1)

        return turn

    table = draw.normal(COUNT, 4)
    for layout in ("half", "interleaved"):
        options = {"headDim": 4, "start": 0, "layout": layout}
        yield case(layout, "rope", ["@x", "@table", options], {"x": special(draw, 8), "table": table}, rope(layout))


def rows(draw):
    # Shorter than a workgroup is wide, and longer than the widest.
    for n in (6, 70):
        x = special(draw, n)
        yield case(f"x, N = {n}", "softmax", ["@x"], {"x": x}, lambda x: x.softmax(-1))
        yield case(f"x, N = {n}", "rowMax", ["@x"], {"x": x}, lambda x: x.amax(-1))
        sum_exp = lambda x, shift: torch.exp(x - shift[:, None]).sum(-1)
        yield case(f"x, N = {n}", "sumExp", ["@x", "@shift"], {"x": x, "shift": x.amax(-1)}, sum_exp)
        for epsilon in (1e-5, 0.1) if n == 6 else (0.1,):
            norm = lambda x, w, epsilon=epsilon: rms_norm(x, w, epsilon)
            tensors = {"x": x, "w": draw.norm(n)}
            yield case(f"x, D = {n}, ε = {epsilon}", "rmsNorm", ["@x", "@w", epsilon], tensors, norm)
            norm = layer_norm_over(epsilon)
            # Without the last two rows: how far equal values lie from their mean is a matter of rounding.
            tensors = {**tensors, "x": x[:-2], "b": draw.bias(n)}
            yield case(f"x, D = {n}, ε = {epsilon}", "layerNorm", ["@x", "@w", "@b", epsilon], tensors, norm)
    shift, plain = special(draw, 1).flatten(), draw.normal(COUNT, 6)
    yield case("shift", "sumExp", ["@x", "@shift"], {"x": plain, "shift": shift}, sum_exp)
    w = special(draw, 1).flatten()
    yield case("w", "rmsNorm", ["@x", "@w", 0.1], {"x": draw.normal(2, COUNT), "w": w}, lambda x, w: rms_norm(x, w, 0.1))
    norm = layer_norm_over(0.1)
    for name, other in ("w", "b"), ("b", "w"):
        tensors = {"x": draw.normal(2, COUNT), name: w, other: draw.bias(COUNT)}
        yield case(name, "layerNorm", ["@x", "@w", "@b", 0.1], tensors, norm)


def layer_norm_over(epsilon):
    """By its formula: where a variance overflows in float32, F.layer_norm's on a CPU is NaN, and others' is infinite."""

    def norm(x, w, b):
        away = x - x.mean(-1, keepdim=True)
        return away * torch.rsqrt(away.pow(2).mean(-1, keepdim=True) + epsilon) * w + b

    return norm


def attention_over(options):
    """Query by query, over no keys but those that it sees."""
    heads, kv_heads, start, scale = (options[key] for key in ("heads", "kvHeads", "start", "scale"))
    window = options.get("window", math.inf)

    def attend(q, k, v):
        tokens = q.shape[0]
        q, k, v = q.view(tokens, heads, -1), k.view(len(k), kv_heads, -1), v.view(len(v), kv_heads, -1)
        y = torch.zeros(tokens, heads, v.shape[-1], dtype=q.dtype)
        for token in range(tokens):
            keys = start + (token + 1 if options["causal"] else tokens)
            seen = slice(max(0, start + token + 1 - window), keys)
            for head in range(heads):
                kv = head // (heads // kv_heads)
                scores = (q[token, head] * k[seen, kv]).sum(-1) * scale
                y[token, head] = (scores.softmax(-1)[:, None] * v[seen, kv]).sum(0)
        return y.flatten(1)

    return attend


def attentions(draw):
    def attend(name, options, q, k, v):
        options = {"kvHeads": options["heads"], "start": 0, "scale": 0.5, "causal": True, **options}
        tensors = {"q": q, "k": k, "v": v}
        return case(name, "attention", ["@q", "@k", "@v", options], tensors, attention_over(options))

    def at_token(tokens, token, width):
        """A head for each row of specials, all of which belong to one token."""
        x = draw.normal(tokens, COUNT * width)
        x[token] = special(draw, width).flatten()
        return x

    # Columns of a head that are quads, and that are not.
    for width, value in (4, 4), (3, 5):
        for causal in (True, False):
            sizes = {"heads": COUNT, "causal": causal}
            q, k, v = (draw.normal(5, COUNT * columns) for columns in (width, width, value))
            name = f"{width} columns{', causal' if causal else ''}"
            yield attend(f"q, {name}", sizes, at_token(5, 2, width), k, v)
            yield attend(f"k, {name}", sizes, q, at_token(5, 2, width), v)
            yield attend(f"v, {name}", sizes, q, k, at_token(5, 2, value))

    column = lambda *values: torch.tensor(values, dtype=torch.float64)[:, None]
    one = {"heads": 1, "scale": 1}
    yield attend("nothing but −∞ in sight", one, column(1, 1), column(-INF, 1), column(1, 2))
    yield attend("scores that overflow", one, column(1e20, 1e20), column(-1e20, 1e20), column(1, 2))
    yield attend("the last key hidden", one, column(1, 1, 1), column(-INF, -INF, NAN), column(1, 2, 3))
    # Longer than a tile of 64 keys, with a special value before and behind its end: to most queries, of the future.
    for at in (10, 62, 66):
        for value in (NAN, INF, -INF):
            sizes = {"heads": 2, "kvHeads": 1, "start": 60}
            for name in ("k", "v"):
                q, k, v = draw.normal(9, 8), draw.normal(69, 4), draw.normal(69, 4)
                (k if name == "k" else v)[at, 1] = value
                yield attend(f"{value} in {name} of key {at}", sizes, q, k, v)
    hidden = torch.full((69, 4), -INF, dtype=torch.float64)
    hidden[66] = 1
    sizes = {"heads": 1, "scale": 1, "start": 60}
    ones = torch.ones(9, 4, dtype=torch.float64)
    yield attend("a tile of −∞ before the first score", sizes, ones, hidden, draw.normal(69, 4))
    q, k, v = draw.normal(1, 8), draw.normal(70, 4), draw.normal(70, 4)
    k[5, 0], v[3, 2] = NAN, INF
    yield attend("decoding", {"heads": 2, "kvHeads": 1, "start": 69}, q, k, v)
    # What has left the window of most queries, or of all; and what most see, and some not yet.
    for at in (4, 40, 66):
        for value in (NAN, INF):
            for causal in (True, False):
                sizes = {"heads": 2, "kvHeads": 1, "start": 60, "window": 24, "causal": causal}
                q, k, v = draw.normal(9, 8), draw.normal(69, 4), draw.normal(69, 4)
                k[at, 1] = v[at, 2] = value
                yield attend(f"{value} in key {at}, a window of 24{', causal' if causal else ''}", sizes, q, k, v)


def gate_over(options):
    """golden_layers.gate, on logits. NaN is the highest, and of equal ones the lower index goes first."""

    def best(scores, count):
        return scores.sort(dim=-1, descending=True, stable=True)[1][..., :count]

    def gate(logits, b=None):
        original = logits.softmax(-1) if options["score"] == "softmax" else logits.sigmoid()
        scores = original if b is None else original + b
        groups = options["groups"]
        if groups > 1:
            grouped = scores.view(len(scores), groups, -1)
            group_scores = grouped.amax(-1) if b is None else grouped.topk(2)[0].sum(-1)
            mask = torch.ones(len(scores), groups, dtype=torch.bool)
            mask.scatter_(1, best(group_scores, options["topGroups"]), False)
            scores = grouped.masked_fill(mask[..., None], -INF).flatten(1)
        indices = best(scores, options["topK"])
        weights = original.gather(1, indices)
        if options["normalize"]:
            weights = weights / weights.sum(-1, keepdim=True)
        return torch.zeros_like(original).scatter(1, indices, weights * options["routeScale"])

    return gate


def gates(draw):
    plain = {"topK": 3, "groups": 1, "topGroups": 1, "normalize": True, "routeScale": 1}
    grouped = {**plain, "groups": 4, "topGroups": 2, "routeScale": 2.5}
    kinds = {"plain": plain, "in groups": grouped, "not normalised": {**plain, "normalize": False}}
    for name, sizes in kinds.items():
        for score in ("softmax", "sigmoid"):
            options = {**sizes, "score": score}
            tensors = {"logits": special(draw, 8)}
            yield case(f"logits, {name}, {score}", "gate", ["@logits", options], tensors, gate_over(options))
    for i, values in enumerate([*AMONG[:7], [NAN, NAN]]):
        b = draw.bias(8)
        b[torch.tensor([(i + 1) % 8, 5][: len(values)])] = torch.tensor(values, dtype=torch.float64)
        for name, sizes in ("plain", plain), ("in groups", grouped):
            options = {**sizes, "score": "sigmoid"}
            arguments = ["@logits", options, "@b"]
            tensors = {"logits": draw.normal(3, 8), "b": b}
            yield case(f"{values} in the bias, {name}", "gate", arguments, tensors, gate_over(options))


def tops(draw):
    """By a stable sort: topk leaves open which of equal ones stands in front. 0 and −0 are equal there, so −0 is none."""

    def top(k):
        def largest(x):
            values, indices = x.sort(dim=-1, stable=True, descending=True)
            sums = torch.exp(x - values[:, :1]).sum(-1, keepdim=True)
            return torch.cat([values[:, :k], indices[:, :k].to(x.dtype), sums], -1)

        return largest

    for n, k in ((6, 1), (6, 6), (70, 4)):
        yield case(f"x, N = {n}, k = {k}", "topK", ["@x", k], {"x": special(draw, n) + 0.0}, top(k))


def special_cases():
    parts = [products, copies, elements, rows, attentions, gates, tops]
    return [one for seed, part in enumerate(parts) for one in part(Draw(100 + seed))]
