// Compiles kernels/ from AssemblyScript, as a plugin for Vite: `import { base64 } from '…/kernels/index.ts?wasm=fused'` gives
// the bytes of a module that imports its memory. They are in the code, so that they are there wherever a worker is: in
// the page, in the package, in a thread of Node.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'kernels');
const cache = join(root, 'node_modules/.cache/ringside');

const SHARED = [
  '--optimizeLevel 3 --noAssert --runtime stub --use abort=',
  // Any memory that is shared: what is there already stays, for nothing here is static data.
  '--importMemory --noExportMemory --sharedMemory --initialMemory 1 --maximumMemory 65536',
  '--enable threads --enable simd',
  '--disableWarning 112', // v128 does not cross to JavaScript, nor does anything export one
];

const IDS = /[\\/]kernels[\\/](\w+\.ts)\?wasm=(plain|fused)$/;

/** What a module may use beside SIMD. */
const FLAVOURS = { plain: [], fused: ['--enable relaxed-simd'] };

/** @returns {import('vite').Plugin} */
export function kernels() {
  return {
    name: 'ringside:kernels',
    enforce: 'pre',
    load: {
      filter: { id: IDS },
      async handler(id) {
        const [, entry, flavour] = IDS.exec(id) ?? [];
        if (entry === undefined || (flavour !== 'plain' && flavour !== 'fused')) return null;
        for (const file of sources()) this.addWatchFile(join(folder, file));
        return `export const base64 = '${(await compiled(entry, flavour)).toString('base64')}';`;
      },
    },
  };
}

function sources() {
  return readdirSync(folder).filter((file) => file.endsWith('.ts'));
}

/**
 * The module. It takes seconds to make, and a run of the tests asks for it a hundred times: so it is kept, by what it is
 * made of.
 * @param {string} entry
 * @param {keyof typeof FLAVOURS} flavour
 */
async function compiled(entry, flavour) {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json');
  const options = [entry, ...[...SHARED, ...FLAVOURS[flavour]].join(' ').split(' ')];
  const texts = sources().map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  const made = createHash('sha256').update(JSON.stringify([version, options, texts]));
  const path = join(cache, `kernels-${flavour}-${made.digest('hex').slice(0, 16)}.wasm`);
  try {
    return readFileSync(path);
  } catch {
    const module = await compile(options);
    mkdirSync(cache, { recursive: true });
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, module);
    renameSync(partial, path); // two that make it at once end with one whole file
    return module;
  }
}

/** @param {string[]} options the entry, and how it is compiled */
async function compile(options) {
  const { default: asc } = await import('assemblyscript/asc');
  /** @type {Uint8Array | string | null} */
  let module = null;
  const { error, stderr } = await asc.main(['--baseDir', folder, '--outFile', 'kernels.wasm', ...options], {
    writeFile(name, contents) {
      if (name === 'kernels.wasm') module = contents;
    },
  });
  if (error !== null || module === null) throw new Error(`kernels/ does not compile:\n${stderr}`);
  return Buffer.from(module);
}
