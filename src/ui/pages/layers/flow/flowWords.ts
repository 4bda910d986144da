/** The words in and beside the boxes of the flow. */

import type { CollectiveKind } from '#collectives/kinds.ts';
import { readsOf, ringSends } from '#collectives/work.ts';
import type { MeasuredStep } from '#lab/layers/run.ts';
import { bytesOf } from '#numerics/dtype.ts';
import { bytesOn, type PlannedCollective, type PlannedStep, type PlannedTensor } from '#program/plan.ts';
import { formatBytes, formatFlops, formatMs } from '#ui/format.ts';
import { type Piece, piece } from './text.ts';

export const COLLECTIVE_NAMES: Readonly<Record<CollectiveKind, string>> = {
  all_reduce: 'all-reduce',
  reduce_scatter: 'reduce-scatter',
  all_gather: 'all-gather',
  broadcast: 'broadcast',
  all_to_all: 'all-to-all',
  barrier: 'barrier',
};

export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

export function bytesText(tensor: PlannedTensor, rank: number): string {
  return formatBytes(bytesOn(tensor, rank));
}

/** In a box of one rank, or of all of them. */
export function tensorPieces(tensor: PlannedTensor, rank: number | null, inLoop: boolean): Piece[] {
  const shape = tensor.shapes[rank ?? 0] ?? [];
  const kind = tensor.placement.kind === 'partial' && tensor.label !== 'partial' ? 'partial' : '';
  const note = inLoop ? '' : (tensor.notes[rank ?? 0] ?? '');
  return [
    piece('label', tensor.label),
    piece('shape', shapeText(shape)),
    piece('note', note),
    piece('note', note === '' ? kind : ''),
    ...(rank === null ? [piece('bytes', bytesText(tensor, 0)), piece('note', 'the same on every rank')] : []),
  ];
}

export function weightPieces(tensor: PlannedTensor, rank: number): Piece[] {
  const shape = tensor.shapes[rank] ?? [];
  return [
    piece('label', tensor.label),
    piece('shape', shapeText(shape)),
    piece('bytes', bytesText(tensor, rank)),
  ];
}

/** Room for any time, and for FLOPs before there is one. */
export const TIME_ROOM = piece('time', '65.5 kFLOP');
/** Room for the time of a collective, and for what became of its prediction. */
export const COLLECTIVE_ROOM = [
  piece('time', '0.042 ms, 0.042 ms of it waiting'),
  piece('verdict', '✓ predicted = measured'),
];

/** "0.9 ms", or before a run "65.5 kFLOP"; empty where neither says anything. */
export function timeText(step: PlannedStep, rank: number, time: MeasuredStep | undefined): string {
  if (time !== undefined) return time.ms === 0 ? '≈0 ms' : formatMs(time.ms); // under the clock's step
  if (step.kind === 'collective') return '';
  const flops = (step.runs[rank] ?? []).reduce((sum, one) => sum + one, 0);
  return flops === 0 ? '' : flopText(flops);
}

/** 65.5 kFLOP, 512 FLOP */
export function flopText(flops: number): string {
  const [count = '', unit = ''] = formatFlops(flops).split(' ');
  return `${count} ${unit}FLOP`;
}

/** What a collective moves, and in how many steps; its time and verdict are added once there are any. */
export function collectivePieces(step: PlannedCollective): Piece[] {
  const ranks = step.counts.map((_, rank) => rank);
  const name = `${COLLECTIVE_NAMES[step.collective]}${step.op === 'max' ? ', largest' : ''}`;
  if (ranks.length === 1) {
    return [piece('label', name), piece('note', 'one rank: nothing to send')];
  }
  const notes = carrierWords(step).map((text) => piece('note', text));
  return [piece('label', name), piece('bytes', `of ${formatBytes(bytesOf(step.length, 'f32'))}`), ...notes];
}

/** How a collective is carried, and what that costs a rank. */
function carrierWords(step: PlannedCollective): string[] {
  const { carrier = 'ring', collective, counts } = step;
  const ofEach = (elementsOn: (rank: number) => number): string => {
    const bytes = counts.map((_, rank) => bytesOf(elementsOn(rank), 'f32'));
    const [least, most] = [Math.min(...bytes), Math.max(...bytes)];
    return least === most ? formatBytes(most) : `${formatBytes(least)}–${formatBytes(most)}`;
  };
  switch (carrier) {
    case 'ring': {
      const steps = (collective === 'all_reduce' ? 2 : 1) * (counts.length - 1);
      return [
        `ring, ${steps} ${steps === 1 ? 'step' : 'steps'}`,
        `each sends ${ofEach((rank) => ringSends(step, rank))}`,
      ];
    }
    case 'one-shot':
      return [carrier, `each reads ${ofEach((rank) => readsOf(step, rank, carrier))}`];
    case 'two-shot': // half of it is written to it by the others
      return [carrier, `each gets ${ofEach((rank) => readsOf(step, rank, carrier))}`];
    case 'one-device':
      return ['on one device', 'nothing is sent'];
    default:
      return carrier satisfies never;
  }
}

/** Of the rank that took longest. */
export function collectiveTime(times: readonly MeasuredStep[] | undefined): string {
  if (times === undefined || times.length === 0) return '';
  const slowest = times.reduce((a, b) => (b.ms > a.ms ? b : a));
  const [most, wait] = [slowest.ms, slowest.waitMs];
  return `${formatMs(most)}, ${formatMs(wait)} of it waiting`;
}

/** Where the elements of a tensor are, as a sentence about one rank's. */
export function placementText(tensor: PlannedTensor, rank: number): string {
  const { placement } = tensor;
  if (tensor.shapes.length === 1) return 'whole: there is one rank';
  switch (placement.kind) {
    case 'replicated':
      return 'replicated: the same bits on every rank';
    case 'sharded': {
      const note = tensor.notes[rank] ?? '';
      return `sharded along dim ${placement.dim}${note === '' ? '' : `: ${note}`}`;
    }
    case 'partial':
      return 'partial: only the sum over the ranks is the tensor';
    case 'own': {
      const note = tensor.notes[rank] ?? '';
      return `each rank has its own${note === '' ? '' : `: counted within ${note}`}`;
    }
    default:
      return placement satisfies never;
  }
}
