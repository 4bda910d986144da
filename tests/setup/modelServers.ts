/** Servers of files for tests that run in a browser, which cannot start one: by commands of Vitest. */

import { readFileSync } from 'node:fs';
import type { BrowserCommand } from 'vitest/node';
import { type FileServer, type Manners, serveFiles } from '../../src/checkpoint/testing/serveFiles.ts';

interface Running {
  readonly server: FileServer;
  readonly manners: Manners;
}

const STORIES = [
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'],
  'model.safetensors',
];

/** By the URL of the folder. */
const running = new Map<string, Running>();

/** Serves the embedded model from another origin. @returns the URL of its folder */
const serveStories: BrowserCommand<[manners: Manners]> = async (_context, manners) => {
  const folder = new URL('../../public/models/stories/', import.meta.url);
  const files = STORIES.map((file) => [file, readFileSync(new URL(file, folder))]);
  const server = await serveFiles(Object.fromEntries(files), manners);
  running.set(server.base, { server, manners });
  return server.base;
};

/** What was asked for since the last time. @param forbids from now on; null for nothing */
const askedFor: BrowserCommand<[base: string, forbids: { after: number } | null]> = (_, base, forbids) => {
  const { server, manners } = found(base);
  const asked = server.log.splice(0);
  if (forbids === null) delete manners.forbids;
  else manners.forbids = forbids;
  return asked;
};

const stopServer: BrowserCommand<[base: string]> = async (_context, base) => {
  const { server } = found(base);
  running.delete(base);
  await server.close();
};

export const modelServers = { serveStories, askedFor, stopServer };

function found(base: string): Running {
  const one = running.get(base);
  if (one === undefined) throw new Error(`There is no server at ${base}.`);
  return one;
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    serveStories(manners: Manners): Promise<string>;
    askedFor(base: string, forbids: { after: number } | null): Promise<FileServer['log']>;
    stopServer(base: string): Promise<void>;
  }
}
