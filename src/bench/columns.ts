/** The columns of a table of results: nccl-tests' of collectives, those of layers and products, and of models. */

import { elementsOf, kernelText, nameOfElementType } from './elementTypes.ts';
import type { BenchResult } from './record.ts';

export interface ReportColumn {
  readonly title: string;
  /** '' where there is none. */
  readonly unit: string;
  readonly align: 'left' | 'right';
  readonly cell: (result: BenchResult) => string;
}

const columns = {
  op: left('op', ({ op }) => op),
  ranks: right('ranks', '', ({ worldSize }) => String(worldSize)),
  backend: left('backend', ({ backend }) => backend),
  transport: left('transport', ({ transport }) => transport),
  variant: left('kernel', kernelText),
  shape: left('shape', ({ shape }) => shapeText(shape)),
  note: left('note', ({ note }) => note),
  error: right('max |Δ|', '', (result) =>
    hasRun(result) && Number.isFinite(result.maxAbsError) ? errorText(result.maxAbsError) : NOT_AVAILABLE,
  ),
  roundingMax: right('rounding', 'max |Δ|', ({ roundingMaxError }) => roundingText(roundingMaxError)),
  roundingRms: right('rounding', 'RMS', ({ roundingRmsError }) => roundingText(roundingRmsError)),
  wrong: right('#wrong', '', (result) => (hasRun(result) ? String(result.wrong) : NOT_AVAILABLE)),
};

const times = [
  measured('median', '(ms)', ({ medianMs }) => medianMs),
  measured('p10', '(ms)', ({ p10Ms }) => p10Ms),
  measured('p90', '(ms)', ({ p90Ms }) => p90Ms),
];

const parts = [
  measured('compute', '(ms)', ({ computeMs }) => computeMs),
  measured('comm', '(ms)', ({ commMs }) => commMs),
  measured('wait', '(ms)', ({ waitMs }) => waitMs),
];

export const COLLECTIVE_COLUMNS: readonly ReportColumn[] = [
  right('size', '(B)', ({ bytes }) => String(bytes)),
  right('count', '(elements)', (result) => String(elementsOf(result))),
  left('type', ({ dtype }) => nameOfElementType(dtype)),
  columns.op,
  columns.ranks,
  columns.backend,
  columns.transport,
  measured('time', '(us)', ({ medianMs }) => 1000 * medianMs),
  measured('algbw', '(GB/s)', ({ algBwGBs }) => algBwGBs),
  measured('busbw', '(GB/s)', ({ busBwGBs }) => busBwGBs),
  columns.wrong,
  columns.note,
];

export const COMPUTE_COLUMNS: readonly ReportColumn[] = [
  columns.op,
  columns.shape,
  columns.ranks,
  columns.backend,
  columns.transport,
  columns.variant,
  ...times,
  measured('rate', '(GFLOP/s)', ({ gflops }) => gflops),
  ...parts,
  columns.error,
  columns.roundingMax,
  columns.roundingRms,
  columns.wrong,
  columns.note,
];

export const MODEL_COLUMNS: readonly ReportColumn[] = [
  columns.op,
  left('model', ({ variant }) => variant),
  right('tokens', '', ({ shape }) => String(shape['m'] ?? '')),
  right('past', '', ({ shape }) => String(shape['past'] ?? '')),
  columns.ranks,
  columns.backend,
  columns.transport,
  ...times,
  measured('rate', '(tokens/s)', tokensPerSecond),
  ...parts,
  columns.error,
  columns.wrong,
  columns.note,
];

/** Tokens of a pass over its median. */
export function tokensPerSecond({ shape, medianMs }: BenchResult): number {
  return (1000 * (shape['m'] ?? 0)) / medianMs;
}

/** m=16 k=512 n=2048 */
export function shapeText(shape: Readonly<Record<string, number>>): string {
  return Object.entries(shape)
    .map(([name, size]) => `${name}=${size}`)
    .join(' ');
}

const NOT_AVAILABLE = 'n/a';

/** A case that failed has no samples. */
function hasRun({ samplesMs }: BenchResult): boolean {
  return samplesMs.length > 0;
}

function left(title: string, cell: (result: BenchResult) => string): ReportColumn {
  return { title, unit: '', align: 'left', cell };
}

function right(title: string, unit: string, cell: (result: BenchResult) => string): ReportColumn {
  return { title, unit, align: 'right', cell };
}

function measured(title: string, unit: string, value: (result: BenchResult) => number): ReportColumn {
  return right(title, unit, (result) => (hasRun(result) ? figureText(value(result)) : NOT_AVAILABLE));
}

/** Four digits, as many of them behind the point as there is room for: 0.01234, 1.234, 1234, 12345. */
function figureText(value: number): string {
  if (!Number.isFinite(value)) return NOT_AVAILABLE;
  if (value === 0) return '0';
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  return value.toFixed(Math.min(6, Math.max(0, 4 - whole)));
}

/** Nothing of a weight of float32. */
function roundingText(error: number | undefined): string {
  return error === undefined ? '' : errorText(error);
}

function errorText(error: number): string {
  return error === 0 ? '0' : error.toExponential(1);
}
