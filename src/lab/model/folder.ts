/** A Hugging Face folder, read once by the page: what the model is, where its weights lie, and how to speak to it. */

import { LabError } from '../../base/errors.ts';
import { cut, quoted } from '../../base/shown.ts';
import { type Checkpoint, readCheckpoint } from '../../checkpoint/checkpoint.ts';
import { openSource } from '../../checkpoint/openSource.ts';
import { sharedCopy } from '../../checkpoint/SharedSource.ts';
import type { Source, SourceOptions, SourceSpec } from '../../checkpoint/source.ts';
import { parseHfConfig } from '../../models/hfConfig.ts';
import { checkRunnable } from '../../models/runnable.ts';
import { sum } from '../../numerics/ranges.ts';
import { modelProgram } from '../../program/model.ts';
import type { ModelConfig } from '../../program/modelConfig.ts';
import { GREEDY, type Sampling, samplingProblem } from '../../sampling/sampling.ts';

export interface ModelFolder {
  /** Of its weights. */
  readonly source: SourceSpec;
  readonly model: ModelConfig;
  readonly checkpoint: Checkpoint;
  /**
   * tokenizer.json, as it was read: what it says has some 400,000 strings in a model of today, and takes longer from thread
   * to thread (620 ms) than to be parsed again (330 ms).
   */
  readonly tokenizer: Uint8Array<ArrayBuffer>;
  /** tokenizer_config.json. */
  readonly tokenizerConfig: Json;
  /** In Jinja; null where the model was made to go on with a text, and not for a talk. */
  readonly chatTemplate: string | null;
  /** Tokens that end an answer. */
  readonly stopIds: readonly number[];
  /** As its makers recommend to draw. */
  readonly sampling: Sampling;
}

export type Json = Readonly<Record<string, unknown>>;

/**
 * In a worker, for a tokenizer.json has some megabytes: readFolderAway() has it done there.
 * @param name of the model, for people
 * @throws LabError `input` where a file is missing or contradicts another, or the model cannot be run; as its source does
 */
export async function readFolder(
  source: SourceSpec,
  name: string,
  options: SourceOptions = {},
): Promise<ModelFolder> {
  const opened = openSource(source, options, 'folder');
  try {
    const folder = await readOpened(opened, source, name);
    opened.close();
    return folder;
  } catch (thrown) {
    // What is wrong with it may be mended where it came from.
    opened.close({ forget: thrown instanceof LabError && thrown.code === 'input' });
    throw thrown;
  }
}

async function readOpened(opened: Source, source: SourceSpec, name: string): Promise<ModelFolder> {
  const config = await textOf(opened, 'config.json');
  if (config === null)
    throw new LabError('input', `There is no config.json in ${cut(name)}: that is no folder of a model.`);
  if (/^\s*</.test(config)) {
    const message = `What the server of ${cut(name)} gives for config.json is a web page. Use the address of the folder that has the files.`;
    throw new LabError('input', message);
  }
  const model = parseHfConfig(config, name);
  checkRunnable(model);
  const tokenizer = await opened.whole('tokenizer.json');
  if (tokenizer === null) {
    throw new LabError(
      'input',
      `There is no tokenizer.json in ${cut(name)}, without which its tokens have no text.`,
    );
  }
  jsonIn(new TextDecoder().decode(tokenizer), 'tokenizer.json');
  const [tokenizerConfig, generation] = await Promise.all([
    jsonOf(opened, 'tokenizer_config.json'),
    jsonOf(opened, 'generation_config.json'),
  ]);
  // Where the one file says that there is none, the other is not asked for: a browser shows every 404 as an error.
  const saysSo = tokenizerConfig !== null && 'chat_template' in tokenizerConfig;
  const template = saysSo ? null : await textOf(opened, 'chat_template.jinja');
  const checkpoint = await readCheckpoint(opened);
  checkWeights(model, checkpoint);
  const known = generation ?? (JSON.parse(config) as Json);
  return {
    source: (await sharedWeights(opened, source, checkpoint)) ?? source,
    model,
    checkpoint,
    tokenizer,
    tokenizerConfig: tokenizerConfig ?? {},
    chatTemplate: template ?? templateIn(tokenizerConfig?.['chat_template']),
    stopIds: [known['eos_token_id'] ?? []].flat().filter((id) => typeof id === 'number'),
    sampling: samplingOf(generation ?? {}),
  };
}

/**
 * Where a folder is that somebody typed: a URL, that of one of its files, or a model's page on the hub. What comes from elsewhere is kept in the
 * browser; what comes with the page is not.
 * @param page against whose address a path is read
 * @throws LabError `input` where it is no address
 */
export function urlSource(text: string, page: string): SourceSpec & { kind: 'url' } {
  let url: URL;
  try {
    url = new URL(text.trim(), page);
  } catch (cause) {
    throw noAddress(text, cause);
  }
  if (!/^https?:$/.test(url.protocol)) throw noAddress(text);
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/[^/]+\.(?:json|safetensors|jinja)$/, ''); // one of its files
  const [, model, revision = 'main'] =
    /^\/([^/]+\/[^/]+)(?:\/(?:tree|blob|resolve)\/([^/]+))?\/?$/.exec(url.pathname) ?? [];
  if (url.hostname === 'huggingface.co' && model !== undefined) {
    url.pathname = `/${model}/resolve/${revision}/`;
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return { kind: 'url', base: url.href, keep: url.origin !== new URL(page).origin };
}

function noAddress(text: string, cause?: unknown): LabError {
  const message = `${quoted(text)} is no address of a folder. Use one that begins with https://.`;
  return new LabError('input', message, { cause });
}

/** @throws LabError `input` that names the first weight which is missing, or has another shape than config.json says */
function checkWeights(model: ModelConfig, checkpoint: Checkpoint): void {
  for (const stored of modelProgram(model, 1, { tokens: 1, positions: 1 }).storage) {
    for (const { name, rows, cols } of stored.kind === 'weight' ? stored.parts(0) : []) {
      const needed = cols === null ? [rows.end] : [rows.end, cols.end];
      const { shape } = checkpoint.get(name) ?? {};
      if (shape?.join() === needed.join()) continue;
      const there = shape === undefined ? 'is not in its files' : `is [${shape.join(', ')}]`;
      throw new LabError('input', `By config.json ${name} is [${needed.join(', ')}]; it ${there}.`);
    }
  }
}

/** Up to here weights are read at once: those that come with the page, or were picked. */
const MOST_SHARED_BYTES = 8 * 2 ** 20;

/** All weights of a small model that is near at hand, in memory that ranks share; null of any other. */
async function sharedWeights(
  opened: Source,
  source: SourceSpec,
  checkpoint: Checkpoint,
): Promise<SourceSpec | null> {
  if (source.kind === 'url' && source.keep) return null; // each rank keeps its own
  const names = [...new Set([...checkpoint.values()].map(({ file }) => file))];
  const sizes = await Promise.all(names.map((name) => opened.sizeOf(name)));
  const bytes = sum(sizes.map((size) => size ?? Number.POSITIVE_INFINITY));
  return bytes <= MOST_SHARED_BYTES ? sharedCopy(opened, names) : null;
}

async function textOf(source: Source, file: string): Promise<string | null> {
  const bytes = await source.whole(file);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

async function jsonOf(source: Source, file: string): Promise<Json | null> {
  const text = await textOf(source, file);
  return text === null ? null : jsonIn(text, file);
}

function jsonIn(text: string, file: string): Json {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch (cause) {
    throw new LabError('input', `${file} is no JSON.`, { cause });
  }
  throw new LabError('input', `${file} holds no JSON object.`);
}

/** One template, or several with names, of which one is the default. */
function templateIn(template: unknown): string | null {
  if (typeof template === 'string') return template;
  if (!Array.isArray(template)) return null;
  const named = template.find((one: Json | null) => one?.['name'] === 'default')?.template;
  return typeof named === 'string' ? named : null;
}

/** What generation_config.json says; greedy where it says nothing that can be. */
function samplingOf(generation: Json): Sampling {
  const number = (name: string, fallback: number): number => {
    const value = generation[name];
    return typeof value === 'number' ? value : fallback;
  };
  const sampling = {
    temperature: generation['do_sample'] === true ? number('temperature', 1) : 0,
    topK: number('top_k', GREEDY.topK),
    topP: number('top_p', GREEDY.topP),
    minP: number('min_p', GREEDY.minP),
    repetitionPenalty: number('repetition_penalty', GREEDY.repetitionPenalty),
    seed: 1,
  };
  return samplingProblem(sampling) === null ? sampling : GREEDY;
}
