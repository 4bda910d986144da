// Everything that the module exports. src/wasm/kernels.ts has the same for TypeScript.

export { divide, maxInto, minInto, multiplyInto, sumInto } from './reduce';
