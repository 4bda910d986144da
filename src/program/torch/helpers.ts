/** What PyTorch has no function for, in Python: a text has those of them that it calls. */

export type Helper = keyof typeof HELPERS;

/** The lines of these, in the order in which they stand below, with an empty line between two. */
export function helperLines(used: ReadonlySet<string>): string[] {
  const found = Object.entries(HELPERS).filter(([name]) => used.has(name));
  return found.flatMap(([, text]) => [...text.split('\n'), '']);
}

const HELPERS = {
  shard: `\
def shard(t, dim=0):  # this rank's part of t
    return t.tensor_split(dist.get_world_size(), dim)[dist.get_rank()]`,
  part: `\
def part(t, ranges, dim=0):  # this rank's range of t
    start, end = ranges[dist.get_rank()]
    return t.narrow(dim, start, end - start)`,
  own_ids: `\
def own_ids(ids, ranges):  # counted from this rank's first; -1 for another's
    start, end = ranges[dist.get_rank()]
    return torch.where((ids >= start) & (ids < end), ids - start, -1)`,
  own_rows: `\
def own_rows(table, ids):  # zeros where the id is -1
    return F.pad(table, (0, 0, 0, 1))[ids]`,
  angles: `\
def angles(frequencies, positions):  # [positions, R]: cosines, then sines
    turned = torch.arange(positions, dtype=torch.float64)[:, None] * frequencies
    return torch.cat((turned.cos(), turned.sin()), dim=1).float()`,
  rope_half: `\
def rope_half(x, angles, head, offset=0):  # pairs are i and i + R/2, as in Hugging Face
    cos, sin = angles[:, None].chunk(2, dim=-1)
    half = cos.shape[-1]
    x = x.unflatten(-1, (-1, head))
    before, a, b, after = x.split((offset, half, half, head - offset - 2 * half), dim=-1)
    return torch.cat((before, a * cos - b * sin, b * cos + a * sin, after), dim=-1).flatten(-2)`,
  rope_interleaved: `\
def rope_interleaved(x, angles, head, offset=0):  # pairs are 2i and 2i + 1, as in DeepSeek
    cos, sin = angles[:, None].chunk(2, dim=-1)
    width = angles.shape[-1]
    x = x.unflatten(-1, (-1, head))
    before, turned, after = x.split((offset, width, head - offset - width), dim=-1)
    a, b = turned[..., 0::2], turned[..., 1::2]
    turned = torch.stack((a * cos - b * sin, b * cos + a * sin), dim=-1).flatten(-2)
    return torch.cat((before, turned, after), dim=-1).flatten(-2)`,
  rms_norm: `\
def rms_norm(x, weight, epsilon):  # of each group as wide as the weight
    x = x.unflatten(-1, (-1, len(weight)))
    return (x * torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon) * weight).flatten(-2)`,
  attend: `\
def attend(q, k, v, widths, scale, window=None):  # of the last len(q) tokens; widths: of a head in q, k, v
    q, k, v = (t.unflatten(-1, (-1, d)).transpose(0, 1) for t, d in zip((q, k, v), widths))
    k, v = (t.repeat_interleave(len(q) // max(1, len(t)), dim=0) for t in (k, v))
    past = k.shape[1] - q.shape[1]
    unseen = torch.ones(q.shape[1], k.shape[1], dtype=torch.bool)
    unseen = unseen.triu(past + 1) if window is None else unseen.triu(past + 1) | unseen.tril(past - window)
    scores = (q @ k.transpose(1, 2) * scale).masked_fill(unseen, float("-inf"))
    return (scores.softmax(-1) @ v).transpose(0, 1).flatten(1)`,
  gate: `\
def gate(scores, top_k, groups=1, top_groups=1, bias=None, normalize=False, scale=1):
    biased = scores if bias is None else scores + bias
    if groups > 1:
        biased = biased.unflatten(-1, (groups, -1))
        of_group = biased.amax(-1) if bias is None else biased.topk(2).values.sum(-1)
        best = torch.zeros_like(of_group).scatter(-1, of_group.topk(top_groups).indices, 1)
        biased = biased.masked_fill(best[..., None] == 0, float("-inf")).flatten(-2)
    experts = biased.topk(top_k).indices
    weights = scores.gather(-1, experts)
    if normalize:
        weights = weights / weights.sum(-1, keepdim=True)
    return torch.zeros_like(scores).scatter(-1, experts, weights * scale)`,
  top_k: `\
def top_k(x, k):  # values, their indices, and the sum by which they have a probability
    values, indices = x.topk(k)
    return torch.cat((values, indices, (x - values[:, :1]).exp().sum(1, keepdim=True)), dim=1)`,
} as const;
