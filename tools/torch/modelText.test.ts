// The Model page's text in PyTorch is Python, whatever the prompt and the address are.

import { spawnSync } from 'node:child_process';
import { beforeEach, expect, test } from 'vitest';
import { TEXTS } from '../../src/lab/model/testing/torchTexts.ts';
import { skipWithout } from '../../tests/setup/needs.ts';
import { INTERPRETER, PYTHON } from './processes.ts';

beforeEach((context) => skipWithout(INTERPRETER, context));

const COMPILE = `
import json, sys
for text in json.load(sys.stdin):
    compile(text, "generate.py", "exec")
`;

test('a run of a model parses', () => {
  const { status, stderr } = spawnSync(PYTHON, ['-c', COMPILE], {
    input: JSON.stringify(TEXTS),
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
