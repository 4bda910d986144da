/** The state of the Benchmark page and what may be done to it. The store is in store.ts; React only reads and calls. */

import type { LabErrorCode } from '../../base/errors.ts';
import type { BenchOptions, Suite } from '../../bench/options.ts';
import type { BenchEnvironment, BenchResult } from '../../bench/record.ts';
import type { ServingResult } from '../../bench/serving/serving.ts';
import type { CollectiveOp } from '../../collectives/kinds.ts';
import type { DeviceInfo } from '../../protocol.ts';
import type { BenchProgress } from './runner.ts';
import type { ShippedRun } from './shipped.ts';

/** A run that is kept: all of it but its results, which are many. */
export interface RunHeader {
  readonly id: string;
  readonly name: string;
  /** Of files that were imported, whoever wrote them. */
  readonly imported: boolean;
  /** What it was asked for; null where that is not known. */
  readonly options: BenchOptions | null;
  readonly environment: BenchEnvironment;
  /** The device of each backend that ran; empty where it is not known. */
  readonly devices: readonly DeviceInfo[];
  /** ISO 8601, when it came here. */
  readonly date: string;
  /** Cases that it was to have, and has. */
  readonly total: number;
  readonly done: number;
  /** running: under way. stopped: the visitor ended it. Else it ran to its end, or the page went away before. */
  readonly state: 'running' | 'complete' | 'stopped' | 'incomplete';
  /** From its start to its end; absent where it did not come to one, or paused. */
  readonly tookMs?: number;
}

/** What of the results one looks at. What the results do not have is as if nothing were chosen. */
export interface BenchView {
  /** The table's suite; null: the first that there is. */
  readonly table: Suite | null;
  /** The layer of the charts, by its name and shape; null: the first. */
  readonly layer: string | null;
  readonly scaling: 'speed-up' | 'efficiency';
  readonly collective: CollectiveOp;
  /** Ranks of the bandwidths; null: the most. */
  readonly ranks: number | null;
}

export const DEFAULT_VIEW: BenchView = {
  table: null,
  layer: null,
  scaling: 'speed-up',
  collective: 'all_reduce',
  ranks: null,
};

/** Runs that are laid over the one that is shown: of more nobody would tell the lines apart. */
export const MOST_OVERLAYS = 8;

/** How far a file is read. */
export interface Importing {
  readonly name: string;
  /** From the disk, as a text; then results are taken over. */
  readonly stage: 'reading' | 'checking' | 'taking';
  /** Results that are here, of all. */
  readonly done: number;
  readonly total: number;
}

export interface BenchState {
  /** What the controls show, legal or not. */
  readonly options: BenchOptions;
  /** Why `options` cannot run. */
  readonly problem: string | null;
  readonly phase: 'idle' | 'running' | 'paused';
  /** Of the run under way. */
  readonly progress: BenchProgress | null;
  /** Why the last run ended early; null where it did not, or by a wish. */
  readonly failure: { readonly code: LabErrorCode | 'unknown'; readonly message: string } | null;
  /** Whether the tab was hidden during the run under way. */
  readonly wasHidden: boolean;
  /** Newest first. */
  readonly runs: readonly RunHeader[];
  /** Results of those runs that were needed so far, in the order in which they came. */
  readonly results: ReadonlyMap<string, readonly BenchResult[]>;
  /** Whether the kept runs have been read. */
  readonly opened: boolean;
  /** Why runs are not kept beyond this visit; null where they are. */
  readonly keepProblem: string | null;
  /** The run that the page shows: the one under way, the last, or one that was chosen. */
  readonly shown: string | null;
  /** Runs that are drawn over it, at most {@link MOST_OVERLAYS}. */
  readonly overlays: readonly string[];
  /** The run that it is compared with. */
  readonly base: string | null;
  /** The file that is being read; null where none is. */
  readonly importing: Importing | null;
  /** Why the last import failed. */
  readonly importProblem: string | null;
  /** Of the last import: what a server of models was measured to do, which is no run and is not kept. */
  readonly serving: { readonly name: string; readonly results: readonly ServingResult[] } | null;
  /** A run that comes with the page, drawn for as long as there is no other. Null: not there yet, or not needed. */
  readonly shipped: { readonly run: ShippedRun; readonly results: readonly BenchResult[] } | null;
  readonly view: BenchView;
}

export interface BenchActions {
  /** Changes options. Nothing runs by itself. */
  change(patch: Partial<BenchOptions>): void;
  /** Takes over what a link says. */
  arrive(link: Pick<BenchState, 'options' | 'problem' | 'view'>): void;
  look(patch: Partial<BenchView>): void;
  run(): void;
  pause(): void;
  resume(): void;
  /** Ends the run; what is done stays. */
  stop(): void;
  show(id: string | null): void;
  toggleOverlay(id: string): void;
  compareWith(id: string | null): void;
  rename(id: string, name: string): void;
  remove(id: string): void;
  /**
   * Reads a record, or several, and lays them over what is shown, as far as there is room; after what is being read
   * already. False where it was
   * stopped, or could not be read.
   */
  importFrom(source: Blob | string, name: string): Promise<boolean>;
  /** Ends the import under way; nothing of its file stays. */
  stopImport(): void;
  /** Says why something could not be read; null: it could. */
  setImportProblem(problem: string | null): void;
}

export type BenchStore = BenchState & BenchActions;
