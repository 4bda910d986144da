/** The page of `npm run bench:peers`, which has no face: whoever drives it calls these by the name of a runner. */

import * as Comlink from 'comlink';
import type { BenchCase, BenchEnvironment } from '../../../src/bench/record.ts';
import { nameAdapter } from '../../../src/device/webgpu/adapter.ts';
import { pageEnvironment } from '../../../src/lab/bench/headers.ts';
import type { Prepared } from '../race.ts';
import type { LimitName } from '../works.ts';
import { limitRunner } from './limit.ts';
import { oursRunner } from './ours.ts';
import type { Backend, LibraryName } from './peer.ts';
import type { Peer } from './peer.worker.ts';
import type { PageRunner } from './runner.ts';

export type RunnerOf =
  | { readonly kind: 'ours'; readonly device: 'cpu' | 'webgpu'; readonly worldSize: number }
  | { readonly kind: 'peer'; readonly library: LibraryName; readonly on: Backend }
  | { readonly kind: 'limit'; readonly limit: LimitName; readonly threads: number };

const runners = new Map<string, PageRunner>();

/** Keeps the runner under its name for those that follow. */
export function prepare(name: string, of: RunnerOf, one: BenchCase | null): Promise<Prepared> {
  const runner = runners.get(name) ?? runnerOf(of);
  runners.set(name, runner);
  return runner.prepare(one);
}

export function iterate(name: string, runs: number): Promise<number> {
  return named(name).iterate(runs);
}

export function release(name: string): Promise<void> {
  return named(name).release();
}

/** Ends the threads of all, whose memory the next need. */
export async function closeAll(): Promise<void> {
  const all = [...runners.values()];
  runners.clear();
  for (const runner of all) await runner.close();
}

export interface Surroundings {
  readonly environment: BenchEnvironment;
  readonly adapter: string;
  /** Null where there is no adapter. */
  readonly software: boolean | null;
}

export async function surroundings(): Promise<Surroundings> {
  const { name, software } = await nameAdapter();
  const none = name === 'no adapter';
  const adapter = none ? {} : await adapterFields();
  return {
    environment: { ...pageEnvironment(null), adapter },
    adapter: name,
    software: none ? null : software,
  };
}

async function adapterFields(): Promise<Record<string, string>> {
  const {
    vendor = '',
    architecture = '',
    device = '',
    description = '',
  } = (await navigator.gpu.requestAdapter())?.info ?? {};
  return { vendor, architecture, device, description };
}

function named(name: string): PageRunner {
  const runner = runners.get(name);
  if (runner === undefined) throw new Error(`No ${name} has been prepared.`);
  return runner;
}

function runnerOf(of: RunnerOf): PageRunner {
  switch (of.kind) {
    case 'ours':
      return oursRunner(of.device, of.worldSize);
    case 'limit':
      return limitRunner(of.limit, of.threads);
    case 'peer':
      return peerRunner(of.library, of.on);
    default:
      return of satisfies never;
  }
}

function peerRunner(library: LibraryName, on: Backend): PageRunner {
  const worker = new Worker(new URL('./peer.worker.ts', import.meta.url), { type: 'module' });
  const failed = new Promise<never>((_, reject) => {
    worker.onerror = ({ message }) => reject(new Error(`Its thread failed: ${message}`));
  });
  failed.catch(() => {});
  const remote = Comlink.wrap<Peer>(worker);
  return {
    async prepare(one) {
      const { m = 0, k = 0, n = 0 } = one?.shape ?? {};
      return Promise.race([remote.prepare(library, on, { m, k, n }), failed]);
    },
    iterate: async (runs) => Promise.race([remote.iterate(runs), failed]),
    release: async () => remote.release(),
    close: () => worker.terminate(),
  };
}
