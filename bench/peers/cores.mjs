// A core for each rank. A page cannot ask for one, and where its ranks do not get one each, it is the scheduler that is
// timed: there are kernels that pack threads which sleep now and then onto few cores (`sched_vcpu_pack` among the words of
// /proc/cmdline). OpenMPI binds its processes by itself; here everybody's are.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** As Chromium names the thread of a worker; Linux keeps 15 characters. */
const WORKER = 'DedicatedWorker';

/** @typedef {import('@playwright/test').Browser} Browser */

/**
 * What binds to cores the workers that a page has started since it was asked last: the first to the first core, and so
 * round. One alone is left to the scheduler. Null where the system is not Linux, or has no `taskset`.
 * @param {Browser} browser
 * @returns {Promise<(() => void) | null>}
 */
export async function workerBinder(browser) {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return null;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  const known = new Set(workersOf(renderers));
  const cores = coresOf(readFileSync('/proc/self/status', 'utf8'));
  return () => {
    const started = workersOf(renderers).filter((thread) => !known.has(thread));
    for (const [index, thread] of started.entries()) {
      known.add(thread);
      if (started.length > 1) bind(thread, cores[index % cores.length]);
    }
  };
}

/**
 * In the order in which they were started.
 * @param {readonly number[]} processes
 */
function workersOf(processes) {
  return processes.flatMap((process) =>
    readdirSync(`/proc/${process}/task`)
      .map(Number)
      .filter((thread) => nameOf(process, thread).startsWith(WORKER))
      .sort((a, b) => a - b),
  );
}

/**
 * @param {number} process
 * @param {number} thread
 */
function nameOf(process, thread) {
  try {
    return readFileSync(`/proc/${process}/task/${thread}/comm`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

/**
 * The cores that a process may run on, of a container perhaps not all: 0, 1, 2 and 8 of "Cpus_allowed_list: 0-2,8".
 * @param {string} status as /proc has it
 * @returns {number[]}
 */
export function coresOf(status) {
  const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status) ?? [];
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/**
 * Throws what stands in the way: a run must not say that it did.
 * @param {number} thread
 * @param {number | undefined} core
 */
function bind(thread, core) {
  const { status, stderr } = spawnSync('taskset', ['--cpu-list', '--pid', `${core}`, `${thread}`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${stderr.trim()}\nTry --no-bind.`);
}
