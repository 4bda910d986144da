import {
  Children,
  cloneElement,
  createContext,
  Fragment,
  isValidElement,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useMemo,
} from 'react';
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
  useForget(places, own);
  return <Stretches of={found.map((stretch) => shownAt(stretch, places, own))} />;
}

/** Once a text is gone, another may define what it did. */
function useForget(places: Map<TermId, string> | null, own: string): void {
  useEffect(
    () => () => {
      for (const [term, place] of places ?? []) if (place === own) places?.delete(term);
    },
    [places, own],
  );
}

/** Paragraphs, lists, tables: what is text in them is as in {@link Defined}, but for code and what can be pressed. */
export function Prose({ children }: { readonly children: ReactNode }): ReactNode {
  return Children.map(children, (child) => {
    if (typeof child === 'string') return <Defined key={child} text={child} />;
    if (!isValidElement<{ readonly children?: ReactNode }>(child)) return child;
    const inside = child.type === Fragment || (typeof child.type === 'string' && !LEFT_ALONE.has(child.type));
    return inside ? cloneElement(child, {}, <Prose>{child.props.children}</Prose>) : child;
  });
}

const LEFT_ALONE: ReadonlySet<string> = new Set(['a', 'button', 'code', 'summary', 'svg', 'math']);

/** A text in which terms are marked, see {@link stretchesOf}, and any others are defined where the page first has them. */
export function Words({ text }: { readonly text: string }) {
  const places = useContext(Places);
  const own = useId();
  const marked = useMemo(() => stretchesOf(text), [text]);
  useClaim(marked);
  useForget(places, own);
  const known = new Set(marked.flatMap((stretch) => (typeof stretch === 'string' ? [] : [stretch.term])));
  const all = marked.flatMap((stretch) =>
    typeof stretch === 'string' ? termsIn(stretch, known) : [stretch],
  );
  return <Stretches of={all.map((one) => (marked.includes(one) ? one : shownAt(one, places, own)))} />;
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
