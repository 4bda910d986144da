/** Public figures of GPUs, each with its source. Peaks: nobody reaches all of one. */

export interface Gpu {
  readonly id: string;
  readonly label: string;
  /** Dense bfloat16 (or float16) on the matrix units, float32 sums: 1e12 FLOPs a second. */
  readonly teraflops: number;
  readonly memoryGBs: number;
  readonly memoryGB: number;
  /** What its own links carry, each way, in 1e9 B/s; 0 where it has none. */
  readonly linkGBs: number;
  /** So many of them are joined by those links at most: two by a bridge, more by the switches of a board. */
  readonly linkMost: number;
  readonly linkName: string;
  /** The switches add numbers themselves (NVLink SHARP), so that a rank sends and gets a buffer once. */
  readonly sumsInSwitch: boolean;
  /** What NCCL's protocol for small buffers carries at most on these links, 1e9 B/s: llMaxBws in src/graph/tuning.cc. */
  readonly smallGBs: number;
  /** The generation of PCI Express that it speaks; null: it is in no slot. */
  readonly pcie: 4 | 5 | null;
  /** Whether two of them talk over PCI Express without the host's memory between. */
  readonly peers: boolean;
  /** FLOPs of float8 for one of bfloat16; 1 where float8 is widened first. */
  readonly float8: 1 | 2;
  /** What codes run on it. */
  readonly vendor: 'nvidia' | 'amd' | 'apple' | 'own';
  readonly source: string;
}

type Figures = readonly [id: string, label: string, teraflops: number, memoryGBs: number, memoryGB: number];

/** A card in a slot. */
function card(figures: Figures, pcie: 4 | 5, source: string, more: Partial<Gpu> = {}): Gpu {
  const [id, label, teraflops, memoryGBs, memoryGB] = figures;
  return {
    id,
    label,
    teraflops,
    memoryGBs,
    memoryGB,
    linkGBs: 0,
    linkMost: 1,
    linkName: 'NVLink',
    sumsInSwitch: false,
    smallGBs: 87.7,
    pcie,
    peers: true,
    float8: 1,
    vendor: 'nvidia',
    source,
    ...more,
  };
}

const HALF = 'half of the figure with sparsity';
const ADA = { float8: 2, peers: false } as const;
const AMPERE_BOARD = { linkGBs: 300, linkMost: 16 } as const;
const BRIDGE = { linkGBs: 56.25, linkMost: 2 } as const;
const HOPPER = { float8: 2, smallGBs: 141 } as const;
const HOPPER_BOARD = { ...HOPPER, linkGBs: 450, linkMost: 8, sumsInSwitch: true } as const;
/** Seven links of 64 GB/s each way, one to each of the others. */
const INFINITY = {
  linkGBs: 448,
  linkMost: 8,
  linkName: 'Infinity Fabric',
  vendor: 'amd',
  float8: 2,
} as const;
const APPLE = { pcie: null, vendor: 'apple', linkName: 'none' } as const;

export const GPUS: readonly Gpu[] = [
  card(
    ['rtx-3060', 'RTX 3060 12GB', 25.5, 360, 12],
    4,
    'NVIDIA Ampere GA102 whitepaper, scaled to 3,584 cores at 1.78 GHz',
    { peers: false },
  ),
  card(['rtx-3090', 'RTX 3090', 71, 936, 24], 4, 'NVIDIA Ampere GA102 GPU Architecture whitepaper, table 9', {
    ...BRIDGE,
    peers: false,
  }),
  card(
    ['rtx-4090', 'RTX 4090', 165.2, 1008, 24],
    4,
    'NVIDIA Ada GPU Architecture whitepaper, appendix A',
    ADA,
  ),
  card(
    ['rtx-5090', 'RTX 5090', 209.5, 1792, 32],
    5,
    'NVIDIA RTX Blackwell GPU Architecture whitepaper, appendix A',
    ADA,
  ),
  card(['a10', 'A10', 125, 600, 24], 4, 'NVIDIA A10 datasheet'),
  card(['a40', 'A40', 149.7, 696, 48], 4, 'NVIDIA A40 datasheet', BRIDGE),
  card(['l4', 'L4', 121, 300, 24], 4, `NVIDIA L4 datasheet, ${HALF}`, { float8: 2 }),
  card(['l40s', 'L40S', 362, 864, 48], 4, 'NVIDIA L40S datasheet', { float8: 2 }),
  card(['a100-40', 'A100 40GB SXM', 312, 1555, 40], 4, 'NVIDIA A100 Tensor Core GPU datasheet', AMPERE_BOARD),
  card(['a100', 'A100 80GB SXM', 312, 2039, 80], 4, 'NVIDIA A100 Tensor Core GPU datasheet', AMPERE_BOARD),
  card(['a100-pcie', 'A100 80GB PCIe', 312, 1935, 80], 4, 'NVIDIA A100 Tensor Core GPU datasheet', {
    linkGBs: 300,
    linkMost: 2,
  }),
  card(
    ['h100', 'H100 SXM', 989, 3350, 80],
    5,
    `NVIDIA H100 Tensor Core GPU datasheet, ${HALF}`,
    HOPPER_BOARD,
  ),
  card(['h100-pcie', 'H100 PCIe', 756, 2000, 80], 5, `NVIDIA H100 PCIe product brief, ${HALF}`, {
    ...HOPPER,
    linkGBs: 300,
    linkMost: 2,
  }),
  card(['h100-nvl', 'H100 NVL', 835, 3900, 94], 5, `NVIDIA H100 Tensor Core GPU datasheet, ${HALF}`, {
    ...HOPPER,
    linkGBs: 300,
    linkMost: 2,
  }),
  card(
    ['h200', 'H200 SXM', 989, 4800, 141],
    5,
    `NVIDIA H200 Tensor Core GPU datasheet, ${HALF}`,
    HOPPER_BOARD,
  ),
  card(['b200', 'B200 SXM', 2250, 7700, 180], 5, `NVIDIA HGX B200 datasheet, ${HALF}`, {
    ...HOPPER_BOARD,
    linkGBs: 900,
    smallGBs: 282,
  }),
  card(['mi300x', 'MI300X', 1307, 5300, 192], 5, 'AMD Instinct MI300X datasheet', INFINITY),
  card(['mi325x', 'MI325X', 1307, 6000, 256], 5, 'AMD Instinct MI325X datasheet', INFINITY),
  card(
    ['m4-max', 'Apple M4 Max', 18.4, 546, 128],
    4,
    'Apple’s specifications: 40 cores, 546 GB/s; FLOPs of float32 by its cores and clock',
    APPLE,
  ),
  card(
    ['m2-ultra', 'Apple M2 Ultra', 27.2, 800, 192],
    4,
    'Apple’s specifications: 76 cores, 800 GB/s; FLOPs of float32 by its cores and clock',
    APPLE,
  ),
  card(
    ['m3-ultra', 'Apple M3 Ultra', 28.3, 819, 512],
    4,
    'Apple’s specifications: 80 cores, 819 GB/s; FLOPs of float32 by its cores and clock',
    APPLE,
  ),
];

/** A GPU that is none of the list, by four numbers. */
export interface OwnGpu {
  readonly teraflops: number;
  readonly memoryGBs: number;
  readonly memoryGB: number;
  /** 0: nothing but PCI Express. */
  readonly linkGBs: number;
}

export function ownGpu({ teraflops, memoryGBs, memoryGB, linkGBs }: OwnGpu): Gpu {
  return card(['own', 'your GPU', teraflops, memoryGBs, memoryGB], 5, 'your four numbers', {
    linkGBs,
    linkMost: linkGBs > 0 ? 8 : 1,
    linkName: 'its links',
    vendor: 'own',
  });
}
