/** What was measured before anybody came: kernels by adapter, until a visitor's own machine has measured its own. */

import type { ShapeClass } from './shapeClass.ts';

export interface ShippedTable {
  /** Stands in what the adapter says of itself. */
  readonly adapter: string;
  readonly linear: Readonly<Partial<Record<ShapeClass, { readonly variant: string }>>>;
}

/**
 * NVIDIA H200, Chromium 156, a search over 148 tiles with timestamps. TFLOP/s of the tile that is named, and of the next:
 * 512³ 17.0 (16.4 by 32 × 64); 1024³ 35.0 (34.0 by 64 × 128); 2048³ 42.2 (41.6 by 128 × 128); 4096³ 42.9 (42.5);
 * 512×2048×8192 40.9 (40.6); 256×4096×4096 35.4 (35.2 by 64 × 128); 128×4096×4096 32.2 (23.4 by 32 × 32);
 * 64×2048×8192 31.0 (22.9 by 32 × 32); 32×2048×8192 19.2 (15.5 by 64 × 64); 16×2048×8192 9.7 (6.4 by 32 × 64).
 */
const H200: ShippedTable = {
  adapter: 'NVIDIA H200',
  linear: {
    '512x512x512': { variant: 'tiles-32' },
    '1024x1024x1024': { variant: 'tiles-64' },
    '2048x2048x2048': { variant: 'tiles-256' },
    '4096x4096x4096': { variant: 'tiles-256' },
    '512x2048x8192': { variant: 'tiles-256' },
    '256x4096x4096': { variant: 'tiles-64' },
    '128x4096x4096': { variant: 'tiles-64' },
    '64x2048x8192': { variant: 'tiles-64' },
    '32x2048x8192': { variant: 'tiles-32' },
    '16x2048x8192': { variant: 'tiles-32' },
  },
};

const SHIPPED: readonly ShippedTable[] = [H200];

/** Null where none ships for such an adapter. */
export function shippedFor(adapter: string): ShippedTable | null {
  return SHIPPED.find((table) => adapter.includes(table.adapter)) ?? null;
}
