// What public/torch/benchmark.py makes of its arguments and of its place among the ranks.

import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { skipWithout } from '../../tests/setup/needs.ts';
import { evaluate, PYTHON, PYTORCH, SCRIPT } from './processes.ts';

interface Start {
  readonly argument: string;
  /** That PyTorch sees. */
  readonly gpus?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** [args.gpu, args.out] of each start; or its exit code, and what it printed. */
function parsed(starts: readonly Start[]): [number, string | null][] {
  return evaluate(`
import benchmark, importlib

def parsed(argument, gpus=0, environment={}):
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"):
        os.environ.pop(name, None)
    os.environ.update(environment)
    importlib.reload(benchmark)
    torch.cuda.device_count = lambda: gpus
    sys.argv, sys.stderr = ["benchmark.py", argument], io.StringIO()
    try:
        args = benchmark.parse()
        return [args.gpu, args.out]
    except SystemExit as end:
        return [end.code, sys.stderr.getvalue()]

result = [parsed(**start) for start in json.loads(${JSON.stringify(JSON.stringify(starts))})]`) as [
    number,
    string | null,
  ][];
}

/** Of 8 ranks on two machines. */
const SIXTH = { RANK: '5', WORLD_SIZE: '8', MASTER_ADDR: '127.0.0.1', MASTER_PORT: '1' };
const NOWHERE = '/no/such/folder/run.json';

describe('arguments of benchmark.py', () => {
  beforeEach((context) => skipWithout(PYTORCH, context));

  test('what cannot be run is answered by a sentence', () => {
    const sentences = {
      '--sizes=3': "argument --sizes: '3' is not a multiple of 4 bytes",
      '--shapes=4x5': "argument --shapes: '4x5' is not m, k and n of a product",
      '--ops=all_redcue': "argument --ops: 'all_redcue' is not in this suite",
      '--budget=fast': "argument --budget: 'fast' is not a time",
      '--tokens=0': "argument --tokens: '0' is not a whole number from 1 on",
      [`--out=${NOWHERE}`]: `'${NOWHERE}' is not a file in a folder`,
      '--backend=nccl': 'nccl needs a GPU for each rank',
    };
    const answers = parsed(Object.keys(sentences).map((argument) => ({ argument })));
    const expected = Object.values(sentences).map((sentence) => [2, expect.stringContaining(sentence)]);
    expect(answers).toEqual(expected);
    for (const [, text] of answers) expect(text).toMatch(/^[^\n]+\n$/);
  });

  test('a rank speaks of its own place, the first of a machine of arguments', () => {
    const { MASTER_PORT: _, ...without } = SIXTH;
    const answers = parsed([
      { argument: '--backend=nccl', gpus: 4, environment: SIXTH },
      { argument: '--backend=gloo', environment: without },
      { argument: '--sizes=3', environment: SIXTH },
      { argument: '--sizes=3', environment: { ...SIXTH, RANK: '4', LOCAL_RANK: '0' } },
    ]);
    expect(answers).toEqual([
      [2, expect.stringMatching(/^rank 5: .*nccl needs .*LOCAL_RANK is 5, .*sees 4 .*\n$/)],
      [2, expect.stringMatching(/^rank 5: MASTER_PORT is not set.*\n$/)],
      [2, ''],
      [2, expect.stringContaining("'3' is not a multiple of 4 bytes")],
    ]);
  });

  test('a rank takes its GPU, or the only one that it is shown', () => {
    const argument = '--backend=nccl';
    const answers = parsed([
      { argument, gpus: 4, environment: { ...SIXTH, LOCAL_RANK: '1' } },
      { argument, gpus: 1, environment: { ...SIXTH, LOCAL_RANK: '3' } },
    ]);
    expect(answers).toEqual([
      [1, null],
      [0, null],
    ]);
  });

  test('only the first rank needs the folder that it writes to', () => {
    expect(parsed([{ argument: `--out=${NOWHERE}`, environment: SIXTH }])).toEqual([[5, NOWHERE]]);
  });

  test('a process with a wrong argument ends with 2', () => {
    expect(spawnSync(PYTHON, [SCRIPT, '--suite=none']).status).toBe(2);
  });
});
