import type { Device, Tensor } from '../device/device.ts';
import type { MlpConfig } from '../math/plans/configs.ts';
import { lengthOf, type Range, shardRange } from '../math/ranges.ts';
import { ColumnParallelLinear } from './ColumnParallelLinear.ts';
import { checkSizes } from './checks.ts';
import { allReduce } from './collectives.ts';
import type { ParallelContext } from './context.ts';
import { LinearShard } from './LinearShard.ts';
import { RowParallelLinear } from './RowParallelLinear.ts';
import { all, type Weights } from './weights.ts';

/**
 * y = down(silu(gate(x)) · up(x)), or down(gelu(up(x))): gate and up are column splits, down is a row split. The
 * activation works on a rank's own columns, and one allReduce is left.
 */
export class ParallelMLP {
  readonly #context: ParallelContext;
  readonly #hidden: Hidden;
  readonly #down: RowParallelLinear;

  constructor(context: ParallelContext, config: MlpConfig) {
    const { hidden, intermediate, bias } = config;
    checkSizes('ParallelMLP', { hidden, intermediate });
    this.#context = context;
    this.#hidden = hiddenOf(context, config);
    this.#down = new RowParallelLinear(context, intermediate, hidden, { bias });
  }

  load(weights: Weights): void {
    this.#hidden.load(weights);
    this.#down.loadFrom(weights, 'down_proj');
  }

  /** x `[T, hidden]` → this rank's term of the sum `[T, hidden]`. */
  partial(x: Tensor): Tensor {
    const h = this.#hidden.forward(x); // [T, intermediate/p]
    const partial = this.#down.multiply(h); // [T, hidden]
    this.#context.device.free(h);
    return partial;
  }

  /** The bias of down, once, after the sum. Gives `sum` itself where there is none. */
  addBias(sum: Tensor): Tensor {
    return this.#down.addBias(sum);
  }

  /** x `[T, hidden]` → `[T, hidden]`, the same bits on every rank. */
  async forward(x: Tensor): Promise<Tensor> {
    const sum = this.partial(x);
    await allReduce(this.#context, sum);
    const y = this.addBias(sum);
    if (y !== sum) this.#context.device.free(sum);
    return y;
  }

  free(): void {
    this.#hidden.free();
    this.#down.free();
  }
}

/** x `[T, hidden]` → h `[T, intermediate/p]`. */
interface Hidden {
  load(weights: Weights): void;
  forward(x: Tensor): Tensor;
  free(): void;
}

function hiddenOf(context: ParallelContext, config: MlpConfig): Hidden {
  const { activation } = config;
  if (activation !== 'swiglu') return plain(context, config, activation === 'gelu' ? 'erf' : 'tanh');
  return config.merged ? merged(context, config) : gated(context, config);
}

function plain(
  context: ParallelContext,
  { hidden, intermediate, bias }: MlpConfig,
  form: 'erf' | 'tanh',
): Hidden {
  const up = new ColumnParallelLinear(context, hidden, intermediate, { bias, gatherOutput: false });
  return {
    load: (weights) => up.loadFrom(weights, 'up_proj'),
    forward(x) {
      const u = up.multiply(x);
      const h = context.device.gelu(u, form);
      context.device.free(u);
      return h;
    },
    free: () => up.free(),
  };
}

function gated(context: ParallelContext, { hidden, intermediate, bias }: MlpConfig): Hidden {
  const gate = new ColumnParallelLinear(context, hidden, intermediate, { bias, gatherOutput: false });
  const up = new ColumnParallelLinear(context, hidden, intermediate, { bias, gatherOutput: false });
  return {
    load(weights) {
      gate.loadFrom(weights, 'gate_proj');
      up.loadFrom(weights, 'up_proj');
    },
    forward: (x) => activate(context.device, gate.multiply(x), up.multiply(x)),
    free() {
      gate.free();
      up.free();
    },
  };
}

/**
 * gate and up stored as one weight `[2·intermediate, hidden]`, for one larger product. A rank takes its rows of each half:
 * cut as one matrix, the first ranks would hold nothing but gate and the last nothing but up.
 */
function merged({ comm, device }: ParallelContext, { hidden, intermediate, bias }: MlpConfig): Hidden {
  const own = shardRange(intermediate, comm.worldSize, comm.rank);
  const width = lengthOf(own);
  const both = new LinearShard(device, 2 * width, hidden, bias);
  const halves: readonly Range[] = [own, { start: intermediate + own.start, end: intermediate + own.end }];
  return {
    load(weights) {
      const rows = halves.map((half) =>
        weights.matrix('gate_up_proj.weight', { rows: half, cols: all(hidden) }),
      );
      const biases = bias ? halves.map((half) => weights.vector('gate_up_proj.bias', half)) : null;
      both.load(join(rows), biases === null ? undefined : join(biases));
    },
    forward(x) {
      const gu = both.apply(x, { withBias: true }); // [T, 2·intermediate/p]
      const h = activate(device, device.columns(gu, 0, width), device.columns(gu, width, 2 * width));
      device.free(gu);
      return h;
    },
    free: () => both.free(),
  };
}

function activate(device: Device, gate: Tensor, up: Tensor): Tensor {
  const h = device.siluMul(gate, up);
  device.free(gate, up);
  return h;
}

function join(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
