// Runs a program of a package, and shows what it prints at once or later.

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * Where a stage prints: `null` is the terminal itself, an array keeps the text until its turn comes.
 * @typedef {string[] | null} Output
 */

/**
 * Without a shell or npx, so that it works alike on every system.
 * @param {string} packageName
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Output} output
 * @param {object} [how]
 * @param {Record<string, string>} [how.env] more of the environment
 * @param {boolean} [how.yields] whether it gives way to what runs beside it, and is timed
 * @returns {Promise<boolean>} whether it ended well
 */
export function runProgram(packageName, program, args, output, { env = {}, yields = false } = {}) {
  const manifest = require.resolve(`${packageName}/package.json`);
  const script = join(dirname(manifest), require(manifest).bin[program]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: output === null ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...(output !== null && process.stdout.isTTY && { FORCE_COLOR: '1' }), ...env },
    });
    if (yields && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    child.stdout?.setEncoding('utf8').on('data', (text) => output?.push(text));
    child.stderr?.setEncoding('utf8').on('data', (text) => output?.push(text));
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}
