// What the command line needs of src/bench; Node reads our TypeScript through Vite: see ../bench.mjs.

import { shapeOf, USUAL_CLASSES } from '../../src/tuning/shapeClass.ts';

export { inOrder } from '../../src/bench/cases.ts';
export { shapeText } from '../../src/bench/columns.ts';
export { toCsv, toJson, toMarkdown, toTable } from '../../src/bench/exportRecord.ts';
export { FLAGS, parseOptions } from '../../src/bench/parseOptions.ts';
export { SCHEMA } from '../../src/bench/record.ts';

/** The products that pages tune by themselves. */
export const usualShapes = USUAL_CLASSES.map(shapeOf).filter((shape) => shape !== null);
