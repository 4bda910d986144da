import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf, TextStream, tailOf } from './textStream.ts';

/** A byte is a token. */
const decode = (ids: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(ids));

describe('a stream of tokens', () => {
  /** Without the character that stands for what is none: as a text it cannot be told from half of another. */
  const TEXT = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\uFFFD'));

  it('gives whole characters, and in the end all of the text', () => {
    fc.assert(
      fc.property(TEXT, (text) => {
        const stream = new TextStream(decode);
        const parts = [...new TextEncoder().encode(text)].map((id) => stream.push(id));
        expect(parts.join('') + stream.rest).toBe(text.replace(/^\uFEFF/, ''));
        for (const part of parts) expect(part).not.toContain('\uFFFD');
      }),
    );
  });

  it('gives what never becomes a character in the end', () => {
    const stream = new TextStream(decode);
    expect([0x61, 0xe2, 0x82].map((id) => stream.push(id))).toEqual(['a', '', '']);
    expect(stream.rest).toBe('\uFFFD');
  });

  it('lets a tokenizer put a space before a word by what stands before it', () => {
    const words = ['', 'one', 'two'];
    const stream = new TextStream((ids) => ids.map((id) => words[id]).join(' '));
    expect([1, 2, 1].map((id) => stream.push(id))).toEqual(['one', ' two', ' one']);
  });

  it('goes on behind what was given as if it were one text', () => {
    const words = ['', 'one', 'two'];
    const stream = new TextStream((ids) => ids.map((id) => words[id]).join(' '), tailOf([2, 2]));
    expect([1, 2].map((id) => stream.push(id))).toEqual([' one', ' two']);
    const bytes = [...new TextEncoder().encode('née 👩 '.repeat(9))];
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 2 }), (at) => {
        const behind = new TextStream(decode, tailOf(bytes.slice(0, at)));
        const all = bytes.slice(at).map((id) => behind.push(id));
        const whole = decode(bytes);
        expect(whole.endsWith(all.join('') + behind.rest)).toBe(true);
        expect(all.join('').length).toBeGreaterThanOrEqual(whole.length - decode(bytes.slice(0, at)).length);
      }),
    );
  });

  it('goes on from its end in another as if it were the same', () => {
    fc.assert(
      fc.property(TEXT, fc.array(fc.boolean()), (text, cuts) => {
        const whole = new TextStream(decode);
        let cut = new TextStream(decode);
        for (const [i, id] of [...new TextEncoder().encode(text)].entries()) {
          if (cuts[i]) cut = new TextStream(decode, cut.tail);
          expect(cut.push(id)).toBe(whole.push(id));
          expect(cut.rest).toBe(whole.rest);
        }
      }),
    );
  });
});

it('gives each token of a text its own part of it, whole characters alone, and the last one what is left', () => {
  const bytes = (text: string): number[] => [...new TextEncoder().encode(text)];
  expect(partsOf(decode, bytes('béc'))).toEqual(['b', '', 'é', 'c']);
  expect(partsOf(decode, bytes('bé').slice(0, 2))).toEqual(['b', '\uFFFD']);
  expect(partsOf(decode, bytes('é').slice(1), bytes('aé').slice(0, 2))).toEqual(['é']);
  expect(partsOf(decode, [])).toEqual([]);
});
