import { Prose } from '#ui/components/term/Defined.tsx';
import css from './flowKey.module.css';
import { Glyph } from './NodeView.tsx';

/** How the boxes are read. */
export function FlowKey({ ranks }: { readonly ranks: number }) {
  return (
    <Prose>
      <ul className={`row faint unmarked ${css['key']}`}>
        <li>
          <i data-look="sharded" data-rank="0" /> a rank’s own shard
        </li>
        {ranks > 1 && (
          <li>
            <i data-look="partial" data-rank="0" /> partial: to be summed
          </li>
        )}
        <li>
          <i data-look="whole" /> the same on every rank
        </li>
        <li>
          <Glyph placement={{ kind: 'sharded', dim: 0 }} /> weight, cut along dim 0 (out)
        </li>
        <li>
          <Glyph placement={{ kind: 'sharded', dim: 1 }} /> along dim 1 (in)
        </li>
        <li>
          <Glyph placement={{ kind: 'replicated' }} /> whole
        </li>
      </ul>
    </Prose>
  );
}
