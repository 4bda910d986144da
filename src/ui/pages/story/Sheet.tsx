import { generate } from 'lean-qr';
import { useMemo } from 'react';
import { Defined } from '#ui/components/term/Defined.tsx';
import { CHAPTERS } from './chapters/index.ts';
import { hashOfPlace } from './place.ts';
import css from './sheet.module.css';

/** For a teacher to print: the nine questions on one sheet, without answers, each with a code that opens its chapter. */
export function Sheet() {
  return (
    <article className={css['sheet']}>
      <header>
        <h1>Tensor parallelism in nine questions</h1>
        <p>
          Predict first, on paper. Then scan the code: in your browser, ranks compute the answer, and “Again”
          gives other numbers.
        </p>
        <p className={css['actions']}>
          <button type="button" className="ghost" onClick={() => print()}>
            Print
          </button>
          <a className="ghost" href="#/story">
            Back to the story
          </a>
        </p>
      </header>
      <ol>
        {CHAPTERS.map(({ id, title, paper }, index) => {
          const hash = hashOfPlace({ chapter: index, round: 1, device: 'auto' });
          const url = new URL(hash, location.href).href;
          return (
            <li key={id}>
              <Code text={url} label={`Code that opens chapter ${index + 1}`} />
              <div>
                <h2>
                  {index + 1}. {title}
                </h2>
                <p>
                  <Defined text={paper} />
                </p>
              </div>
            </li>
          );
        })}
      </ol>
      <footer>{new URL('#/story', location.href).href}</footer>
    </article>
  );
}

/** Squares of quiet ground around a code, as ISO 18004 asks for. */
const QUIET = 4;

function Code({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => drawn(text), [text]);
  const side = size + 2 * QUIET;
  return (
    <svg
      className={css['code']}
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  );
}

function drawn(text: string): { size: number; path: string } {
  const code = generate(text);
  const squares: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) squares.push(`M${x} ${y}h1v1h-1z`);
  }
  return { size: code.size, path: squares.join('') };
}
