/** MathML from short strings: letters are variables, digits numbers, the rest operators. React's types have no MathML. */

import { createElement, type ReactElement, type ReactNode } from 'react';

/** A string of symbols, or something already built. */
type Part = string | ReactElement;

/** A whole formula. `spoken` is what a screen reader says that does not read MathML. */
export function formula(spoken: string, ...parts: Part[]): ReactElement {
  return createElement('math', { display: 'block', 'aria-label': spoken }, row(...parts));
}

export function row(...parts: Part[]): ReactElement {
  return createElement('mrow', null, ...parts.flatMap(built));
}

export function sub(base: string, index: string): ReactElement {
  return createElement('msub', null, row(base), row(index));
}

export function sup(base: string, exponent: string): ReactElement {
  return createElement('msup', null, row(base), row(exponent));
}

export function frac(above: string, below: string): ReactElement {
  return createElement('mfrac', null, row(above), row(below));
}

export function words(text: string): ReactElement {
  return createElement('mtext', null, text);
}

/** Something above or below a sum: its range. */
export function under(base: Part, below: string): ReactElement {
  return createElement('munder', null, row(base), row(below));
}

function built(part: Part): ReactNode[] {
  if (typeof part !== 'string') return [part];
  return (part.match(/\p{L}|\d+| +|[^\s]/gu) ?? []).map((symbol) => {
    if (/^\s/.test(symbol)) return createElement('mspace', { width: '1em' });
    if (/^\p{L}/u.test(symbol)) return createElement('mi', null, symbol);
    if (/^\d/.test(symbol)) return createElement('mn', null, symbol);
    // A bar means a magnitude here: it stands close to what it encloses, and no taller than a letter.
    const bar = { stretchy: 'false', lspace: '0.08em', rspace: '0.08em' };
    return createElement('mo', symbol === '|' ? bar : null, symbol);
  });
}
