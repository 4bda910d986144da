// Writes the licences of all that a build is made of into it, as one file: most allow passing code on only with their
// text. Vite's own `build.license` leaves out workers, fonts and what is copied.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('vite').Plugin} Plugin */

export const LICENCES_FILE = 'licences.txt';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const TEXTS = /^(licen[cs]e|copying|notice)/i;
const RULE = '='.repeat(80);

/**
 * One plugin for the page, which writes the file, and one for its workers, which are built apart and before.
 * @returns {{ page: () => Plugin, workers: () => Plugin }}
 */
export function licences() {
  /** @type {Set<string>} folders of packages */
  const folders = new Set();

  /**
   * @param {Iterable<string>} read of which the bundle is made
   * @param {import('vite').Rolldown.OutputBundle} bundle
   */
  function add(read, bundle) {
    // Fonts, and what is copied as it is, are no modules; a bundler's own are in what it writes alone.
    const written = Object.values(bundle).flatMap((file) =>
      file.type === 'asset' ? file.originalFileNames : file.moduleIds,
    );
    for (const id of [...read, ...written]) {
      const folder = folderOf(id);
      if (folder !== null) folders.add(folder);
    }
  }

  return {
    workers: () => ({
      name: 'ringside:licences-of-workers',
      generateBundle(_options, bundle) {
        add(this.getModuleIds(), bundle);
      },
    }),
    page: () => ({
      name: 'ringside:licences',
      generateBundle: {
        order: 'post',
        handler(_options, bundle) {
          add(this.getModuleIds(), bundle);
          const entries = [...folders].map(entryOf);
          const silent = entries.find(({ texts }) => texts === '');
          if (silent !== undefined) this.error(`${silent.name} comes without the text of a licence.`);
          this.emitFile({ type: 'asset', fileName: LICENCES_FILE, source: fileOf(entries) });
        },
      },
    }),
  };
}

/**
 * The folder of the package that a module or file is from; null where it is our own.
 * @param {string} id
 */
function folderOf(id) {
  // What bundlers write into their output of themselves: how it loads its parts.
  const [, bundler] = /^\0(vite|rolldown)\//.exec(id) ?? [];
  if (bundler !== undefined) return dirname(require.resolve(`${bundler}/package.json`));
  if (id.startsWith('\0')) return null;
  const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)/.exec(resolve(root, id)) ?? [];
  return folder ?? null;
}

/** @param {string} folder */
function entryOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => TEXTS.test(file));
  const texts = files.map((file) => ownPart(readFileSync(join(folder, file), 'utf8')).trim());
  return { name: String(name), title: `${name} ${version} (${license})`, texts: texts.join('\n\n') };
}

/**
 * Bundlers list the licences of their own parts after theirs. Those are not in what they write.
 * @param {string} text
 */
function ownPart(text) {
  return text.split(/^#+ Licenses of bundled dependencies/m)[0] ?? '';
}

/** @param {readonly { name: string, title: string, texts: string }[]} entries */
function fileOf(entries) {
  const own = { name: '', title: 'Ringside', texts: readFileSync(join(root, 'LICENSE'), 'utf8').trim() };
  const others = entries.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const sections = [own, ...others].map(({ title, texts }) => `${RULE}\n${title}\n${RULE}\n\n${texts}\n`);
  return `Ringside, and what it is made of, with the licences of each.\n\n${sections.join('\n')}`;
}
