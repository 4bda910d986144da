// What the command line needs of src/math; Node reads our TypeScript through Vite: see ../bench.mjs.

export { inOrder } from '../../src/math/bench/cases.ts';
export { shapeText } from '../../src/math/bench/columns.ts';
export { toCsv, toJson, toMarkdown, toTable } from '../../src/math/bench/exportRecord.ts';
export { FLAGS, parseOptions } from '../../src/math/bench/parseOptions.ts';
export { SCHEMA } from '../../src/math/bench/record.ts';
