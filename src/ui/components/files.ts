/** Files between the page and its visitor: read, dropped, handed out. */

import { useEffect, useState } from 'react';
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

/**
 * What was dropped, and the files of a folder among it in place of the folder, which is no file. Folders within it are left
 * out. To be called while the drop is handled: a browser takes the rest of it away then.
 */
export async function filesIn({ files, items }: Pick<DataTransfer, 'files' | 'items'>): Promise<File[]> {
  const dropped = [...files];
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  const folders = entries.filter((entry): entry is FileSystemDirectoryEntry => entry.isDirectory);
  const isFolder = ({ name }: File): boolean => folders.some((folder) => folder.name === name);
  const inside = await Promise.all(folders.map(filesOfFolder));
  return [...dropped.filter((file) => !isFolder(file)), ...inside.flat()];
}

async function filesOfFolder(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader();
  const files: File[] = [];
  for (;;) {
    // It gives them by the hundred, and none when it is through.
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) return files;
    const opened = some.map(
      (entry) =>
        new Promise<File[]>((resolve) => {
          if (!entry.isFile) return resolve([]);
          // One that cannot be read is as one that is not there: whoever needs it says so.
          (entry as FileSystemFileEntry).file(
            (file) => resolve([file]),
            () => resolve([]),
          );
        }),
    );
    files.push(...(await Promise.all(opened)).flat());
  }
}

/** Takes files that are dropped anywhere on the page, which a browser would else open in its place. */
export function useDrop(onFiles: (files: readonly File[]) => void): { readonly over: boolean } {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    // Null: the pointer left the window, and not only one element for another.
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) void filesIn(event.dataTransfer).then(onFiles);
    };
    addEventListener('dragover', onOver);
    addEventListener('dragleave', onLeave);
    addEventListener('drop', onDrop);
    return () => {
      removeEventListener('dragover', onOver);
      removeEventListener('dragleave', onLeave);
      removeEventListener('drop', onDrop);
    };
  }, [onFiles]);
  return { over };
}
