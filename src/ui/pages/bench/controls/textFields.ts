/** Options that are typed: how each is written, and read back. */

import { LabError } from '#base/errors.ts';
import { quoted } from '#base/shown.ts';
import { shapesFromText, shapeToText } from '#bench/amounts.ts';
import type { BenchOptions, PassShape } from '#bench/options.ts';

export interface TypedOption {
  readonly label: string;
  readonly hint: string;
  readonly write: (options: BenchOptions) => string;
  /** @throws LabError `input` */
  readonly read: (text: string) => Partial<BenchOptions>;
}

export const SHAPES: TypedOption = {
  label: 'Products, m × k × n',
  hint: 'x [m, k] by a stored weight [n, k]; several with commas',
  write: ({ shapes }) => shapes.map(shapeToText).join(', '),
  read: (text) => ({ shapes: shapesFromText(text.replaceAll('×', 'x').replaceAll(/ *x */g, 'x')) }),
};

/** 16+0, 1+128 */
export const PASSES: TypedOption = {
  label: 'Passes, tokens + cache',
  hint: '16+0 is a prompt of 16; 1+128 decodes one after 128',
  write: ({ passes }) => passes.map(({ m, past }) => `${m}+${past}`).join(', '),
  read: (text) => ({ passes: text.split(',').map(passFromText) }),
};

export const BLOCKS: TypedOption = {
  label: 'Blocks of rows',
  hint: 'of the row-parallel linear and the MLP: one is summed while the next multiplies; several with commas',
  write: ({ blocks }) => blocks.join(', '),
  read: (text) => ({ blocks: text.split(',').map((one) => (one.trim() === '' ? Number.NaN : Number(one))) }),
};

export const CHECKPOINTS: TypedOption = {
  label: 'Models',
  hint: 'stories comes along; or the address of a model’s folder, several with commas',
  write: ({ checkpoints }) => checkpoints.join(', '),
  read: (text) => ({ checkpoints: text.split(',').map((one) => one.trim()) }),
};

export const SEED: TypedOption = {
  label: 'Seed',
  hint: 'of the order of the cases and of all numbers',
  write: ({ seed }) => String(seed),
  read: (text) => ({ seed: text.trim() === '' ? Number.NaN : Number(text) }),
};

function passFromText(text: string): PassShape {
  const [, m, past = '0'] = /^\s*(\d+)\s*(?:\+\s*(\d+))?\s*$/.exec(text) ?? [];
  if (m === undefined) {
    throw new LabError(
      'input',
      `${quoted(text.trim())} is no pass. Use tokens + tokens in the cache, as 1+128.`,
    );
  }
  return { m: Number(m), past: Number(past) };
}
