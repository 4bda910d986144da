// What the command line needs of src; Node reads our TypeScript through Vite: see ../generate.mjs.

export { ALGORITHMS, PLACEMENTS } from '../../src/bench/axes.ts';
export { MAX_WORLD_SIZE } from '../../src/group/memory.ts';
export { PRODUCT_WEIGHTS } from '../../src/program/packing.ts';
export { DEVICE_CHOICES } from '../../src/protocol.ts';
export { GREEDY, samplingProblem } from '../../src/sampling/sampling.ts';
