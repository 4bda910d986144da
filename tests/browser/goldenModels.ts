/** The models of tests/golden as folders to load, and what PyTorch made of each. */

import { parseSafetensors, type Safetensors } from '../../src/checkpoint/safetensors.ts';
import type { SourceSpec } from '../../src/checkpoint/source.ts';

const golden: Record<string, string> = import.meta.glob('../golden/model-*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
});
export const modelNames = Object.keys(golden).map((path) => path.replace(/.*model-|\.safetensors/g, ''));
/** The embedded model, as the page has it. */
const STORIES = new URL('/models/stories/', location.href).href;
const FILES = [
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'],
  'model.safetensors',
];

export interface Reference {
  readonly prompt: readonly number[];
  readonly tokens: readonly number[];
  /** A row behind the prompt, and one behind each token. */
  readonly logits: Float32Array;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Changes a model's file before anybody reads it. */
export type Breaking = (bytes: ArrayBuffer) => void;

async function bytesAt(url: string): Promise<ArrayBuffer> {
  return (await fetch(url)).arrayBuffer();
}

function referenceOf(file: Safetensors): Reference {
  const list = (name: string): number[] => JSON.parse(file.metadata[name] ?? '[]');
  const { metadata } = file;
  return {
    prompt: list('prompt'),
    tokens: list('tokens'),
    logits: file.float32('golden.logits'),
    metadata,
  };
}

/** The small models have no words: the tokenizer of the embedded one makes some of their ids. */
export async function folderOf(
  name: string,
  breaking: Breaking = () => {},
): Promise<{ source: SourceSpec; reference: Reference }> {
  const bytes = await bytesAt(golden[`../golden/model-${name}.safetensors`] ?? '');
  const reference = referenceOf(parseSafetensors(bytes));
  breaking(bytes);
  const files: Record<string, Blob> = {};
  for (const file of FILES) files[file] = new Blob([await bytesAt(STORIES + file)]);
  if (name !== 'stories') {
    files['config.json'] = new Blob([reference.metadata['config'] ?? '']);
    files['generation_config.json'] = new Blob(['{}']);
    files['model.safetensors'] = new Blob([bytes]); // with the logits, for which nobody asks
  }
  return { source: { kind: 'files', files }, reference };
}
