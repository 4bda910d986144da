/** A model's config.json by its name, from where people publish them. In a worker: pages may connect to themselves alone. */

import { LabError } from '../../base/errors.ts';
import { quoted } from '../../base/shown.ts';

export interface HubModel {
  readonly name: string;
  /** The text of its config.json. */
  readonly config: string;
  /** Of the files with its weights, as they say themselves; null where they do not. */
  readonly fileBytes: number | null;
}

const HUB = 'https://huggingface.co';
const MS = 15_000;

/**
 * @param text "org/model", or the address of its page
 * @throws LabError `input` where there is no such model, or it is not open; `environment` without a network
 */
export async function fetchModel(text: string): Promise<HubModel> {
  const name = nameIn(text);
  const folder = `${HUB}/${name}/resolve/main/`;
  const config = await answerOf(name, `${folder}config.json`);
  if (config === null) {
    throw new LabError('input', `There is no ${name} at ${HUB}, or it has no config.json.`);
  }
  return { name, config: await config.text(), fileBytes: await fileBytesOf(name, folder) };
}

function nameIn(text: string): string {
  const [, name] = /^(?:https?:\/\/huggingface\.co\/)?([\w.-]+\/[\w.-]+)(?:\/.*)?$/.exec(text.trim()) ?? [];
  if (name !== undefined) return name;
  throw new LabError(
    'input',
    `${quoted(text)} is no name of a model. Names are as in meta-llama/Llama-3.1-8B.`,
  );
}

async function fileBytesOf(name: string, folder: string): Promise<number | null> {
  try {
    const index = await answerOf(name, `${folder}model.safetensors.index.json`);
    if (index !== null) {
      const bytes: unknown = (await index.json())?.metadata?.total_size;
      return typeof bytes === 'number' && bytes > 0 ? bytes : null;
    }
    const file = await answerOf(name, `${folder}model.safetensors`, 'HEAD');
    return Number(file?.headers.get('content-length')) || null;
  } catch {
    return null; // what is counted from config.json stands by itself
  }
}

/** Null where there is no such file. */
async function answerOf(name: string, url: string, method = 'GET'): Promise<Response | null> {
  let response: Response;
  try {
    response = await fetch(url, { method, signal: AbortSignal.timeout(MS) });
  } catch (cause) {
    const message = `${HUB} cannot be reached from here. Paste the model’s config.json in place of its name.`;
    throw new LabError('environment', message, { cause });
  }
  if (response.ok) return response;
  if (response.status === 404) return null;
  const why =
    response.status === 401 || response.status === 403
      ? 'its makers ask for an account, or there is no such model'
      : `the answer was ${response.status}`;
  throw new LabError(
    'input',
    `${name} is not to be had: ${why}. Download its config.json there, and paste it.`,
  );
}
