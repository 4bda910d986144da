/** What joins GPUs inside of a node and nodes among each other, with the shares of it that measurements reach. */

import type { Gpu } from './gpus.ts';

export type FabricId = 'nvlink' | 'pcie4' | 'pcie5';
export type NetworkId = 'none' | 'ib-ndr' | 'ib-hdr' | 'roce-100' | 'ethernet-25' | 'ethernet-10';

export interface Fabric {
  readonly id: FabricId;
  readonly label: string;
  /** Each way, of one GPU: 1e9 B/s. Null: what the GPU's own links have. */
  readonly lineGBs: number | null;
  /** The generation of PCI Express that both ends must speak; null where it is none. */
  readonly pcie: 4 | 5 | null;
  readonly source: string;
}

export const FABRICS: readonly Fabric[] = [
  {
    id: 'nvlink',
    label: 'NVLink or the GPU’s own links',
    lineGBs: null,
    pcie: null,
    source: 'the GPU’s datasheet',
  },
  {
    id: 'pcie4',
    label: 'PCIe 4.0 x16',
    lineGBs: 31.5,
    pcie: 4,
    source: 'PCI Express 4.0: 16 GT/s, 16 lanes, 128b/130b',
  },
  {
    id: 'pcie5',
    label: 'PCIe 5.0 x16',
    lineGBs: 63,
    pcie: 5,
    source: 'PCI Express 5.0: 32 GT/s, 16 lanes, 128b/130b',
  },
];

export interface Network {
  readonly id: NetworkId;
  readonly label: string;
  /** Each way, of one port: 1e9 B/s. */
  readonly portGBs: number;
  /** Goes through the kernel of the host: no RDMA. */
  readonly tcp: boolean;
  readonly source: string;
}

export const NETWORKS: readonly Network[] = [
  { id: 'ib-ndr', label: 'InfiniBand NDR', portGBs: 50, tcp: false, source: 'InfiniBand NDR: 400 Gb/s' },
  { id: 'ib-hdr', label: 'InfiniBand HDR', portGBs: 25, tcp: false, source: 'InfiniBand HDR: 200 Gb/s' },
  { id: 'roce-100', label: 'RoCE 100 Gb/s', portGBs: 12.5, tcp: false, source: 'Ethernet: 100 Gb/s' },
  { id: 'ethernet-25', label: 'Ethernet 25 Gb/s', portGBs: 3.125, tcp: true, source: 'Ethernet: 25 Gb/s' },
  { id: 'ethernet-10', label: 'Ethernet 10 Gb/s', portGBs: 1.25, tcp: true, source: 'Ethernet: 10 Gb/s' },
];

/** Equal nodes of equal GPUs. */
export interface Machine {
  readonly gpu: Gpu;
  readonly nodes: number;
  readonly perNode: number;
  readonly fabric: Fabric;
  /** Null where there is one node. */
  readonly network: Network | null;
  /** Of the network, a node. */
  readonly ports: number;
  /** What the links inside of a node were measured to do, in place of what is known of their kind. */
  readonly measured?: Pick<MeasuredLink, 'alphaUs' | 'betaGBs'> | null;
}

/** t = steps · α + bytes a rank sends / β, of a ring. */
export interface MeasuredLink {
  readonly alphaUs: number;
  readonly betaGBs: number;
  /** The middle of |fitted − measured| / measured. */
  readonly error: number;
  readonly from: string;
}

/**
 * Bus bandwidth that a ring of long buffers reaches, over line rate. NVLink: 365 of 450 (NVIDIA/nccl issue 1455). PCI
 * Express through the host's memory, where each byte goes over it twice: 28 of 63 (issue 1639). With peer-to-peer 0.8,
 * which is what headers and acknowledgements leave of it. InfiniBand: 325 of 400 (issue 1221). Infinity Fabric and TCP: assumed.
 */
export const REACH = {
  nvlink: 0.81,
  infinity: 0.7,
  peers: 0.8,
  host: 0.45,
  network: 0.82,
  tcp: 0.7,
} as const;

/** 1e9 B/s of one GPU inside of its node. */
export function insideGBs({ gpu, fabric, perNode }: Pick<Machine, 'gpu' | 'fabric' | 'perNode'>): number {
  if (fabric.lineGBs === null) {
    const share = gpu.vendor === 'amd' ? REACH.infinity : REACH.nvlink;
    // Infinity Fabric joins each pair by one link: two GPUs have a seventh of it between them.
    const pairs = gpu.vendor === 'amd' ? Math.min(1, (Math.max(2, perNode) - 1) / 7) : 1;
    return gpu.linkGBs * share * pairs;
  }
  return fabric.lineGBs * (gpu.peers ? REACH.peers : REACH.host);
}

/** 1e9 B/s of all ports that `ranks` GPUs of a node have together. */
export function networkGBs({ network, ports, perNode }: Machine, ranks: number): number {
  if (network === null) return 0;
  const share = Math.max(1, (ports * Math.min(ranks, perNode)) / perNode);
  return share * network.portGBs * (network.tcp ? REACH.tcp : REACH.network);
}

/** Why the machine cannot be as it is said, in a sentence; null where it can. */
export function problemWithMachine({ gpu, fabric, perNode, nodes, network, ports }: Machine): string | null {
  if (perNode > 1 && gpu.pcie === null) {
    return `${gpu.label} stands alone: choose one a node. Several of them have no link that is known here.`;
  }
  if (perNode > 1 && fabric.pcie !== null && gpu.pcie !== null && fabric.pcie > gpu.pcie) {
    return `${gpu.label} has PCIe ${gpu.pcie}.0. Choose that, or another link.`;
  }
  if (perNode > 1 && fabric.lineGBs === null && perNode > gpu.linkMost) {
    const links =
      gpu.linkGBs === 0
        ? `${gpu.label} has no links of its own.`
        : `${gpu.linkName} joins at most ${gpu.linkMost} of ${gpu.label}.`;
    return `${links} Choose PCIe for ${perNode}.`;
  }
  if (nodes > 1 && (network === null || ports < 1)) {
    return `${nodes} nodes need a network: choose one, and how many ports a node has.`;
  }
  return null;
}

/** What joins such GPUs best inside of a node of so many. */
export function bestFabric(gpu: Gpu, perNode: number): FabricId {
  if (gpu.linkGBs > 0 && perNode <= gpu.linkMost) return 'nvlink';
  return gpu.pcie === 5 ? 'pcie5' : 'pcie4';
}
