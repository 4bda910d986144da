import css from './clock.module.css';
import { KIND_WORDS, type SpanKind } from './spanKind.ts';

const KINDS: readonly SpanKind[] = ['upload', 'gemm', 'readback', 'bias', 'copy', 'wait'];

export function Legend() {
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
          {KIND_WORDS[kind]}
        </li>
      ))}
    </ul>
  );
}
