/** What the Model page shows, what it can do, and how it has tokens drawn. */

import type { ProductWeights } from '../../program/packing.ts';
import type { DeviceInfo, OpenedAttention, Placement, RecordedPass, Spent } from '../../protocol.ts';
import { GREEDY, type Sampling } from '../../sampling/sampling.ts';
import type { OpenedOnRanks } from '../layers/run.ts';
import type { Playback, Scrubbed } from '../playback.ts';
import type { RunState } from '../runLoop.ts';
import type { Figures } from './figures.ts';
import type { ModelFolder } from './folder.ts';
import type { Agreement } from './forced.ts';
import type { Ending, ShownCandidate } from './generate.ts';
import type { InspectedPass } from './inspected.ts';
import type { ModelParams } from './params.ts';
import type { PlannedCall } from './tokenPlan.ts';

export interface ShownToken {
  readonly id: number;
  /** What is known of the text by it; may be empty, where a character is not whole yet. */
  readonly text: string;
  /** The likeliest first; empty of a token that was given. */
  readonly candidates: readonly ShownCandidate[];
  /** Where each rank's time went in its pass; empty of a token that was given. */
  readonly spent: readonly Spent[];
  /** What the ranks read before it could be drawn; null where they had just run the token before it. */
  readonly read: ReadContext | null;
  /** Whether somebody chose it in place of the one that was drawn. */
  readonly chosen: boolean;
}

/** A context that was read at once: a prompt, or what of a text the ranks did not have in their caches. */
export interface ReadContext {
  readonly tokens: number;
  /** Where each rank's time went. */
  readonly spent: readonly Spent[];
}

/** How a text is asked for. */
export interface Asked {
  /** New tokens at most. */
  readonly count: number;
  readonly sampling: Sampling;
  readonly stopWords: readonly string[];
}

/** A prompt, and what the model made of it: all there is of a text, or a turn of a talk. */
export interface Turn {
  readonly prompt: string;
  /** How it was asked for, the last time: parameters may be others by now. Null before that. */
  readonly asked: Asked | null;
  /** All that the model was given, earlier turns included. */
  readonly context: readonly number[];
  /** The context by tokens. */
  readonly given: readonly ShownToken[];
  readonly tokens: readonly ShownToken[];
  /** Null while it is being written, or where it broke off. */
  readonly ending: Ending | null;
  readonly figures: Figures | null;
}

/** A token of the conversation. */
export interface TokenPlace {
  readonly turn: number;
  readonly index: number;
}

/** How far a rank is with its weights. */
export interface RankLoading {
  readonly bytes: number;
  /** Of them, what the browser had kept. */
  readonly keptBytes: number;
  readonly totalBytes: number;
  /** As in ModelLoading. */
  readonly shardBytes: number;
  /** Over the whole of its loading; null at its very beginning. */
  readonly bytesPerSecond: number | null;
  readonly done: boolean;
  /** Why it stands still for the moment. */
  readonly failure: string | null;
}

/** Of a context that was read at once, and made the collectives that were planned. */
export interface CheckedRead {
  readonly tokens: number;
  /** Of rank 0. */
  readonly planned: readonly PlannedCall[];
}

/** What one rank has on its device, in bytes. */
export interface RankMemory {
  readonly weights: number;
  /** For all positions. */
  readonly cache: number;
  /** What lies between the operations of one token's pass, predicted: made and freed one after another. */
  readonly activations: number;
  /** Its windows, through which the ring goes; none on one device. */
  readonly windows: number;
}

/** What is known of a model that the ranks have. */
export interface LoadedFacts {
  readonly devices: readonly DeviceInfo[];
  readonly placement: Placement;
  readonly worldSize: number;
  /** The longest sequence. */
  readonly positions: number;
  readonly memory: readonly RankMemory[];
  /** Whether 16-bit weights are held as they are stored. */
  readonly packed: boolean;
  /** How products hold their weights, and by how much that differs from what is stored, in RMS; null where in nothing. */
  readonly weights: ProductWeights;
  readonly rounding: number | null;
  /** Where they have the same first choice as those that are stored, in a text that these wrote; null until that is known. */
  readonly agreement: Agreement | null;
  /** By rank: the collectives of one token's pass, predicted. */
  readonly planned: readonly (readonly PlannedCall[])[];
  /** From the first rank's start to the last weight. */
  readonly loadMs: number;
}

/** A finished text, to be put beside the same one on other ranks. */
export interface FinishedRun {
  /** Of what it was asked for: texts with the same one can be compared. */
  readonly key: string;
  readonly ranks: number;
  readonly devices: readonly DeviceInfo[];
  readonly placement: Placement;
  /** How every all_reduce was asked to be made. */
  readonly algorithm: ModelParams['algorithm'];
  /** Of each token. */
  readonly texts: readonly string[];
  /** What it was to go on with. */
  readonly context: readonly number[];
  readonly ids: readonly number[];
  /** In the place of each, the likeliest token, whatever was drawn. */
  readonly choices: readonly number[];
  readonly figures: Figures;
  readonly memory: readonly RankMemory[];
  /** What a rank reads from the others for one token; the most that any does. */
  readonly readBytes: number;
}

/** What is under way. */
export type Doing =
  | 'reading' // the folder: config.json, tokenizer, headers
  | 'starting' // the ranks
  | 'loading' // weights
  | 'prefill'
  | 'writing'
  | 'inspecting'
  | 'recalling'; // what the ranks recorded

/** A token whose pass was run once more, one operation at a time; and what of it one looks at. */
export interface Inspected {
  readonly place: TokenPlace;
  readonly pass: InspectedPass;
  /** Of `pass.parts`. */
  readonly part: number;
  /** The tensor that is open. */
  readonly selected: string;
  /** Null until the ranks have answered. */
  readonly opened: OpenedOnRanks | null;
  /** Of the part, by rank; null where it has none, or until they have answered. */
  readonly attention: readonly OpenedAttention[] | null;
}

export interface ModelState extends RunState, Scrubbed {
  readonly params: ModelParams;
  /** Why `params` cannot run. */
  readonly problem: string | null;
  readonly doing: Doing | null;
  /** What was under way when the last attempt failed. */
  readonly failedAt: Doing | null;
  /** Which text it is, of how many that are compared; null where none are. */
  readonly comparing: { readonly at: number; readonly of: number } | null;
  /** What works and should be better, in sentences. */
  readonly warnings: readonly string[];
  readonly folder: ModelFolder | null;
  /** How many ranks were started last; a comparison starts others than are chosen. */
  readonly started: number;
  /** Null before the ranks begin. */
  readonly loading: readonly RankLoading[] | null;
  readonly loaded: LoadedFacts | null;
  readonly turns: readonly Turn[];
  /** What differed from the plan, in a sentence each: rank, token, calls. */
  readonly differences: readonly string[];
  /** Tokens whose collectives were held against the plan. */
  readonly checked: number;
  /** The context that was held against it last, and the collectives of a rank for it; null where none was. */
  readonly checkedRead: CheckedRead | null;
  readonly runs: readonly FinishedRun[];
  /** The token that one looks at; null: the last one. */
  readonly looked: TokenPlace | null;
  /** Whether it stays while the pointer goes over others. */
  readonly pinned: boolean;
  /** Null where nothing is taken apart; `at` and `playing` are of its part. */
  readonly inspected: Inspected | null;
}

export interface ModelActions extends Playback {
  /** Changes parameters. Other ranks, or another model, load at once, and write the same text again. */
  change(patch: Partial<ModelParams>): void;
  /** Files that were picked or dropped take the place of the model. */
  pick(files: readonly File[]): void;
  /** Says something: begins the text anew, or takes the next turn of a talk. */
  write(prompt: string): void;
  /** Goes on behind the end. */
  goOn(): void;
  /** Puts another token in the place of one, and goes on from there. */
  choose(place: TokenPlace, id: number): void;
  /** Empties the conversation. */
  clear(): void;
  /** Writes the same text on each of these numbers of ranks, one after another. */
  compare(ranks: readonly number[]): void;
  /** Ends the text at the next token, or the loading; ranks that have the model keep it. */
  stopText(): void;
  /** Ends what is under way, and the ranks. */
  stop(): void;
  /** Takes up again what broke off. */
  rerun(): void;
  /** Looks at a token; a pinned one stays until another is pinned, or null lets go of it. */
  look(place: TokenPlace | null, pin?: boolean): void;
  /** Has the ranks hand over what they recorded of their last passes: by rank, and nothing where there are none any more. */
  recall(take: (recorded: readonly (readonly RecordedPass[])[]) => void): void;
  /** Takes a token apart; null puts it away. */
  inspect(place: TokenPlace | null): void;
  /** Looks at a part of the pass, and at a step of it: the last where left out. */
  showPart(part: number, at?: number): void;
  /** Opens a tensor of the part. */
  select(id: string): void;
}

export type ModelStore = ModelState & ModelActions;

// How the next token is drawn: what was chosen by hand, over what the model's makers recommend.

export type SamplingField = keyof Sampling;

/** Always the likeliest: nothing else matters then. */
export const GREEDY_SAMPLING: Partial<Sampling> = { temperature: 0 };

/** What is recommended of a field. */
export function recommendedOf({ folder }: Pick<ModelState, 'folder'>, field: SamplingField): number {
  return (folder?.sampling ?? GREEDY)[field];
}

/** All of it. */
export function samplingOf({ folder, params }: Pick<ModelState, 'folder' | 'params'>): Sampling {
  return { ...(folder?.sampling ?? GREEDY), ...params.sampling };
}
