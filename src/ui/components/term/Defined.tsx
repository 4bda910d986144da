import { createContext, useContext, useEffect, useId, useMemo } from 'react';
import { type Stretch, stretchesOf, type TermId, termsIn } from './glossary.ts';
import { Stretches } from './Term.tsx';

/** Which place of a page defines each term: the first that had it. */
const Places = createContext<Map<TermId, string> | null>(null);

/** A page, on which each term is dotted once among its plain texts. */
export const DefinedOnce = Places.Provider;

/** A plain text; the terms that it has first on the page are defined in it. */
export function Defined({ text }: { readonly text: string }) {
  const places = useContext(Places);
  const own = useId();
  const found = useMemo(() => termsIn(text, new Set()), [text]);
  useEffect(
    () => () => {
      for (const [term, place] of places ?? []) if (place === own) places?.delete(term);
    },
    [places, own],
  );
  return <Stretches of={found.map((stretch) => shownAt(stretch, places, own))} />;
}

/** A text in which terms are marked: see {@link stretchesOf}. */
export function Words({ text }: { readonly text: string }) {
  const stretches = useMemo(() => stretchesOf(text), [text]);
  useClaim(stretches);
  return <Stretches of={stretches} />;
}

/** For texts that define their terms whatever stands elsewhere: the places below leave those out. */
export function useClaim(stretches: readonly Stretch[]): void {
  const places = useContext(Places);
  for (const stretch of stretches) if (typeof stretch !== 'string') places?.set(stretch.term, 'lead');
}

/** To claim a term twice changes nothing, so that it may be done while rendering. */
function shownAt(stretch: Stretch, places: Map<TermId, string> | null, own: string): Stretch {
  if (typeof stretch === 'string' || places === null) return stretch;
  const place = places.get(stretch.term) ?? own;
  places.set(stretch.term, place);
  return place === own ? stretch : stretch.text;
}
