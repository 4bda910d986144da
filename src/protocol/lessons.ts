/** What crosses between the pages that teach and their ranks; see protocol.ts. */

import type { Check } from '../numerics/oracle.ts';
import type { CutPairConfig } from '../program/cutPair.ts';
import type { ExhibitId } from '../program/museum.ts';
import type { LayerCheck } from '../protocol.ts';

/** The rank program of two products with any cuts; see rank/programs/cuts/cuts.rank.ts. */
export interface CutsProgram {
  run(config: CutPairConfig, seed: number): Promise<CutsRankResult>;
}

export interface CutsRankResult {
  readonly rank: number;
  /** A hash of the bits of Y, which every rank has the whole of. */
  readonly outputHash: string;
  /** Its columns of Y (see shardRange) against both products in float64. */
  readonly check: Check;
}

/** The rank program of the museum; see rank/programs/museum/museum.rank.ts. */
export interface MuseumProgram {
  /** @param wrong as people shipped it, or mended */
  run(exhibit: ExhibitId, wrong: boolean, seed: number): Promise<MuseumRankResult>;
  /** What rounding does to an all-reduce of 2^rank ranks: each rank looks into one number of them. */
  rounding(seed: number): Promise<Rounding>;
}

export const FLOATS = ['float32', 'float16', 'bfloat16'] as const;
export type RoundedFloat = (typeof FLOATS)[number];

export interface Rounding {
  readonly worldSize: number;
  readonly floats: readonly {
    readonly float: RoundedFloat;
    /** The share of the products whose error against float64 lies in each power of ten, from 1e−9 on. */
    readonly bins: readonly number[];
    readonly median: number;
    readonly most: number;
    /** The share whose value is another than on one rank. */
    readonly changed: number;
  }[];
}

export interface MuseumRankResult {
  readonly rank: number;
  /** y as this rank holds it, and as one rank computes it: a row a token. */
  readonly values: Float32Array;
  readonly expected: Float32Array;
  readonly check: LayerCheck;
}
