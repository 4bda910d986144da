// Who may import whom in src, and which names belong to one folder only.

import { posix } from 'node:path';
import { parseSync, Visitor } from 'vite';

/**
 * The folders of src, and files right in it, with those that each may import beside itself.
 * @type {Readonly<Record<string, string>>}
 */
const MAY_IMPORT = {
  base: '',
  wasm: 'base',
  numerics: 'base',
  operations: 'base numerics',
  collectives: 'base numerics',
  checkpoint: 'base numerics',
  sampling: 'base numerics',
  machines: 'base collectives',
  program: 'base numerics operations collectives',
  models: 'base numerics collectives program',
  bench: 'base numerics operations collectives machines program models',
  planner: 'base numerics collectives machines program models bench',
  group: 'base numerics collectives wasm',
  comm: 'base numerics collectives group wasm',
  tuning: 'base numerics operations',
  device: 'base numerics operations tuning wasm',
  parallel: 'base numerics operations collectives program comm device',
  host: 'base group comm device parallel protocol tuning wasm',
  protocol: '',
  rank: 'base numerics operations collectives program models bench checkpoint sampling group comm device parallel host protocol tuning',
  lab: 'base numerics operations collectives machines planner program models bench checkpoint sampling group host protocol tuning',
  ui: 'base numerics collectives machines planner program models bench lab protocol tuning',
  index: 'base program host protocol',
};

/** They may import the types of all others. */
const TYPES_OF_ALL = new Set(['base', 'index', 'lab', 'protocol']);

/** The page's end of src/host, which must not carry what only ranks need. */
const PAGE_END = /^src\/host\/(?:launch|rankGroup|rankProxy|remote|watch)\.ts$/;

/** @type {readonly { source: RegExp, owner: string }[]} */
const OWNERS = [
  { source: /^react(?:-dom)?(?:\/|$)/, owner: 'src/ui' },
  { source: /^recharts$/, owner: 'src/ui/charts' },
  { source: /\.wgsl/, owner: 'src/device/webgpu' },
];

const SHARED_MEMORY = /^(?:SharedArrayBuffer|Atomics)$/;
const SHARED_MEMORY_OWNERS = /^src\/(?:comm\/|group\/|protocol\.ts$)/;
/** What is read there and shared is written once, before anybody else has it: no Atomics. */
const SHARED_FILES_OWNER = /^src\/checkpoint\//;

/**
 * What a file imports. `new URL('../rank/x.ts', import.meta.url)` starts a worker and imports nothing, so it is free.
 * @typedef {object} Import
 * @property {string} source as it is written
 * @property {boolean} typesOnly
 */

/**
 * What of a file breaks the rules.
 * @param {string} file its path from the root, with slashes: src/…
 * @param {string} code
 * @returns {string[]} a sentence each
 */
export function complaintsOf(file, code) {
  const { imports, names, usesGpu } = read(file, code);
  const complaints = imports.flatMap((one) => importComplaint(file, one) ?? []);
  if (usesGpu && !file.startsWith('src/device/webgpu/'))
    complaints.push('only src/device/webgpu may use navigator.gpu');
  if (!SHARED_MEMORY_OWNERS.test(file))
    for (const name of names) {
      if (name === 'SharedArrayBuffer' && SHARED_FILES_OWNER.test(file)) continue;
      complaints.push(`only src/group and src/comm may use ${name}`);
    }
  return complaints;
}

/**
 * @param {string} file
 * @param {Import} one
 * @returns {string | null}
 */
function importComplaint(file, { source, typesOnly }) {
  const owned = OWNERS.find((one) => one.source.test(source));
  if (owned !== undefined && !file.startsWith(`${owned.owner}/`))
    return `only ${owned.owner} may import ${source}`;
  const target = folderOf(resolve(file, source) ?? '');
  const folder = folderOf(file);
  if (target === null || target === folder) return null;
  if (PAGE_END.test(file) && !typesOnly && /^(?:comm|device|parallel)$/.test(target))
    return 'the page’s end of src/host may import only types of src/comm, src/device and src/parallel';
  const allowed = MAY_IMPORT[folder ?? '']?.split(' ').includes(target);
  if (allowed || (typesOnly && TYPES_OF_ALL.has(folder ?? ''))) return null;
  return `src/${folder} may not import src/${target}`;
}

/**
 * The path that an import leads to; null where that is a package. `#` leads to src.
 * @param {string} file
 * @param {string} source
 */
function resolve(file, source) {
  if (source.startsWith('#')) return `src/${source.slice(1)}`;
  return source.startsWith('.') ? posix.join(posix.dirname(file), source) : null;
}

/**
 * The folder of src that a path lies in; a file right in src is one of its own.
 * @param {string} path
 */
function folderOf(path) {
  return /^src\/([a-z]+)[/.]/i.exec(path)?.[1] ?? null;
}

/**
 * @param {string} file
 * @param {string} code
 * @returns {{ imports: Import[], names: string[], usesGpu: boolean }}
 */
function read(file, code) {
  const { program, errors } = parseSync(file, code);
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  /** @type {Import[]} */
  const imports = [];
  /** @type {string[]} */
  const names = [];
  let usesGpu = false;
  /** @param {{ source?: { value: string } | null, importKind?: string, exportKind?: string }} node */
  const note = (node) => {
    if (node.source)
      imports.push({
        source: node.source.value,
        typesOnly: node.importKind === 'type' || node.exportKind === 'type',
      });
  };
  new Visitor({
    ImportDeclaration: note,
    ExportNamedDeclaration: note,
    ExportAllDeclaration: note,
    ImportExpression({ source }) {
      if (source.type === 'Literal' && typeof source.value === 'string')
        imports.push({ source: source.value, typesOnly: false });
    },
    Identifier({ name }) {
      if (SHARED_MEMORY.test(name)) names.push(name);
    },
    MemberExpression({ object, property }) {
      const last = object.type === 'MemberExpression' ? object.property : object;
      const isNavigator = last.type === 'Identifier' && last.name === 'navigator';
      if (isNavigator && property.type === 'Identifier' && property.name === 'gpu') usesGpu = true;
    },
  }).visit(program);
  return { imports, names, usesGpu };
}
