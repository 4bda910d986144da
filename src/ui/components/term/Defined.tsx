import {
  Children,
  cloneElement,
  createContext,
  Fragment,
  isValidElement,
  type ReactNode,
  useContext,
  useId,
  useLayoutEffect,
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
  const found = useMemo(() => termsIn(text, new Set()), [text]);
  const defined = useDefined(found, false);
  return <Stretches of={found.map((stretch) => shown(stretch, defined))} />;
}

/**
 * Those terms of a text that it is to define; see TermPlaces. The first drawing has none: the text is on the page only
 * then, and is drawn again before anybody sees it.
 * @param insists whether it defines them whatever stands elsewhere
 */
function useDefined(stretches: readonly Stretch[], insists: boolean): ReadonlySet<string> {
  const places = useContext(Places);
  const id = useId();
  useLayoutEffect(
    () => places.put(id, { terms: termsOf(stretches), insists }),
    [places, id, stretches, insists],
  );
  useLayoutEffect(() => () => places.remove(id), [places, id]);
  return new Set(useSyncExternalStore(places.subscribe, () => places.termsOf(id)).split(','));
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
  const marked = useMemo(() => stretchesOf(text), [text]);
  const others = useMemo(() => {
    const known = new Set(termsOf(marked));
    return marked.map((stretch) => (typeof stretch === 'string' ? termsIn(stretch, known) : null));
  }, [marked]);
  const found = useMemo(() => others.flatMap((stretches) => stretches ?? []), [others]);
  useDefined(marked, true);
  const defined = useDefined(found, false);
  const all = marked.flatMap((stretch, i) => others[i]?.map((other) => shown(other, defined)) ?? [stretch]);
  return <Stretches of={all} />;
}

/** For texts that define their terms whatever stands elsewhere: the places below leave those out. */
export function useClaim(stretches: readonly Stretch[]): void {
  useDefined(stretches, true);
}

function termsOf(stretches: readonly Stretch[]): TermId[] {
  return stretches.flatMap((stretch) => (typeof stretch === 'string' ? [] : [stretch.term]));
}

function shown(stretch: Stretch, defined: ReadonlySet<string>): Stretch {
  return typeof stretch === 'string' || defined.has(stretch.term) ? stretch : stretch.text;
}
