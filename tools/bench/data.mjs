// What the command line needs of src/bench; Node reads our TypeScript through Vite: see ../bench.mjs.

export { inOrder } from '../../src/bench/cases.ts';
export { shapeText } from '../../src/bench/columns.ts';
export { toCsv, toJson, toMarkdown, toTable } from '../../src/bench/exportRecord.ts';
export { FLAGS, parseOptions } from '../../src/bench/parseOptions.ts';
export { SCHEMA } from '../../src/bench/record.ts';
