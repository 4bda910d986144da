/** The operations that compute each element by itself, and the gate, which computes each token so. */

import add from '../../../shaders/add.wgsl?raw';
import exponential from '../../../shaders/exponential.wgsl?raw';
import gate from '../../../shaders/gate.wgsl?raw';
import gelu from '../../../shaders/gelu.wgsl?raw';
import order from '../../../shaders/order.wgsl?raw';
import rope from '../../../shaders/rope.wgsl?raw';
import siluMul from '../../../shaders/silu_mul.wgsl?raw';
import type { Operations } from '../device.ts';
import { operations } from '../operations.ts';
import { elementwiseGrid, elementwiseKernel, type Kernel } from './kernel.ts';
import type { Runner } from './runner.ts';

const kernels = {
  add: elementwiseKernel('add', add),
  siluMul: elementwiseKernel('siluMul', exponential, siluMul),
  gelu: { erf: geluKernel(0), tanh: geluKernel(1) },
  rope: elementwiseKernel('rope', rope),
  gate: elementwiseKernel('gate', exponential, order, gate),
};

function geluKernel(approximate: 0 | 1): Kernel {
  const kernel = elementwiseKernel('gelu', exponential, gelu);
  return { ...kernel, constants: { ...kernel.constants, APPROXIMATE: approximate } };
}

export function elements(runner: Runner): Pick<Operations, keyof typeof kernels> {
  const grid = (m: number, n: number) => elementwiseGrid({ m, n }, runner.software);
  return {
    add(a, b) {
      const operation = operations.add(a, b);
      const { m, n } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.add,
        inputs: [a, b],
        sizes: [m, n],
        workgroups: grid(m, n),
      });
    },

    siluMul(gate, up) {
      const operation = operations.siluMul(gate, up);
      const { length } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.siluMul,
        inputs: [gate, up],
        sizes: [length],
        workgroups: grid(1, length),
      });
    },

    gelu(x, form) {
      const operation = operations.gelu(x, form);
      const { length } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.gelu[form],
        inputs: [x],
        sizes: [length],
        workgroups: grid(1, length),
      });
    },

    rope(x, table, options) {
      const operation = operations.rope(x, table, options);
      const { t, heads, headDim, rotated, offset, start } = operation.sizes;
      return runner.compute(operation, {
        kernel: kernels.rope,
        inputs: [x, table],
        sizes: [t, heads, headDim, rotated, offset, start, options.layout === 'interleaved' ? 1 : 0],
        workgroups: grid(t, heads * headDim),
      });
    },

    gate(logits, options, bias) {
      const operation = operations.gate(logits, options, bias);
      const { t, e, size } = operation.sizes;
      const { topK, topGroups, score, normalize, routeScale } = options;
      const flags = [score === 'softmax', bias !== undefined, normalize].map(Number);
      return runner.compute(operation, {
        kernel: kernels.gate,
        inputs: [logits, bias],
        sizes: [t, e, size, topK, topGroups, ...flags],
        scalars: [routeScale],
        workgroups: grid(1, t),
      });
    },
  };
}
