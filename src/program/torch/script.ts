/** A layer as a file for torchrun: its module, and one pass of it with random numbers. */

import type { Pass } from '../configs.ts';
import { type LayerSpec, labelOf, layerProgram } from '../layers.ts';
import type { Program, Value } from '../program.ts';
import { line, type TorchLine } from './line.ts';
import { byRank, call, python } from './python.ts';
import { expertName, wholeWeights } from './stored.ts';
import { torchModule } from './torchText.ts';

/** What every file begins with. @param name of the file, without its ending */
export function openingLines(worldSize: number, name: string): TorchLine[] {
  return [
    line(`# torchrun --nproc-per-node ${worldSize} ${name}.py`),
    line('import torch'),
    line('import torch.distributed as dist'),
    line('import torch.nn.functional as F'),
    line(''),
  ];
}

/** A pass of a layer in PyTorch, on as many processes as it has ranks. */
export function torchScript(spec: LayerSpec, worldSize: number, { tokens, past }: Pass): TorchLine[] {
  const program = layerProgram(spec, worldSize, { tokens, positions: past + tokens });
  const name = classOf(spec);
  return [
    ...openingLines(worldSize, spec.layer.replaceAll('-', '_')),
    ...torchModule(program, name),
    line(''),
    ...mainLines(program, name, past),
  ];
}

/** "Cross entropy" is CrossEntropy. */
export function classOf({ layer }: LayerSpec): string {
  return labelOf(layer).replace(/(?:^|\W+)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function mainLines(program: Program, name: string, past: number): TorchLine[] {
  const inputs = program.inputs.map(inputText);
  const isBehind = past > 0 && program.storage.some(({ kind }) => kind === 'cache');
  return [
    line('dist.init_process_group("gloo")'),
    line('torch.manual_seed(1)', 'the same numbers on every rank'),
    ...weightLines(program),
    ...(isBehind ? [line(`# Behind ${past} tokens, of which the cache has zeros here.`)] : []),
    line(`y = ${call(`${name}(weights)`, inputs, isBehind ? { position: python(past) } : {})}`),
    line('dist.destroy_process_group()'),
  ];
}

/** Random whole weights: `weights`, by name. */
export function weightLines(program: Program): TorchLine[] {
  const whole = [...wholeWeights(program)].map(([weight, sizes]) => `"${weight}": ${random(sizes)}`);
  const ofExperts = program.storage.flatMap((stored) => {
    if (stored.kind !== 'weight' || !stored.perExpert) return [];
    const { value } = stored;
    const count = Math.max(...(value.cut?.units ?? []).map(({ end }) => end));
    return [`**{${expertName(value)}: ${random(value.shapes[0] ?? [])} for e in range(${count})}`];
  });
  return [line('weights = {'), ...[...whole, ...ofExperts].map((text) => line(`    ${text},`)), line('}')];
}

/** Such that products with it have the scale of what they are of. */
function random(sizes: readonly number[]): string {
  const [, into] = sizes;
  return `torch.randn(${sizes.join(', ')})${into === undefined ? '' : ` / ${into} ** 0.5`}`;
}

/** A vector is of ids; of what is cut, each rank has its own. */
function inputText({ shapes }: Value): string {
  const sizes = (shapes[0] ?? []).map((_, dim) => byRank(shapes.map((shape) => shape[dim] ?? 0))).join(', ');
  return shapes[0]?.length === 1 ? `torch.zeros(${sizes}, dtype=torch.int64)` : `torch.randn(${sizes})`;
}
