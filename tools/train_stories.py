"""Train the demo model: a Llama-architecture language model on short stories, on a CPU.

Writes a Hugging Face style folder: config.json, tokenizer.json, model.safetensors (float16 or float32).
Usage: /usr/bin/python3 tools/train_stories.py --text stories.txt --out model --minutes 55
(stories separated by <|endoftext|>). public/models/stories is what it wrote, and its README says of what.
"""
import argparse, json, math, random, re, struct, time
from collections import Counter
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

p = argparse.ArgumentParser()
p.add_argument('--text', default='stories.txt'); p.add_argument('--out', default='model')
p.add_argument('--steps', type=int, default=3000); p.add_argument('--batch', type=int, default=16)
p.add_argument('--seq', type=int, default=256); p.add_argument('--vocab', type=int, default=1024)
p.add_argument('--dim', type=int, default=128); p.add_argument('--layers', type=int, default=6)
p.add_argument('--heads', type=int, default=8); p.add_argument('--kv', type=int, default=4)
p.add_argument('--ffn', type=int, default=384); p.add_argument('--lr', type=float, default=2e-3)
p.add_argument('--dropout', type=float, default=0.0); p.add_argument('--minutes', type=float, default=60)
a = p.parse_args()
torch.manual_seed(1337); random.seed(1337); torch.set_num_threads(2)

# --- byte-level BPE, GPT-2 style ---------------------------------------------------------------
def byte_symbols():
    visible = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    table, extra = {}, 0
    for b in range(256):
        if b in visible: table[b] = chr(b)
        else: table[b] = chr(256 + extra); extra += 1
    return table
SYM = byte_symbols()
WORD = re.compile(r"'(?:[sdmt]|ll|ve|re)| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")
stories = [s.strip() for s in open(a.text, encoding='utf8').read().split('<|endoftext|>')]
text = ' '.join(stories)
words = Counter()
for s in stories:
    words.update(WORD.findall(s))
words = Counter({tuple(SYM[b] for b in w.encode()): n for w, n in words.items()})
EOT = '<|endoftext|>'
vocab = {EOT: 0}
for b in range(256): vocab[SYM[b]] = len(vocab)
merges = []
table = {w: list(w) for w in words}
while len(vocab) < a.vocab:
    pairs = Counter()
    for w, n in words.items():
        s = table[w]
        for x in zip(s, s[1:]): pairs[x] += n
    best = max(pairs, key=lambda x: (pairs[x], x))
    merges.append(best); vocab[''.join(best)] = len(vocab)
    for w in table:
        s = table[w]; i = 0; out = []
        while i < len(s):
            if i + 1 < len(s) and (s[i], s[i+1]) == best: out.append(s[i] + s[i+1]); i += 2
            else: out.append(s[i]); i += 1
        table[w] = out
def encode(s): return [vocab[t] for w in WORD.findall(s) for t in table[tuple(SYM[b] for b in w.encode())]]
ids = torch.tensor([t for s in stories for t in [0] + encode(s)])
cut = int(len(ids) * 0.95); train, val = ids[:cut], ids[cut:]
chars_per_token = len(text) / len(ids)
print('tokens', len(ids), 'chars/token', chars_per_token, flush=True)

# --- Llama -------------------------------------------------------------------------------------
D = a.dim // a.heads
class RMSNorm(nn.Module):
    def __init__(s, d): super().__init__(); s.weight = nn.Parameter(torch.ones(d))
    def forward(s, x): return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * s.weight
inv = 1.0 / (10000 ** (torch.arange(0, D, 2).float() / D))
ang = torch.outer(torch.arange(a.seq).float(), inv); COS = torch.cat([ang.cos()] * 2, -1); SIN = torch.cat([ang.sin()] * 2, -1)
MASK = torch.triu(torch.ones(a.seq, a.seq, dtype=torch.bool), 1)
def rope(x):
    t = x.shape[-2]; h = x.shape[-1] // 2
    return x * COS[:t] + torch.cat([-x[..., h:], x[..., :h]], -1) * SIN[:t]
class Attention(nn.Module):
    def __init__(s):
        super().__init__()
        s.q_proj = nn.Linear(a.dim, a.heads * D, bias=False); s.k_proj = nn.Linear(a.dim, a.kv * D, bias=False)
        s.v_proj = nn.Linear(a.dim, a.kv * D, bias=False); s.o_proj = nn.Linear(a.heads * D, a.dim, bias=False)
    def forward(s, x):
        B, T, _ = x.shape
        q = rope(s.q_proj(x).view(B, T, a.heads, D).transpose(1, 2)); k = rope(s.k_proj(x).view(B, T, a.kv, D).transpose(1, 2))
        v = s.v_proj(x).view(B, T, a.kv, D).transpose(1, 2); g = a.heads // a.kv
        k, v = k.repeat_interleave(g, 1), v.repeat_interleave(g, 1)
        w = (q @ k.transpose(-1, -2)) / math.sqrt(D)
        w = w.masked_fill(MASK[:T, :T], -1e9).softmax(-1)
        return s.o_proj((w @ v).transpose(1, 2).reshape(B, T, -1))
class MLP(nn.Module):
    def __init__(s):
        super().__init__()
        s.gate_proj = nn.Linear(a.dim, a.ffn, bias=False); s.up_proj = nn.Linear(a.dim, a.ffn, bias=False); s.down_proj = nn.Linear(a.ffn, a.dim, bias=False)
    def forward(s, x): return s.down_proj(F.silu(s.gate_proj(x)) * s.up_proj(x))
class Layer(nn.Module):
    def __init__(s):
        super().__init__(); s.self_attn = Attention(); s.mlp = MLP(); s.input_layernorm = RMSNorm(a.dim); s.post_attention_layernorm = RMSNorm(a.dim)
    def forward(s, x):
        d = lambda y: F.dropout(y, a.dropout, s.training)
        x = x + d(s.self_attn(s.input_layernorm(x))); return x + d(s.mlp(s.post_attention_layernorm(x)))
class Inner(nn.Module):
    def __init__(s):
        super().__init__(); s.embed_tokens = nn.Embedding(a.vocab, a.dim); s.layers = nn.ModuleList(Layer() for _ in range(a.layers)); s.norm = RMSNorm(a.dim)
class Llama(nn.Module):
    def __init__(s):
        super().__init__(); s.model = Inner(); s.lm_head = nn.Linear(a.dim, a.vocab, bias=False)
    def forward(s, t):
        x = F.dropout(s.model.embed_tokens(t), a.dropout, s.training)
        for l in s.model.layers: x = l(x)
        return s.lm_head(s.model.norm(x))
net = Llama()
for n, w in net.named_parameters():
    if w.dim() == 2: nn.init.normal_(w, std=0.02 / (math.sqrt(2 * a.layers) if 'o_proj' in n or 'down_proj' in n else 1))
print('parameters', sum(w.numel() for w in net.parameters()), flush=True)
opt = torch.optim.AdamW(net.parameters(), lr=a.lr, betas=(0.9, 0.99), weight_decay=0.1)
def batch(d):
    i = torch.randint(len(d) - a.seq - 1, (a.batch,))
    return torch.stack([d[j:j + a.seq] for j in i]), torch.stack([d[j + 1:j + a.seq + 1] for j in i])
@torch.no_grad()
def evaluate():
    net.eval(); g = torch.Generator().manual_seed(0); out = []
    for _ in range(8):
        i = torch.randint(len(val) - a.seq - 1, (a.batch,), generator=g)
        x = torch.stack([val[j:j + a.seq] for j in i]); y = torch.stack([val[j + 1:j + a.seq + 1] for j in i])
        out.append(F.cross_entropy(net(x).flatten(0, 1), y.flatten()).item())
    net.train(); return sum(out) / len(out)
def save(val_loss, step):
    import os; os.makedirs(a.out, exist_ok=True)
    header, off, blobs = {'__metadata__': {'format': 'pt'}}, 0, []
    for n, w in net.state_dict().items():
        b = w.half().contiguous().numpy().tobytes()
        header[n] = {'dtype': 'F16', 'shape': list(w.shape), 'data_offsets': [off, off + len(b)]}; off += len(b); blobs.append(b)
    h = json.dumps(header, separators=(',', ':')).encode(); h += b' ' * (-len(h) % 8)
    with open(a.out + '/model.safetensors', 'wb') as f: f.write(struct.pack('<Q', len(h)) + h + b''.join(blobs))
    json.dump({'architectures': ['LlamaForCausalLM'], 'model_type': 'llama', 'hidden_size': a.dim, 'intermediate_size': a.ffn, 'num_hidden_layers': a.layers,
      'num_attention_heads': a.heads, 'num_key_value_heads': a.kv, 'head_dim': D, 'vocab_size': a.vocab, 'max_position_embeddings': a.seq, 'rms_norm_eps': 1e-5,
      'rope_theta': 10000.0, 'hidden_act': 'silu', 'tie_word_embeddings': False, 'attention_bias': False, 'mlp_bias': False, 'bos_token_id': 0, 'eos_token_id': 0,
      'torch_dtype': 'float16'}, open(a.out + '/config.json', 'w'), indent=2)
    json.dump({'version': '1.0', 'truncation': None, 'padding': None, 'added_tokens': [{'id': 0, 'content': EOT, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}],
      'normalizer': None, 'pre_tokenizer': {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True}, 'post_processor': None,
      'decoder': {'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True, 'use_regex': True},
      'model': {'type': 'BPE', 'dropout': None, 'unk_token': None, 'continuing_subword_prefix': None, 'end_of_word_suffix': None, 'fuse_unk': False, 'byte_fallback': False,
                'vocab': vocab, 'merges': [' '.join(m) for m in merges]}}, open(a.out + '/tokenizer.json', 'w'), ensure_ascii=False)
    json.dump({'step': step, 'val_loss': val_loss, 'val_bits_per_char': val_loss / chars_per_token / math.log(2)}, open(a.out + '/training.json', 'w'))
start, best = time.time(), 9e9
for step in range(a.steps + 1):
    spent = (time.time() - start) / 60 / a.minutes
    done = max(step / a.steps, spent)
    lr = a.lr * min(1, step / 100) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(done, 1))))
    for g in opt.param_groups: g['lr'] = lr
    if step % 100 == 0 or done >= 1:
        v = evaluate()
        if v < best: best = v; save(v, step)
        print(f'step {step} val {v:.4f} best {best:.4f} lr {lr:.2e} {time.time()-start:.0f}s', flush=True)
    if done >= 1: break
    x, y = batch(train); loss = F.cross_entropy(net(x).flatten(0, 1), y.flatten())
    opt.zero_grad(); loss.backward(); nn.utils.clip_grad_norm_(net.parameters(), 1.0); opt.step()
