import css from './clock.module.css';
import type { Kind } from './stretch.ts';

const KINDS: readonly Kind[] = ['upload', 'product', 'readback', 'light', 'copy', 'wait'];

export function Legend({ words }: { readonly words: Readonly<Record<Kind, string>> }) {
  return (
    <ul className={css['legend']}>
      {KINDS.map((kind) => (
        <li key={kind}>
          <svg width="14" height="12" aria-hidden="true">
            <rect
              className={css[`bar-${kind}`]}
              x="1"
              y={kind === 'wait' ? 4 : 1}
              width="12"
              height={kind === 'wait' ? 4 : 10}
              rx="3"
            />
          </svg>
          {words[kind]}
        </li>
      ))}
    </ul>
  );
}
