/** What a rank keeps of a layer in PyTorch: its part of each whole weight, which has the name of the checkpoint. */

import type { Range } from '../../numerics/ranges.ts';
import { rangesOf } from '../cuts.ts';
import type { Part, Program, Stored, Value } from '../program.ts';
import { byRank, cutText, type Use } from './python.ts';

/** The sizes of each whole weight but those of experts. */
export function wholeWeights({ storage, worldSize }: Program): ReadonlyMap<string, readonly number[]> {
  const sizes = new Map<string, readonly number[]>();
  for (const stored of storage) {
    if (stored.kind !== 'weight' || stored.perExpert) continue;
    for (let rank = 0; rank < worldSize; rank++) {
      for (const { name, rows, cols } of stored.parts(rank)) {
        const [out = 0, into = 0] = sizes.get(name) ?? [];
        const ends = [Math.max(out, rows.end), Math.max(into, cols?.end ?? 0)];
        sizes.set(name, cols === null ? ends.slice(0, 1) : ends);
      }
    }
  }
  return sizes;
}

/** @throws Error where nothing says what a table is in PyTorch */
export function storedText(program: Program, stored: Stored, use: Use): string {
  const { value } = stored;
  switch (stored.kind) {
    case 'cache':
      return `torch.zeros(${value.shapes[0]?.[0]}, ${byRank(value.shapes.map(([, width = 0]) => width))})`;
    case 'table':
      if (stored.torch === null) throw new Error(`${value.id} has no PyTorch`);
      return cutOfValue(value, stored.torch(use), use);
    case 'weight':
      if (stored.perExpert) return `[weights[${expertName(value)}] for e in self.experts]`;
      return stored.arrange === null
        ? partsText(program, stored.parts, use)
        : cutOfValue(value, stored.arrange.torch(named(stored.parts(0)[0])), use);
    default:
      return stored satisfies never;
  }
}

/** The name of a weight of expert e. */
export function expertName({ id }: Value): string {
  return `f"${id.replace('*', '{e}')}"`;
}

/** A rank's experts, of all that it could choose from. */
export function expertsText(experts: readonly Range[], use: Use): string {
  const count = Math.max(...experts.map(({ end }) => end));
  return `${cutText(use, `torch.arange(${count})`, experts, 0, count)}.tolist()`;
}

/** The rank's range of the whole, along the dimension in which the value is sharded. */
export function cutOfValue({ placement, cut, shapes }: Value, whole: string, use: Use): string {
  if (placement.kind !== 'sharded' || cut === null) return whole;
  const units = rangesOf({ ...cut, width: 1 });
  const width = (shapes[0]?.[placement.dim] ?? 0) / ((units[0]?.end ?? 0) - (units[0]?.start ?? 0) || 1);
  const ranges = units.map(({ start, end }) => ({ start: start * width, end: end * width }));
  return cutText(use, whole, ranges, placement.dim, Math.max(...ranges.map(({ end }) => end)));
}

/** One below the other, where the rank's part lies in several places. */
function partsText(program: Program, parts: (rank: number) => readonly Part[], use: Use): string {
  const ranks = Array.from({ length: program.worldSize }, (_, rank) => parts(rank));
  const sizes = wholeWeights(program);
  const texts = (ranks[0] ?? []).map((part, i) => {
    const [out = 0, into = 0] = sizes.get(part.name) ?? [];
    const along = (of: (part: Part) => Range | null) =>
      ranks.map((own) => own[i] && of(own[i])).map((range) => range ?? { start: 0, end: 0 });
    const rows = cutText(
      use,
      named(part),
      along(({ rows }) => rows),
      0,
      out,
    );
    return part.cols === null
      ? rows
      : cutText(
          use,
          rows,
          along(({ cols }) => cols),
          1,
          into,
        );
  });
  return texts.length === 1 ? (texts[0] ?? '') : `torch.cat((${texts.join(', ')}))`;
}

function named(part: Part | undefined): string {
  return `weights["${part?.name}"]`;
}
