/** Every operation as a GPU does it: its kernels, and what they are given. */

import type { OperationName } from '../device.ts';
import { attentionOperation } from './attention.ts';
import { copies } from './copies.ts';
import { elements } from './elements.ts';
import type { GpuOperation } from './kernel.ts';
import { products } from './products.ts';
import { rowOperations } from './rows.ts';

export const gpuOperations: { readonly [Name in OperationName]: GpuOperation<Name> } = {
  ...products,
  ...copies,
  ...elements,
  ...rowOperations,
  ...attentionOperation,
};

/** Of an operation, the id of the variant that is to run, whatever the adapter. */
export type AskedVariants = Partial<Readonly<Record<OperationName, string>>>;
