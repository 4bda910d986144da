// A browser's processes as Linux shows them in /proc; elsewhere there are none to be seen.

import { readdirSync, readFileSync } from 'node:fs';

/**
 * Resident memory in MiB of a process and all below it, by what Chromium calls their type. Pages that processes share,
 * of the program's own code, count in each: their share is constant.
 * @param {number} pid
 */
export function residentOf(pid) {
  /** @type {Record<string, number>} */
  const perType = {};
  for (const one of [pid, ...descendantsOf(pid)]) {
    const status = read(`/proc/${one}/status`);
    const resident = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
    if (resident === undefined) continue; // gone meanwhile, or no Linux
    const type = typeOf(one);
    perType[type] = (perType[type] ?? 0) + Number(resident) / 1024;
  }
  return perType;
}

/**
 * The processes that run pages.
 * @param {number} pid
 */
export function renderersOf(pid) {
  return descendantsOf(pid).filter((one) => typeOf(one) === 'renderer');
}

/** @param {number} pid */
function typeOf(pid) {
  return /--type=([\w-]+)/.exec(read(`/proc/${pid}/cmdline`))?.[1] ?? 'browser';
}

/**
 * @param {number} pid
 * @returns {number[]}
 */
function descendantsOf(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of list('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(read(`/proc/${name}/status`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (/** @type {number} */ one) => {
    /** @type {number[]} */
    const all = (children.get(one) ?? []).flatMap((child) => [child, ...below(child)]);
    return all;
  };
  return below(pid);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} path */
function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
