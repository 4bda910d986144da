/** The same benchmark on a cluster: benchmark.py with the present choice as its defaults, and how to call it. */

import { shapeToText, sizeToText } from '#bench/amounts.ts';
import { hasBlocks, isModelOp } from '#bench/cases.ts';
import { modelToText } from '#bench/models.ts';
import { type BenchOptions, opsOf, suiteOf } from '#bench/options.ts';

/** Names in the script of the models that it knows. */
const MODELS: ReadonlyMap<string, string> = new Map([
  ['llama-3.2-1b', 'llama-3.2-1b'],
  ['llama-3.2-1b/4', 'quarter-llama'],
  ['llama-3-70b', 'llama-3-70b'],
  ['qwen2.5-0.5b', 'qwen2.5-0.5b'],
]);

interface Flag {
  readonly flag: string;
  /** As it is typed, and as a value in Python. */
  readonly text: string;
  readonly python: string;
}

export interface Taken {
  /** To call it on one machine; '' where nothing is left to measure there. */
  readonly command: string;
  /** What it cannot take along; '' where it can all. */
  readonly note: string;
  readonly flags: readonly Flag[];
}

export function takeAway(options: BenchOptions): Taken {
  const chosen = options.ops.length > 0 ? options.ops : opsOf(options.suites);
  const ops = chosen.filter((op) => op !== 'gemm' && !isModelOp(op));
  const layers = ops.filter((op) => suiteOf(op) === 'layers');
  const model = MODELS.get(modelToText(options.model));
  const flags = [
    flag('--ops', ops.join(','), ops),
    ...(ops.length > layers.length
      ? [flag('--sizes', options.sizes.map(sizeToText).join(','), options.sizes)]
      : []),
    ...(layers.length > 0 ? layerFlags(options, model) : []),
    flag('--budget', `${options.budgetMs}ms`, options.budgetMs / 1000),
    flag('--seed', String(options.seed), options.seed),
  ];
  const notes = [
    ...(chosen.includes('gemm') ? ['Kernels of one rank stay here: they are WebGPU’s.'] : []),
    ...(chosen.some(isModelOp) ? ['Whole models stay here: the Model page has their code for PyTorch.'] : []),
    ...(layers.length > 0 && model === undefined
      ? [`Its layers are those of quarter-llama: it does not know ${modelToText(options.model)}.`]
      : []),
    ...(layers.length > 0 && options.passes.length > 1
      ? ['It takes one pass at a time; this is the first.']
      : []),
    ...(layers.some(hasBlocks) && options.blocks.some((blocks) => blocks > 1)
      ? ['Its layers are in one piece: blocks of rows stay here.']
      : []),
  ];
  const words = flags.map(({ flag: name, text }) => `${name} ${text}`).join(' ');
  const start = `torchrun --nproc_per_node=${Math.max(...options.ranks)} benchmark.py`;
  return {
    command: ops.length === 0 ? '' : `${start} ${words} --out run.json`,
    note: notes.join(' '),
    flags,
  };
}

function layerFlags({ shapes, passes }: BenchOptions, model: string | undefined): Flag[] {
  const [pass = { m: 16, past: 0 }] = passes;
  const sizes = shapes.map(({ m, k, n }) => [m, k, n]);
  return [
    flag('--shapes', shapes.map(shapeToText).join(','), sizes),
    ...(model === undefined ? [] : [flag('--model', model, model)]),
    flag('--tokens', String(pass.m), pass.m),
    flag('--past', String(pass.past), pass.past),
  ];
}

/** Numbers, strings and lists of them are written alike in JSON and in Python. */
function flag(name: string, text: string, value: unknown): Flag {
  return { flag: name, text, python: JSON.stringify(value) };
}

/**
 * The script with other defaults in the lines of its arguments.
 * @throws Error where it has no such line, which the tests see to
 */
export function filledIn(script: string, { flags }: Taken): string {
  return flags.reduce((text, { flag: name, python }) => {
    const line = new RegExp(`^( *add\\("${name}".*)$`, 'm');
    const found = line.exec(text)?.[1];
    if (found === undefined) throw new Error(`benchmark.py has no argument ${name}`);
    const changed = /default=/.test(found)
      ? found.replace(/default=(?:\[\[.*?\]\]|[^,)]+)/, () => `default=${python}`)
      : found.replace(/, help=/, () => `, default=${python}, help=`);
    return text.replace(found, () => changed);
  }, script);
}
