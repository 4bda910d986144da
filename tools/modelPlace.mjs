// Where a command line's --model is: a folder on this machine, which is served to the page, or an address.

import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/**
 * @typedef {object} ModelPlace
 * @property {string} url as the page asks for it
 * @property {string} name of the model, for people
 * @property {string | null} folder on this machine, to be served at `url`
 */

/**
 * Throws a sentence.
 * @param {string} model
 * @returns {ModelPlace}
 */
export function placeOfModel(model) {
  const [, name] = /^https?:\/\/.*?([^/]+)\/?$/.exec(model.replace(/\/resolve\/[^/]+\/?$/, '')) ?? [];
  if (name !== undefined) return { url: model, name, folder: null };
  const folder = resolve(model);
  if (!isFolder(folder)) {
    throw new Error(
      `--model is ${model}, where there is no folder. Use a folder, or a URL that begins with https://.`,
    );
  }
  if (!existsSync(join(folder, 'config.json'))) {
    throw new Error(`--model is ${model}, a folder without config.json. Use one as huggingface.co has them.`);
  }
  const own = basename(folder);
  return { url: `/model/${encodeURIComponent(own)}/`, name: own, folder };
}

/** @param {string} path */
export function isFolder(path) {
  return existsSync(path) && statSync(path).isDirectory();
}
