import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseOptions } from '#bench/parseOptions.ts';
import { filledIn, takeAway } from './command.ts';

const script = readFileSync(new URL('../../../../../public/torch/benchmark.py', import.meta.url), 'utf8');

it('is a command line of what is chosen', () => {
  const taken = takeAway(
    parseOptions({ suite: 'collectives,layers', ops: 'all_reduce,mlp', sizes: '4KiB,1MiB', ranks: '1,4' }),
  );
  expect(taken.command).toBe(
    'torchrun --nproc_per_node=4 benchmark.py --ops all_reduce,mlp --sizes 4KiB,1MiB ' +
      '--shapes 16x512x2048,16x2048x512 --model quarter-llama --tokens 16 --past 0 --budget 500ms --seed 1 --out run.json',
  );
  expect(taken.note).toMatch(/one pass at a time/);
});

it('has no ranges, which the script does not read', () => {
  expect(takeAway(parseOptions({ sizes: '1KiB:16KiB' })).command).toContain(
    '--sizes 1KiB,2KiB,4KiB,8KiB,16KiB ',
  );
});

it('leaves products of one rank at home', () => {
  expect(takeAway(parseOptions({ suite: 'gemm' })).command).toBe('');
});

it('fills the script in, in the lines of its arguments and nowhere else', () => {
  const taken = takeAway(
    parseOptions({ suite: 'all', sizes: '4KiB', shapes: '8x16x24', budget: '50ms', seed: '7' }),
  );
  const changed = filledIn(script, taken).split('\n');
  const before = script.split('\n');
  expect(changed).toHaveLength(before.length);
  const lines = changed.filter((line, i) => line !== before[i]);
  expect(lines).toHaveLength(taken.flags.length - 3); // model, tokens and past are its defaults already
  expect(lines.every((line) => /^ *add\("--/.test(line))).toBe(true);
  const text = lines.join('\n');
  expect(text).toMatch(/"--sizes", type=sizes, default=\[4096\], help=/);
  expect(text).toMatch(/"--shapes", type=shapes, default=\[\[8,16,24\]\], help=/);
  expect(text).toMatch(/"--budget", type=duration, default=0\.05, help=/);
  expect(text).toMatch(/"--seed", type=whole_number\(0, 2\*\*32 - 1\), default=7, help=/);
  expect(text).toMatch(/"--ops", .*default=\["all_reduce",.*"block"\], help=/);
});
