/** A program in PyTorch: a module that cuts its own weights, and whose forward pass has a line for each step. */

import { rangesOf } from '../cuts.ts';
import {
  type CollectiveStep,
  type ExpertsStep,
  type OpStep,
  type Program,
  type Step,
  stepsOf,
  Value,
} from '../program.ts';
import { type Helper, helperLines } from './helpers.ts';
import { line, type TorchLine } from './line.ts';
import { pythonNames } from './names.ts';
import { type Named, torchOperations } from './operations.ts';
import { cutText, shapeText, type Use } from './python.ts';
import { expertsText, storedText } from './stored.ts';

/**
 * The module and what it calls. It is made of the whole weights, by name, and called with the inputs and, where the layer
 * knows positions, that of the first token.
 * @param name of the class
 * @throws Error where a step has no PyTorch
 */
export function torchModule(program: Program, name: string): TorchLine[] {
  return new ModuleWriter(program).write(name);
}

class ModuleWriter {
  readonly #program: Program;
  readonly #nameOf: (value: Value) => string;
  readonly #used = new Set<Helper | 'position'>();
  /** Weights of which a rank has one for each of its experts. */
  readonly #perExpert: ReadonlySet<Value>;

  constructor(program: Program) {
    this.#program = program;
    this.#nameOf = pythonNames(program);
    this.#perExpert = new Set(
      program.storage
        .filter((stored) => stored.kind === 'weight' && stored.perExpert)
        .map(({ value }) => value),
    );
  }

  write(name: string): TorchLine[] {
    const { inputs, output, stages } = this.#program;
    const kept = this.#kept();
    const forward = stages.flatMap(({ title, note, steps }) => [
      ...(steps.length === 0 ? [] : [line(`        # ${title}${note === '' ? '' : `: ${note}`}`)]),
      ...steps.flatMap((step) => this.#step(step)).map((one) => indented(2, one)),
    ]);
    const position = this.#used.has('position') ? ['position=0'] : [];
    const args = ['self', ...inputs.map(this.#nameOf), ...position];
    const shapes = inputs.map(({ shapes }) => shapeText(shapes)).join(', ');
    return [
      ...helperLines(this.#used).map((text) => line(text)),
      line(`class ${name}(torch.nn.Module):`),
      line('    def __init__(self, weights):', 'the whole ones, by name'),
      line('        super().__init__()'),
      ...kept,
      line(''),
      line(`    def forward(${args.join(', ')}):`, shapes),
      ...forward,
      line(`        return ${this.#nameOf(output)}`),
    ];
  }

  /** What __init__ keeps. */
  #kept(): TorchLine[] {
    const experts = stepsOf(this.#program).find((step) => step.kind === 'experts');
    return [
      ...(experts === undefined ? [] : [line(`self.experts = ${expertsText(experts.experts, this.#use)}`)]),
      ...this.#program.storage.map((stored) => {
        const { value } = stored;
        const text = `${this.#nameOf(value)} = ${storedText(this.#program, stored, this.#use)}`;
        return line(text, stored.kind === 'cache' ? '' : shapeText(value.shapes), value.id);
      }),
    ].map((one) => indented(2, one));
  }

  #step(step: Step): TorchLine[] {
    switch (step.kind) {
      case 'op':
        return [this.#op(step)];
      case 'zeros': {
        const { output } = step;
        const zeros = `torch.zeros(${(output.shapes[0] ?? []).join(', ')})`;
        return [this.#made(step.id, output, zeros)];
      }
      case 'host': {
        if (step.torch === null) throw new Error(`${step.id} has no PyTorch`);
        return [this.#made(step.id, step.output, step.torch(this.#use, ...step.inputs.map(this.#nameOf)))];
      }
      case 'collective':
        return this.#collective(step).map((text) => line(text, '', step.id));
      case 'experts':
        return this.#experts(step);
      default:
        return step satisfies never;
    }
  }

  #op({ id, op, args, output }: OpStep): TorchLine {
    const ranks = Array.from({ length: this.#program.worldSize }, (_, rank) => ({ rank, position: 0 }));
    const given = args.map((arg) => {
      if (arg instanceof Value) return { text: this.#operand(arg), value: arg } satisfies Named;
      const byRank = ranks.map(arg);
      return byRank.every((one) => one === undefined) ? undefined : byRank; // left out
    });
    const use: Use = movesOn(args) ? this.#use : (name) => (name === 'position' ? '' : this.#use(name));
    const text = Reflect.apply(torchOperations[op], torchOperations, [use, ...given]);
    return output === null ? line(text, '', id) : this.#made(id, output, text);
  }

  #made(id: string, output: Value, text: string): TorchLine {
    const note = output.placement.kind === 'partial' ? ', partial' : '';
    return line(`${this.#nameOf(output)} = ${text}`, `${shapeText(output.shapes)}${note}`, id);
  }

  #operand(value: Value): string {
    return `${this.#nameOf(value)}${this.#perExpert.has(value) ? '[i]' : ''}`;
  }

  #collective({ collective, op, input, output, paddedFrom }: CollectiveStep): string[] {
    const [x, y] = [this.#nameOf(input), this.#nameOf(output)];
    switch (collective) {
      case 'all_reduce':
        return [`dist.all_reduce(${op === 'max' ? `${x}, dist.ReduceOp.MAX` : x})`];
      case 'reduce_scatter': {
        // Gloo, which every PyTorch has, has no reduce_scatter.
        const [rows = 0] = input.shapes[0] ?? [];
        const ranges = output.cut === null ? [] : rangesOf(output.cut);
        return [`dist.all_reduce(${x})`, `${y} = ${cutText(this.#use, x, ranges, 0, rows)}`];
      }
      case 'all_gather':
        return [
          ...this.#gather(input, x, y),
          ...(paddedFrom === null ? [] : [`${y}[:, ${paddedFrom}:] = float("-inf")`]),
        ];
      default:
        return collective satisfies never;
    }
  }

  #gather({ placement, shapes }: Value, x: string, y: string): string[] {
    const dim = placement.kind === 'sharded' ? placement.dim : 0;
    const sizes = shapes.map((shape) => shape[dim] ?? 0);
    const joined = `${y} = torch.cat(parts${dim === 0 ? '' : `, dim=${dim}`})`;
    if (new Set(sizes).size === 1) {
      return [
        `parts = [torch.empty_like(${x}) for _ in range(dist.get_world_size())]`,
        `dist.all_gather(parts, ${x})`,
        joined,
      ];
    }
    const shape = (shapes[0] ?? []).map((size, i) => (i === dim ? 'n' : `${size}`)).join(', ');
    return [
      `parts = [torch.empty(${shape}) for n in [${sizes.join(', ')}]]`,
      `parts[dist.get_rank()] = ${x}`,
      '# Gloo gathers equal sizes only, so each rank broadcasts its own.',
      'for rank, part in enumerate(parts):',
      '    dist.broadcast(part, src=rank)',
      joined,
    ];
  }

  #experts({ id, weights, tokens, shares, body }: ExpertsStep): TorchLine[] {
    const [chosen, own, of] = [weights, tokens, shares].map(this.#nameOf);
    return [
      line('for i, expert in enumerate(self.experts):', '', id),
      ...[
        line(`${own} = ${chosen}[:, expert].nonzero()[:, 0]`, 'that chose it', tokens.id),
        line(`${of} = ${chosen}[${own}, expert]`, '', shares.id),
        ...body.map((step) => this.#op(step)),
      ].map((one) => indented(1, one)),
    ];
  }

  readonly #use: Use = (name) => {
    this.#used.add(name);
    return name;
  };
}

/** Whether a scalar of a step depends on the position of the first token. A record of several is taken to. */
function movesOn(args: OpStep['args']): boolean {
  const at = (position: number) => ({ rank: 0, position });
  return args.some((arg) => !(arg instanceof Value) && arg(at(0)) !== arg(at(1)));
}

function indented(levels: number, one: TorchLine): TorchLine {
  return { ...one, code: `${'    '.repeat(levels)}${one.code}` };
}
