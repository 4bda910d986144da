// Everything that the module exports. src/wasm/kernels.ts has the same for TypeScript.

export { attention } from './attention';
export { block4x16, block6x8, block6x8AsStored } from './blocks';
export { addRows, columns, concatPerHead, pick, rows } from './copies';
export { add, gelu, siluMul } from './elements';
export { gate } from './gate';
export { linear } from './linear';
export { copyInto, divide, maxInto, minInto, multiplyInto, sumInto, sumIntoBoth } from './reduce';
export { rope } from './rope';
export { layerNorm, rmsNorm, rowMax, softmax, sumExp } from './rows';
export { topK } from './top';
export { vector } from './vector';
