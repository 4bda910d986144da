/** The operations that multiply by a weight. */

import linearPerHead from '../../../shaders/linear_per_head.wgsl?raw';
import type { Operations } from '../device.ts';
import { operations } from '../operations.ts';
import { elementwiseGrid, elementwiseKernel } from './kernel.ts';
import type { LinearVariant } from './linear.ts';
import type { Runner } from './runner.ts';

const linearPerHeadKernel = elementwiseKernel('linearPerHead', linearPerHead);

/** @param variantFor says which kernel of `linear` sums over K elements. */
export function products(
  runner: Runner,
  variantFor: (k: number) => LinearVariant,
): Pick<Operations, 'linear' | 'linearPerHead'> {
  return {
    linear(x, w, b) {
      const operation = operations.linear(x, w, b);
      const { m, k, n } = operation.sizes;
      const variant = variantFor(k);
      return runner.compute(operation, {
        kernel: variant.kernel({ m, k, n }),
        inputs: [x, w, b],
        sizes: [m, k, n, b === undefined ? 0 : 1],
        workgroups: variant.workgroups({ m, k, n }),
      });
    },

    linearPerHead(x, w) {
      const operation = operations.linearPerHead(x, w);
      const { m, heads, k, n } = operation.sizes;
      return runner.compute(operation, {
        kernel: linearPerHeadKernel,
        inputs: [x, w],
        sizes: [m, heads, k, n],
        workgroups: elementwiseGrid({ m, n: heads * n }, runner.software),
      });
    },
  };
}
