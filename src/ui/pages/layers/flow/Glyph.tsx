import type { Placement } from '#program/program.ts';
import css from './glyph.module.css';

/** Along which dimension a weight is cut: a row of it marked for dim 0, a column for dim 1, all of it where it is whole. */
export function Glyph({ placement }: { readonly placement: Placement }) {
  return (
    <i
      className={css['glyph']}
      data-cut={placement.kind === 'sharded' ? placement.dim : undefined}
      aria-hidden="true"
    />
  );
}
