/** What is in the paste box and what it came to. The text outlives a reload; the numbers are made again. */

import { createStore, type StoreApi } from 'zustand/vanilla';
import { LabError, messageOf } from '#base/errors.ts';
import { parseHfConfig } from '#models/hfConfig.ts';
import { presets } from '#models/presets.ts';
import { countModel } from '#planner/model/countModel.ts';
import type { CountedModel } from '#planner/model/parts.ts';
import type { LatentCache } from '#planner/model/share.ts';
import type { ModelConfig } from '#program/modelConfig.ts';
import { readText } from '#ui/components/files.ts';
import { pageStore } from '#ui/page/pageStore.ts';
import { ALL_DEGREES, type DegreeRow, degreeRow, USUAL_DEGREES } from '../../plan/degrees/degreeRows.ts';
import { collectivesOf, factsOf } from './modelSummary.ts';

export interface PasteState {
  readonly text: string;
  readonly model: ModelConfig | null;
  /** The same, as its weights; null with it. */
  readonly counted: CountedModel | null;
  /** Why the text is no model that can be planned, or a file was not taken; null where it is, or is empty. */
  readonly problem: string | null;
  /** Every degree from 1 to 64, or the usual ones. */
  readonly all: boolean;
  readonly latentCache: LatentCache;
  /** Tokens in the cache. */
  readonly context: number;
  /** As many as have been computed, in order. */
  readonly rows: readonly DegreeRow[];
}

export interface PasteActions {
  setText(text: string): void;
  /** Fills in a published model; nothing where there is none of that id. */
  takePreset(id: string): void;
  /** Says why something is not taken; the text stays. */
  refuse(problem: string): void;
  set(patch: Partial<Pick<PasteState, 'all' | 'latentCache' | 'context'>>): void;
}

export type PasteStore = PasteState & PasteActions;

/** Where the text is kept. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'ringside.config';
/** The main thread is free again after so many milliseconds. */
const SLICE_MS = 8;
/** No config.json is near it; to lay out ten times as many took the page's thread 1.2 s. */
export const MOST_CHARACTERS = 100_000;
export const TOO_LONG = 'This is over 100,000 characters long, and no config.json is. Paste that file alone.';

/** @param shelf null where the browser keeps nothing */
export function createPasteStore(shelf: Shelf | null): StoreApi<PasteStore> {
  const store: StoreApi<PasteStore> = createStore<PasteStore>((set, get) => ({
    text: '',
    model: null,
    counted: null,
    problem: null,
    all: false,
    latentCache: 'absorbed',
    context: 8192,
    rows: [],
    setText(text) {
      keep(shelf, ''); // until it is answered: what breaks the page, or keeps it busy for ever, must not do so again
      const { broke, ...answer } = answerTo(text);
      const context = Math.min(get().context, answer.model?.maxPositions ?? get().context);
      // White space and fields that mean nothing here make no other model.
      const same = isSame(answer.model, get().model);
      set(same ? { text, problem: null } : { text, ...answer, context, rows: [] });
      const sound = !broke && (same || fill());
      if (sound && text.length <= MOST_CHARACTERS) keep(shelf, text);
    },
    takePreset(id) {
      const preset = presets.find((one) => one.id === id);
      if (preset !== undefined) {
        get().setText(`${JSON.stringify({ _name_or_path: preset.repository, ...preset.config }, null, 2)}\n`);
      }
    },
    refuse: (problem) => set({ problem }),
    set(patch) {
      const cacheChanged = patch.latentCache !== undefined && patch.latentCache !== get().latentCache;
      set({ ...patch, ...((cacheChanged || patch.all !== undefined) && { rows: [] }) });
      fill();
    },
  }));
  const { getState, setState } = store;

  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Computes rows in slices, so that typing goes on. False where they cannot be computed. */
  function fill(): boolean {
    clearTimeout(timer);
    const { counted, rows, all, latentCache } = getState();
    if (counted === null) return true;
    const degrees = (all ? ALL_DEGREES : USUAL_DEGREES).slice(rows.length);
    const until = performance.now() + SLICE_MS;
    const more: DegreeRow[] = [];
    try {
      for (const p of degrees) {
        more.push(degreeRow(counted, p, { latentCache }));
        if (performance.now() >= until) break;
      }
    } catch (thrown) {
      keep(shelf, '');
      setState({ model: null, counted: null, rows: [], problem: fault(thrown) });
      return false;
    }
    if (more.length > 0) setState({ rows: [...rows, ...more] });
    if (more.length < degrees.length) timer = setTimeout(fill);
    return true;
  }

  getState().setText(kept(shelf));
  return store;
}

/** A model, or a sentence; both null where there is no text. `broke`: by a fault of ours, and not of the text. */
export function answerTo(
  text: string,
): Pick<PasteState, 'model' | 'counted' | 'problem'> & { readonly broke: boolean } {
  const none = { model: null, counted: null };
  if (text.trim() === '') return { ...none, problem: null, broke: false };
  if (text.length > MOST_CHARACTERS) {
    return { ...none, problem: TOO_LONG, broke: false };
  }
  try {
    const model = parseHfConfig(text);
    factsOf(model); // what is shown of it
    collectivesOf(model);
    return { model, counted: countModel(text), problem: null, broke: false };
  } catch (error) {
    if (error instanceof LabError) return { ...none, problem: error.message, broke: false };
    return { ...none, problem: fault(error), broke: true };
  }
}

function fault(thrown: unknown): string {
  return `This text breaks the page, which is a fault in Ringside; it is not kept. The message was: ${messageOf(thrown)}`;
}

function isSame(a: ModelConfig | null, b: ModelConfig | null): boolean {
  return a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b);
}

/** Private windows may refuse; then the text lives as long as the page. */
function keep(shelf: Shelf | null, text: string): void {
  try {
    shelf?.setItem(KEY, text);
  } catch {
    // Full, or forbidden.
  }
}

function kept(shelf: Shelf | null): string {
  try {
    return shelf?.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

const EXPECTED = { kind: 'a config.json', most: MOST_CHARACTERS };
const WEIGHTS = /\.(safetensors|bin|gguf|pth?)$/i;

/** Files that somebody drops on the page: one of them may be a model's config.json. */
export async function takeFiles(
  files: readonly File[],
  { setText, refuse }: Pick<PasteActions, 'setText' | 'refuse'>,
): Promise<void> {
  // Of all files of a model, it is this one.
  const file = files.find(({ name }) => name === 'config.json') ?? files[0];
  if (file === undefined) return;
  if (WEIGHTS.test(file.name)) {
    return refuse(`${file.name} holds weights, and they are not needed here. Drop the model’s config.json.`);
  }
  const found = await readText(file, EXPECTED);
  if (found.ok) setText(found.text);
  else refuse(found.problem);
}

/** There is one box, and it outlives a look at another page. */
export const usePaste = pageStore(() => createPasteStore(sessionShelf())).use;

/** Reading the property throws where cookies are blocked. */
function sessionShelf(): Shelf | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
