/** The columns of the table: nccl-tests' for collectives; time, rate and parts for the rest. */

import { OPS, type Suite } from '#bench/axes.ts';
import { tokensPerSecond } from '#bench/columns.ts';
import { elementsOf, kernelText, nameOfElementType } from '#bench/elementTypes.ts';
import { formatBytes, formatCount, formatError } from '#ui/format.ts';
import { digits } from '#ui/units.ts';
import { layerPlaceLabel, opLabel, shapeLabel, transportLabel } from '../series.ts';
import { numberColumn, type Row, type TableColumn, wordColumn } from './column.ts';

const OP = wordColumn(
  { id: 'op', label: 'operation', title: 'what is measured' },
  ({ op }) => opLabel(op),
  ({ op }) => OPS.indexOf(op),
);
const WAY = wordColumn(
  { id: 'backend', label: 'backend', title: 'what the ranks compute on' },
  layerPlaceLabel,
);
const TRANSPORT = wordColumn(
  { id: 'transport', label: 'algorithm', title: 'how the data is carried' },
  ({ transport }) => transportLabel(transport),
);
const VARIANT = wordColumn(
  { id: 'variant', label: 'kernel', title: 'the kernel of the product; the CPU chooses its own' },
  (result) => (result.variant === '' ? '–' : kernelText(result)),
);
const MODEL = wordColumn({ id: 'model', label: 'model', title: 'its name' }, ({ variant }) => variant);
const TOKENS = numberColumn(
  { id: 'tokens', label: 'tokens', title: 'that go through the model at once', always: true },
  ({ result }) => result.shape['m'] ?? null,
  formatCount,
);
const PAST = numberColumn(
  { id: 'past', label: 'behind', title: 'tokens that were there before', always: true },
  ({ result }) => result.shape['past'] ?? null,
  formatCount,
);
const TOKEN_RATE = numberColumn(
  { id: 'tokenRate', label: 'tokens/s', title: 'tokens over the median' },
  ({ result }) => tokensPerSecond(result),
);
const RANKS = numberColumn(
  { id: 'ranks', label: 'ranks', title: 'ranks that take part', always: true },
  ({ result }) => result.worldSize,
  String,
);
const SIZE = numberColumn(
  { id: 'size', label: 'size', title: 'of the whole buffer', always: true },
  ({ result }) => result.bytes,
  formatBytes,
);
const COUNT: TableColumn = {
  ...numberColumn(
    { id: 'count', label: 'count', title: 'elements, float where nothing else is said', always: true },
    ({ result }) => elementsOf(result),
  ),
  text: ({ result }) => {
    const count = formatCount(elementsOf(result));
    return result.dtype === 'f32' ? count : `${count} ${nameOfElementType(result.dtype)}`;
  },
};
const SHAPE = wordColumn(
  { id: 'shape', label: 'shape', title: 'm × k × n, or tokens and widths' },
  shapeLabel,
  ({ shape }) => Object.values(shape).reduce((product, size) => product * Math.max(1, size), 1),
);

const TIME = numberColumn(
  { id: 'time', label: 'time, µs', title: 'of the slowest rank, median' },
  ({ result }) => 1000 * result.medianMs,
);
const ALG_BW = numberColumn(
  { id: 'algBw', label: 'algBw, GB/s', title: 'bytes over time' },
  ({ result }) => result.algBwGBs,
);
const BUS_BW = numberColumn(
  { id: 'busBw', label: 'busBw, GB/s', title: 'algBw, corrected by what has to move, as nccl-tests does' },
  ({ result }) => result.busBwGBs,
);
const MEDIAN = numberColumn(
  { id: 'median', label: 'median, ms', title: 'of the slowest rank' },
  ({ result }) => result.medianMs,
);
const RATE = numberColumn(
  { id: 'rate', label: 'GFLOP/s', title: 'of all ranks together' },
  ({ result }) => result.gflops,
);
const ROOF = numberColumn(
  {
    id: 'roof',
    label: 'of the roof',
    title: 'of the most that this run did on the backend, at the product’s FLOP a byte',
  },
  ({ roofShare }) => roofShare,
  (share) => `${Math.round(100 * share)} %`,
);
const SPEED_UP = numberColumn(
  { id: 'speedUp', label: 'speed-up', title: 'over one rank of the same backend' },
  ({ speedUp }) => speedUp,
  (ratio) => ratio.toFixed(2),
);
const PARTS = [
  numberColumn(
    { id: 'compute', label: 'compute', title: 'ms in kernels, mean over ranks' },
    ({ result }) => result.computeMs,
  ),
  numberColumn(
    { id: 'ring', label: 'ring', title: 'ms moving data, mean over ranks' },
    ({ result }) => result.commMs,
  ),
  numberColumn(
    { id: 'wait', label: 'wait', title: 'ms waiting for other ranks, mean over ranks' },
    ({ result }) => result.waitMs,
  ),
];
const RATIO = numberColumn(
  { id: 'ratio', label: '÷ measured', title: 'predicted over measured: 1 is right' },
  ({ prediction }) => prediction?.ratio ?? null,
  (ratio) => ratio.toFixed(2),
);
const ERROR = numberColumn(
  { id: 'error', label: 'max |Δ|', title: 'the largest error' },
  ({ result }) => result.maxAbsError,
  formatError,
);
const ROUNDING = [
  numberColumn(
    {
      id: 'roundingMax',
      label: 'rounding, max |Δ|',
      title: 'how far y is from that of the weight in float32, where it is stored in fewer bits',
      sparse: true,
    },
    ({ result }) => result.roundingMaxError ?? null,
    formatError,
  ),
  numberColumn(
    {
      id: 'roundingRms',
      label: 'rounding, RMS',
      title: 'the same as √(Σ difference² ÷ Σ y²)',
      sparse: true,
    },
    ({ result }) => result.roundingRmsError ?? null,
    (share) => `${digits(100 * share)} %`,
  ),
];
const WRONG = numberColumn(
  { id: 'wrong', label: 'wrong', title: 'elements that are not what they have to be' },
  ({ result }) => result.wrong,
  formatCount,
);

const COLUMNS: Readonly<Record<Suite, readonly TableColumn[]>> = {
  collectives: [
    ...[OP, WAY, TRANSPORT, RANKS, SIZE, COUNT, TIME, ALG_BW, BUS_BW, WRONG],
    ...[predicted('µs', 1000), RATIO, spread('µs', 1000)],
  ],
  layers: [
    ...[OP, WAY, RANKS, SHAPE, MEDIAN, spread('ms', 1), RATE, SPEED_UP],
    ...[...PARTS, predicted('ms', 1), RATIO, ERROR, WRONG],
  ],
  gemm: [VARIANT, WAY, SHAPE, MEDIAN, spread('ms', 1), RATE, ROOF, ERROR, ...ROUNDING, WRONG],
  model: [
    ...[OP, MODEL, WAY, RANKS, TOKENS, PAST, MEDIAN, spread('ms', 1), TOKEN_RATE, SPEED_UP],
    ...[...PARTS, ERROR, WRONG],
  ],
};

/** Those of a suite, without what none of its rows has. */
export function columnsOf(suite: Suite, rows: readonly Row[]): readonly TableColumn[] {
  return COLUMNS[suite].filter(
    ({ sparse, value }) => !sparse || rows.some((row) => !Number.isNaN(value(row))),
  );
}

function predicted(unit: string, scale: number): TableColumn {
  return numberColumn(
    {
      id: 'predicted',
      label: `model says, ${unit}`,
      title: 'what the cost model fitted to this run predicts',
    },
    ({ prediction }) => (prediction === null ? null : scale * prediction.ms),
  );
}

function spread(unit: string, scale: number): TableColumn {
  return {
    id: 'spread',
    label: `p10 … p90, ${unit}`,
    always: false,
    words: false,
    title: 'a tenth of the samples is below, a tenth above',
    text: ({ result }) => `${digits(scale * result.p10Ms)} … ${digits(scale * result.p90Ms)}`,
    value: ({ result }) => (result.p90Ms - result.p10Ms) / result.medianMs,
  };
}
