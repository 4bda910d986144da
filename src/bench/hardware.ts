/** Public figures of GPUs and of what connects them, each with its source. Peaks: nobody reaches all of one. */

import type { Link } from './costModel.ts';

export interface Gpu {
  readonly id: string;
  readonly label: string;
  /** Dense bfloat16 (or float16) on the matrix units, float32 sums: 1e12 FLOPs a second. */
  readonly teraflops: number;
  readonly memoryGBs: number;
  readonly memoryGB: number;
  /** What its own links carry, each way, in 1e9 B/s. */
  readonly nvlinkGBs: number;
  /** So many of them are joined by those links at most: two by a bridge, more by the switches of a board. */
  readonly nvlinkMost: number;
  /** The generation of PCI Express that it speaks. */
  readonly pcie: 4 | 5;
  readonly source: string;
}

export const GPUS: readonly Gpu[] = [
  {
    id: 'rtx-3090',
    label: 'RTX 3090',
    teraflops: 71,
    memoryGBs: 936,
    memoryGB: 24,
    nvlinkGBs: 56.25,
    nvlinkMost: 2,
    pcie: 4,
    source: 'NVIDIA Ampere GA102 GPU Architecture whitepaper, table 9',
  },
  {
    id: 'a40',
    label: 'A40',
    teraflops: 149.7,
    memoryGBs: 696,
    memoryGB: 48,
    nvlinkGBs: 56.25,
    nvlinkMost: 2,
    pcie: 4,
    source: 'NVIDIA A40 datasheet',
  },
  {
    id: 'a100',
    label: 'A100 80GB SXM',
    teraflops: 312,
    memoryGBs: 2039,
    memoryGB: 80,
    nvlinkGBs: 300,
    nvlinkMost: 16,
    pcie: 4,
    source: 'NVIDIA A100 Tensor Core GPU datasheet',
  },
  {
    id: 'h100',
    label: 'H100 SXM',
    teraflops: 989,
    memoryGBs: 3350,
    memoryGB: 80,
    nvlinkGBs: 450,
    nvlinkMost: 8,
    pcie: 5,
    source: 'NVIDIA H100 Tensor Core GPU datasheet, half of the figure with sparsity',
  },
  {
    id: 'h200',
    label: 'H200 SXM',
    teraflops: 989,
    memoryGBs: 4800,
    memoryGB: 141,
    nvlinkGBs: 450,
    nvlinkMost: 8,
    pcie: 5,
    source: 'NVIDIA H200 Tensor Core GPU datasheet, half of the figure with sparsity',
  },
];

export interface Fabric {
  readonly id: string;
  readonly label: string;
  /** Each way, of one GPU: 1e9 B/s. Null: what the GPU's own NVLink has. */
  readonly betaGBs: number | null;
  /** The generation of PCI Express that both ends must speak; null where it is none. */
  readonly pcie: 4 | 5 | null;
  /** Microseconds a step. No datasheet says it: an assumption, of the size that nccl-tests shows for small buffers. */
  readonly alphaUs: number;
  readonly source: string;
}

export const FABRICS: readonly Fabric[] = [
  {
    id: 'nvlink',
    label: 'NVLink',
    betaGBs: null,
    pcie: null,
    alphaUs: 3,
    source: 'the GPU’s datasheet',
  },
  {
    id: 'pcie4',
    label: 'PCIe 4.0 x16',
    betaGBs: 31.5,
    pcie: 4,
    alphaUs: 6,
    source: 'PCI Express 4.0: 16 GT/s, 16 lanes, 128b/130b',
  },
  {
    id: 'pcie5',
    label: 'PCIe 5.0 x16',
    betaGBs: 63,
    pcie: 5,
    alphaUs: 6,
    source: 'PCI Express 5.0: 32 GT/s, 16 lanes, 128b/130b',
  },
  {
    id: 'ib-hdr',
    label: 'InfiniBand HDR, a port a GPU',
    betaGBs: 25,
    pcie: null,
    alphaUs: 8,
    source: 'InfiniBand HDR: 200 Gb/s',
  },
  {
    id: 'ib-ndr',
    label: 'InfiniBand NDR, a port a GPU',
    betaGBs: 50,
    pcie: null,
    alphaUs: 8,
    source: 'InfiniBand NDR: 400 Gb/s',
  },
];

/** The link between two of these GPUs over this fabric, where it joins them: see {@link problemWithFabric}. */
export function linkOf(gpu: Gpu, { betaGBs, alphaUs }: Fabric): Link {
  return { alphaMs: alphaUs / 1e3, betaGBs: betaGBs ?? gpu.nvlinkGBs };
}

/** Why this fabric cannot join `ranks` of these GPUs, in a sentence; null where it can. */
export function problemWithFabric(gpu: Gpu, { betaGBs, pcie }: Fabric, ranks: number): string | null {
  if (ranks === 1) return null;
  if (pcie !== null && pcie > gpu.pcie) {
    return `${gpu.label} has PCIe ${gpu.pcie}.0. Choose that, or another fabric.`;
  }
  if (betaGBs !== null || ranks <= gpu.nvlinkMost) return null;
  return `NVLink joins at most ${gpu.nvlinkMost} of ${gpu.label}. Choose another fabric for ${ranks.toLocaleString('en')}.`;
}
