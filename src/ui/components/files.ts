/** Files between the page and its visitor: read, and handed out. */

import { sentenceOf } from '#base/errors.ts';
import { formatBytes } from '../format.ts';

export type TextOfFile =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** What is expected: "a config.json", of `most` bytes. A larger file is not read at all: it would stall the page. */
interface ExpectedFile {
  readonly kind: string;
  readonly most: number;
}

/** The text of a file that somebody hands to the page. */
export async function readText(file: File, { kind, most }: ExpectedFile): Promise<TextOfFile> {
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
export function problemWithSize({ name, size }: File, { kind, most }: ExpectedFile): string | null {
  return size > most ? `${name} has ${formatBytes(size)}, and ${kind} is far smaller.` : null;
}

/** Hands a file to the visitor. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold on the file by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
