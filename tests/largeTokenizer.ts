/** A tokenizer as large as that of Llama 3, which says of a text what a small one says. */

interface Tokenizer {
  readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges: readonly unknown[] };
}

/**
 * @param small tokenizer.json of a byte-level BPE
 * @param size of the vocabulary that comes of it: tokens of three bytes are added, of those that stand in no English text
 * @returns tokenizer.json
 */
export function largeTokenizer(small: string, size: number): string {
  const tokenizer: Tokenizer = JSON.parse(small);
  const vocab = { ...tokenizer.model.vocab };
  const merges = [...tokenizer.model.merges];
  let next = Object.keys(vocab).length;
  const add = (first: string, second: string): void => {
    if (next >= size || first + second in vocab) return;
    vocab[first + second] = next++;
    merges.push(`${first} ${second}`);
  };
  // How byte-level BPE writes the bytes from 0xAE on, with which a character of UTF-8 begins or goes on.
  const bytes = Array.from({ length: 82 }, (_, i) => String.fromCharCode(0xae + i));
  const pairs = bytes.flatMap((first) => bytes.map((second) => [first, second] as const));
  for (const [first, second] of pairs) add(first, second);
  for (const third of bytes) for (const [first, second] of pairs) add(first + second, third);
  return JSON.stringify({ ...tokenizer, model: { ...tokenizer.model, vocab, merges } });
}
