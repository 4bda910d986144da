/** What crosses between the pages that teach and their ranks; see protocol.ts. */

import type { Check } from '../numerics/oracle.ts';
import type { CutPairConfig } from '../program/cutPair.ts';
import type { ExhibitId } from '../program/museum.ts';
import type { LayerCheck } from '../protocol.ts';

/** The rank program of two products with any cuts; see rank/programs/cuts/program.ts. */
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

/** The rank program of the museum; see rank/programs/museum/program.ts. */
export interface MuseumProgram {
  /** @param wrong as people shipped it, or mended */
  run(exhibit: ExhibitId, wrong: boolean, seed: number): Promise<MuseumRankResult>;
}

export interface MuseumRankResult {
  readonly rank: number;
  /** y `[tokens, hidden]` as this rank holds it, and as one rank computes it. */
  readonly values: Float32Array;
  readonly expected: Float32Array;
  readonly check: LayerCheck;
}
