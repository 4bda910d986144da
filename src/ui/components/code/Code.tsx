import { Fragment, type ReactNode } from 'react';
import { type TorchLine, textOf } from '#program/torch/line.ts';
import { ScrollRegion } from '../Panel.tsx';
import css from './code.module.css';
import { tokensOf } from './tokens.ts';

interface CodeProps<Line extends TorchLine> {
  readonly lines: readonly Line[];
  /** Whether the scrubber stands on it. */
  readonly isHere: (line: Line) => boolean;
  /** What is written below a line that is marked. */
  readonly noteOf?: (line: Line) => ReactNode;
}

/** A program in PyTorch. */
export function Code<Line extends TorchLine>({ lines, isHere, noteOf }: CodeProps<Line>) {
  return (
    <ScrollRegion className={css['code']} label="PyTorch program">
      <pre>
        {lines.map((line, index) => {
          const here = isHere(line);
          const note = noteOf?.(line);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of a program is known by its number
            <Fragment key={index}>
              <code
                data-here={here || undefined}
                data-mark={note !== undefined || undefined}
                aria-current={here ? 'step' : undefined}
              >
                <Tokens text={textOf(line)} />
                {'\n'}
              </code>
              {note !== undefined && (
                <span className={css['note']}>
                  {note}
                  {'\n'}
                </span>
              )}
            </Fragment>
          );
        })}
      </pre>
    </ScrollRegion>
  );
}

/** Python in its colours. */
export function Tokens({ text }: { readonly text: string }) {
  return tokensOf(text).map(({ kind, text: token }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a line never change places
    <span key={index} className={kind === 'plain' ? undefined : css[kind]}>
      {token}
    </span>
  ));
}
