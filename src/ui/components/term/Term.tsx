import { type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { GLOSSARY, type TermId, type TextPart } from './glossary.ts';
import { TermDrawing } from './TermDrawing.tsx';
import css from './term.module.css';

interface TermProps {
  readonly id: TermId;
  readonly children: ReactNode;
}

/** A word that is defined where it stands: on hover, focus and tap. */
export function Term({ id, children }: TermProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const tip = useId();
  return (
    <span
      onPointerEnter={(event) => event.pointerType === 'mouse' && setOpen(true)}
      onPointerLeave={(event) => event.pointerType === 'mouse' && setOpen(false)}
    >
      <button
        ref={button}
        type="button"
        className={css['term']}
        aria-describedby={open ? tip : undefined}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}
      >
        {children}
      </button>
      {open && <Tip id={tip} term={id} at={button} onClose={() => setOpen(false)} />}
    </span>
  );
}

interface TipProps {
  readonly id: string;
  readonly term: TermId;
  readonly at: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

const WIDTH = 296;
const EDGE = 8;

/** Below its word, or above it where there is no room; over everything, so that no panel cuts it off. */
function Tip({ id, term, at, onClose }: TipProps) {
  const tip = useRef<HTMLSpanElement>(null);
  const { word, means } = GLOSSARY[term];
  useLayoutEffect(() => {
    const word = at.current?.getBoundingClientRect();
    const box = tip.current;
    if (word === undefined || box === null) return;
    const below = word.bottom + box.offsetHeight + EDGE < innerHeight;
    box.style.top = `${below ? word.bottom : word.top - box.offsetHeight}px`;
    box.style.left = `${Math.max(EDGE, Math.min(word.left - 12, innerWidth - box.offsetWidth - EDGE))}px`;
  }, [at]);
  useEffect(() => {
    const outside = (event: Event): void => {
      const { target } = event;
      if (target instanceof Node && (at.current?.contains(target) || tip.current?.contains(target))) return;
      onClose();
    };
    addEventListener('pointerdown', outside);
    addEventListener('scroll', outside, { capture: true, passive: true });
    return () => {
      removeEventListener('pointerdown', outside);
      removeEventListener('scroll', outside, { capture: true });
    };
  }, [at, onClose]);
  return createPortal(
    <span ref={tip} role="tooltip" id={id} className={css['tip']} style={{ maxWidth: WIDTH }}>
      <span className={css['card']}>
        <TermDrawing term={term} />
        <span>
          <b>{word}</b> {means}
        </span>
      </span>
    </span>,
    document.getElementById('main') ?? document.body, // within the page's landmark
  );
}

/** What a sentence closes a word with. */
const CLOSING = /^[.,;:!?)”]+/;

/** A mark behind a term stays on the term's line: a button may be followed by a break, a word may not. */
export function TextParts({ of }: { readonly of: readonly TextPart[] }) {
  const closing = (index: number): string => {
    const [before, text] = [of[index - 1], of[index]];
    if (typeof before !== 'object' || typeof text !== 'string') return '';
    return CLOSING.exec(text)?.[0] ?? '';
  };
  return of.map((part, index) =>
    typeof part === 'string' ? (
      part.slice(closing(index).length)
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change places
      <span key={index} className={css['closed']}>
        <Term id={part.term}>{part.text}</Term>
        {closing(index + 1)}
      </span>
    ),
  );
}
