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
import { type TermId, type TextPart, termsIn, textPartsOf } from './glossary.ts';
import { TextParts } from './Term.tsx';
import { TermPlaces } from './TermPlaces.ts';

const Places = createContext<TermPlaces>(new TermPlaces());

/** A page, on which each term is dotted once among its texts. */
export const DefinedOnce = Places.Provider;

/** A plain text; the terms that it has first on the page are defined in it. */
export function Defined({ text }: { readonly text: string }) {
  const found = useMemo(() => termsIn(text, new Set()), [text]);
  const defined = useDefined(found, false);
  return <TextParts of={found.map((part) => shown(part, defined))} />;
}

/**
 * Those terms of a text that it is to define; see TermPlaces. The first drawing has none: the text is on the page only
 * then, and is drawn again before anybody sees it.
 * @param insists whether it defines them whatever stands elsewhere
 */
function useDefined(parts: readonly TextPart[], insists: boolean): ReadonlySet<string> {
  const places = useContext(Places);
  const id = useId();
  useLayoutEffect(() => places.put(id, { terms: termsOf(parts), insists }), [places, id, parts, insists]);
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

/** A text in which terms are marked, see {@link textPartsOf}, and any others are defined where the page first has them. */
export function Words({ text }: { readonly text: string }) {
  const marked = useMemo(() => textPartsOf(text), [text]);
  const others = useMemo(() => {
    const known = new Set(termsOf(marked));
    return marked.map((part) => (typeof part === 'string' ? termsIn(part, known) : null));
  }, [marked]);
  const found = useMemo(() => others.flatMap((parts) => parts ?? []), [others]);
  useDefined(marked, true);
  const defined = useDefined(found, false);
  const all = marked.flatMap((part, i) => others[i]?.map((other) => shown(other, defined)) ?? [part]);
  return <TextParts of={all} />;
}

/** For texts that define their terms whatever stands elsewhere: the places below leave those out. */
export function useClaim(parts: readonly TextPart[]): void {
  useDefined(parts, true);
}

function termsOf(parts: readonly TextPart[]): TermId[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [part.term]));
}

function shown(part: TextPart, defined: ReadonlySet<string>): TextPart {
  return typeof part === 'string' || defined.has(part.term) ? part : part.text;
}
