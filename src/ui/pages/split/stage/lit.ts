/** Which cells of each drawn matrix light up for the element that is pointed at. */

import type { Block } from '#numerics/matrix.ts';
import { spanOf } from './axis.ts';
import type { Dependency } from './dependencies.ts';
import type { Plate } from './layout.ts';

/** Pixels inside a plate. */
export interface LitBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function litBox(plate: Plate, dependencies: readonly Dependency[]): LitBox | null {
  const dependency = dependencies[plate.product];
  if (dependency === undefined) return null;
  const { rows, cols } = litBlock(plate, dependency);
  const across = spanOf(plate.cols, cols);
  const down = spanOf(plate.rows, rows);
  if (across === null || down === null) return null;
  return { x: across.at, y: down.at, width: across.size, height: down.size };
}

/** In the rows and columns that are drawn. */
function litBlock(plate: Plate, dependency: Dependency): Block {
  switch (plate.kind) {
    case 'input':
      return dependency.x;
    case 'weight':
      return plate.turned ? { rows: dependency.w.cols, cols: dependency.w.rows } : dependency.w;
    case 'product':
    case 'partial':
    case 'output':
      return dependency.y;
    default:
      return plate.kind satisfies never;
  }
}
