/** A file that somebody hands to the page, as text. */

import { sentenceOf } from '#base/errors.ts';
import { formatBytes } from '../format.ts';

export type TextOfFile =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** What is expected: "a config.json", of `most` bytes. A larger file is not read at all: it would stall the page. */
export interface Expected {
  readonly kind: string;
  readonly most: number;
}

export async function readText(file: File, { kind, most }: Expected): Promise<TextOfFile> {
  const { name } = file;
  const problem = problemWithSize(file, { kind, most });
  if (problem !== null) return { ok: false, problem };
  try {
    const text = await file.text();
    if (text.includes('\0')) return { ok: false, problem: `${name} is not text, as ${kind} is.` };
    return { ok: true, text };
  } catch (thrown) {
    return { ok: false, problem: `${name} cannot be read: ${sentenceOf(thrown)}` };
  }
}

/** Why a file is not even begun with; null where it is not too large. */
export function problemWithSize({ name, size }: File, { kind, most }: Expected): string | null {
  return size > most ? `${name} has ${formatBytes(size)}, and ${kind} is far smaller.` : null;
}
