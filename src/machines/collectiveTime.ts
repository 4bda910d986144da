/**
 * How long a collective takes on GPUs of which nothing was measured: the quickest of what a library would choose from.
 *
 * Rings and trees are NCCL's own model, by which it chooses for itself: `ncclTopoTuneModel` in src/graph/tuning.cc, with
 * its latencies (baseLat, hwLat) of three protocols: LL writes flags beside each 4 bytes, LL128 beside 120, Simple waits
 * for whole chunks. One-shot and two-shot are the kernels of vLLM and SGLang, in which every rank reads the others'
 * buffers; in-switch is NVLink SHARP.
 */

import type { CollectiveKind } from '../collectives/kinds.ts';
import { ringWork } from '../collectives/work.ts';
import { insideGBs, type Machine, networkGBs } from './fabrics.ts';

export type AlgorithmName =
  | 'one-shot'
  | 'two-shot'
  | 'ring (LL)'
  | 'ring (LL128)'
  | 'ring'
  | 'tree'
  | 'in-switch'
  | 'direct'
  | 'as measured';

export interface CollectiveTime {
  readonly us: number;
  /** The part of it that stays however short the buffer. */
  readonly latencyUs: number;
  /** Of each rank. */
  readonly sentBytes: number;
  readonly algorithm: AlgorithmName;
}

/** Which are chosen from: `nccl` has rings, trees and the switch; serving engines add their own kernels. */
export type Library = 'engine' | 'nccl';

/** Microseconds before the first step, and of a step by what it goes over. */
interface Protocol {
  readonly name: 'ring (LL)' | 'ring (LL128)' | 'ring';
  readonly base: number;
  readonly nvlink: number;
  readonly pcie: number;
  readonly net: number;
  /** The share of the bandwidth. */
  readonly share: number;
}

const PROTOCOLS: readonly Protocol[] = [
  { name: 'ring (LL)', base: 6.6, nvlink: 0.6, pcie: 1, net: 2.7, share: 0.5 },
  { name: 'ring (LL128)', base: 14, nvlink: 1.9, pcie: 2.5, net: 4, share: 0.92 },
  { name: 'ring', base: 8.4, nvlink: 3.4, pcie: 5.7, net: 14, share: 1 },
];
const TREE = { base: 6.8, nvlink: 0.6, pcie: 1, net: 5, share: 0.9 / 3.8 };

/**
 * Microseconds that a collective over PCI Express takes on top, and each of its steps: the root complex lies between, of
 * which NCCL's table knows nothing. By MLC LLM's decoding on 2, 4 and 8 GPUs.
 */
const PCIE_EXTRA = { base: 20, step: 2 };
/** TCP through the kernel, for a step. */
const TCP_STEP = 30;
/** The kernels of serving engines: 10.1 µs for 512 bytes on 8 ranks, 45.0 for 1 MiB (sgl-project/sglang PR 2904). */
const SHOT = { base: 6, rank: 0.5, second: 4, share: 0.4, most: 8 };
/** By the longest row of kvcache-ai/Mooncake PR 3484; long buffers reach 480 GB/s on H100 (NVIDIA/nccl issue 1455). */
const SWITCH = { base: 45, share: 480 / 450 };

/** How a group of ranks lies on a machine: as many as fit in a node, and over so many nodes. */
export interface Spread {
  readonly inNode: number;
  readonly nodes: number;
}

/** @param stride 1: neighbours. Else every so manieth rank, as those of one shard in copies of a model. */
export function spreadOf({ perNode }: Machine, ranks: number, stride = 1): Spread {
  const inNode = Math.max(1, Math.min(ranks, Math.floor(perNode / stride)));
  return { inNode, nodes: Math.ceil(ranks / inNode) };
}

/** @param bytes of the whole buffer @param only leaves one algorithm */
export function collectiveTime(
  machine: Machine,
  kind: CollectiveKind,
  ranks: number,
  bytes: number,
  { library = 'engine', only, stride = 1 }: { library?: Library; only?: AlgorithmName; stride?: number } = {},
): CollectiveTime {
  if (ranks <= 1) return { us: 0, latencyUs: 0, sentBytes: 0, algorithm: 'direct' };
  const spread = spreadOf(machine, ranks, stride);
  const all = candidates(machine, kind, ranks, bytes, spread, library);
  const chosen = all.filter(({ algorithm }) => only === undefined || algorithm === only);
  return (chosen.length > 0 ? chosen : all).reduce((best, one) => (one.us < best.us ? one : best));
}

function candidates(
  machine: Machine,
  kind: CollectiveKind,
  ranks: number,
  bytes: number,
  spread: Spread,
  library: Library,
): CollectiveTime[] {
  const time = (algorithm: AlgorithmName, latencyUs: number, sent: number, gbs: number): CollectiveTime => ({
    algorithm,
    latencyUs,
    sentBytes: sent,
    us: latencyUs + sent / gbs / 1e3,
  });
  const { steps, sentBytes } = ringWork(kind, ranks, bytes);
  const { gpu, measured } = machine;
  if (measured && spread.nodes === 1) {
    return [time('as measured', steps * measured.alphaUs, sentBytes, measured.betaGBs)];
  }
  const { inside, line, slow } = insideOf(machine, spread);
  const outside = spread.nodes > 1 ? networkGBs(machine, spread.inNode) : Number.POSITIVE_INFINITY;
  const busGBs = Math.min(inside, outside);
  if (kind === 'all_to_all')
    return [
      time(
        'direct',
        directUs(machine, spread, slow),
        sentBytes,
        allToAllGBs(machine, spread, ranks, inside, outside),
      ),
    ];
  const net = (us: number): number => us + (machine.network?.tcp ? TCP_STEP : 0);
  const interSteps = (steps / (ranks - 1)) * (spread.nodes - 1);
  const rings = PROTOCOLS.flatMap(({ name, base, nvlink, pcie, net: hop, share }) => {
    if (name === 'ring (LL128)' && slow) return []; // needs stores of 128 bytes that arrive whole: NVLink
    const between = slow
      ? pcie + PCIE_EXTRA.step
      : nvlink * (name === 'ring (LL)' && spread.nodes > 1 ? 1.8 : 1);
    const latency =
      base + (slow ? PCIE_EXTRA.base : 0) + (steps - interSteps) * between + interSteps * net(hop);
    const gbs = name === 'ring (LL)' ? Math.min(gpu.smallGBs, busGBs * share) : busGBs * share;
    return [time(name, latency, sentBytes, gbs)];
  });
  if (kind !== 'all_reduce') return rings;
  const hop = slow ? TREE.pcie + PCIE_EXTRA.step : TREE.nvlink;
  const treeUs =
    TREE.base +
    (slow ? PCIE_EXTRA.base : 0) +
    2 * ((spread.inNode - 1) * hop + Math.ceil(Math.log2(spread.nodes)) * net(TREE.net));
  const tree = spread.nodes > 1 ? [time('tree', treeUs, 2 * bytes, busGBs * TREE.share)] : [];
  if (spread.nodes > 1) return [...rings, ...tree];
  const inSwitch =
    gpu.sumsInSwitch && !slow && ranks > 2
      ? [time('in-switch', SWITCH.base, sentBytes, line * SWITCH.share)]
      : [];
  // vLLM's all_reduce_utils.py: 2, 4, 6 or 8 GPUs, fully joined unless they are two.
  const shots = library === 'engine' && !slow && ranks <= SHOT.most;
  const shotUs = SHOT.base + SHOT.rank * ranks;
  return [
    ...rings,
    ...inSwitch,
    ...(shots
      ? [
          time('one-shot', shotUs, (ranks - 1) * bytes, line * SHOT.share),
          time('two-shot', shotUs + SHOT.second, sentBytes, line * SHOT.share),
        ]
      : []),
  ];
}

/** `slow`: over PCI Express. */
function insideOf(machine: Machine, { inNode }: Spread): { inside: number; line: number; slow: boolean } {
  const { gpu, fabric } = machine;
  if (inNode <= 1) return { inside: Number.POSITIVE_INFINITY, line: Number.POSITIVE_INFINITY, slow: false };
  return {
    inside: insideGBs({ gpu, fabric, perNode: inNode }),
    line: fabric.lineGBs ?? gpu.linkGBs,
    slow: fabric.lineGBs !== null,
  };
}

function directUs(machine: Machine, { nodes, inNode }: Spread, slow: boolean): number {
  const inside = 8.4 + (slow ? PCIE_EXTRA.base : 0) + 0.6 * inNode;
  return nodes > 1
    ? inside + 14 + (machine.network?.tcp ? TCP_STEP * (nodes - 1) : 0.5 * (nodes - 1))
    : inside;
}

/** Of what a rank sends, the part for other nodes goes through its share of the ports. */
function allToAllGBs(
  machine: Machine,
  { inNode, nodes }: Spread,
  ranks: number,
  inside: number,
  outside: number,
): number {
  if (nodes === 1) return inside;
  const away = (ranks - inNode) / (ranks - 1);
  const perRank = Math.min(outside / inNode, networkGBs(machine, machine.perNode));
  return 1 / Math.max(away / perRank, (1 - away) / inside);
}

/** From one stage of a pipeline to the next: microseconds. */
export function hopTime(machine: Machine, bytes: number, otherNode: boolean): number {
  if (otherNode) {
    const gbs = networkGBs(machine, 1);
    return 10 + (machine.network?.tcp ? TCP_STEP : 0) + (gbs > 0 ? bytes / gbs / 1e3 : 0);
  }
  const slow = machine.fabric.lineGBs !== null;
  return 8 + (slow ? 6 : 0) + bytes / insideGBs(machine) / 1e3;
}
