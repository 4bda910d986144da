import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, ...args) {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test.each([
  ['cpu.mjs', '--nonsense', "Unknown option '--nonsense'"],
  ['cpu.mjs', 'stray', "'stray'"],
  ['picture.mjs', '--nonsense', "Unknown option '--nonsense'"],
  ['picture.mjs', 'stray', 'There is no “stray”. Use link, story, plan, split, layers, model, benchmark.'],
])('%s %s is refused', (program, argument, sentence) => {
  const { status, stdout, stderr } = run(program, argument);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(sentence);
  expect(stderr).toContain('Usage: npm run ');
});

test.each(['cpu.mjs', 'picture.mjs'])('%s says how it is used', (program) => {
  const { status, stdout, stderr } = run(program, '--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Usage: npm run ');
});
