/** Files that are dropped on the page. Without anybody to take them a browser would open them in its place. */

import { useEffect } from 'react';

type Taker = (files: readonly File[]) => unknown;

/** The page that takes what is dropped. */
let taker: Taker | null = null;
/** Dropped while the code of the page was still on its way. */
let early: readonly File[] = [];

/** From now on no file that is dropped takes the visitor away; `data-dragging` on <html> says that one is held over the page. */
export function catchDrops(): void {
  const hold = (isHeld: boolean): void => {
    document.documentElement.toggleAttribute('data-dragging', isHeld);
  };
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hold(taker !== null);
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    // Null: the pointer left the window, and not only one element for another.
    if (relatedTarget === null) hold(false);
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    hold(false);
    void filesIn(event.dataTransfer).then((files) => {
      if (taker === null) early = files;
      else taker(files);
    });
  });
  // What was dropped on a page that takes no files is not for the next one.
  addEventListener('hashchange', () => {
    early = [];
  });
}

/** Takes files that are dropped anywhere on the page, and those that were dropped before it was there. */
export function useDrop(onFiles: Taker): void {
  useEffect(() => {
    taker = onFiles;
    if (early.length > 0) onFiles(early);
    early = [];
    return () => {
      if (taker === onFiles) taker = null;
    };
  }, [onFiles]);
}

function hasFiles(event: DragEvent): event is DragEvent & { dataTransfer: DataTransfer } {
  return event.dataTransfer?.types.includes('Files') ?? false;
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
