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
  useSyncExternalStore,
} from 'react';
import { type Stretch, stretchesOf, type TermId, termsIn } from './glossary.ts';
import { Stretches } from './Term.tsx';
import { TermPlaces } from './TermPlaces.ts';

const Places = createContext<TermPlaces>(new TermPlaces());

/** A page, on which each term is dotted once among its texts. */
export const DefinedOnce = Places.Provider;

/** A plain text; the terms that it has first on the page are defined in it. */
export function Defined({ text }: { readonly text: string }) {
  const { places, own } = usePlace();
  const found = useMemo(() => termsIn(text, new Set()), [text]);
  return <Stretches of={found.map((stretch) => shownAt(stretch, places, own))} />;
}

/** A text of the page: drawn again when another that is gone may have left it a term to define. */
function usePlace(): { readonly places: TermPlaces; readonly own: string } {
  const places = useContext(Places);
  const own = useId();
  useSyncExternalStore(places.subscribe, places.released);
  useEffect(() => () => places.release(own), [places, own]);
  return { places, own };
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
  const { places, own } = usePlace();
  const marked = useMemo(() => stretchesOf(text), [text]);
  places.take(termsOf(marked), own);
  const known = new Set(termsOf(marked));
  const all = marked.flatMap((stretch) =>
    typeof stretch === 'string' ? termsIn(stretch, known) : [stretch],
  );
  return <Stretches of={all.map((one) => (marked.includes(one) ? one : shownAt(one, places, own)))} />;
}

/** For texts that define their terms whatever stands elsewhere: the places below leave those out. */
export function useClaim(stretches: readonly Stretch[]): void {
  const { places, own } = usePlace();
  places.take(termsOf(stretches), own);
}

function termsOf(stretches: readonly Stretch[]): TermId[] {
  return stretches.flatMap((stretch) => (typeof stretch === 'string' ? [] : [stretch.term]));
}

function shownAt(stretch: Stretch, places: TermPlaces, own: string): Stretch {
  return typeof stretch === 'string' || places.claim(stretch.term, own) ? stretch : stretch.text;
}
