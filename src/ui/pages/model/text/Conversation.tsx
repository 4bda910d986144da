import { type KeyboardEvent, type MouseEvent, memo, useEffect, useRef } from 'react';
import { lastPlace } from '#lab/model/conversation.ts';
import type { ShownToken, TokenPlace, Turn } from '#lab/model/state.ts';
import { useLookedPlace, useModel } from '../useModel.ts';
import css from './text.module.css';

interface ConversationProps {
  /** Whether another model, or other ranks, are on their way. */
  readonly stale: boolean;
}

/** All turns, token by token: each can be pointed at, or reached by the arrow keys. */
export function Conversation({ stale }: ConversationProps) {
  const turns = useModel((state) => state.turns);
  const isTalk = useModel((state) => state.folder?.chatTemplate != null);
  const end = useRef<HTMLDivElement>(null);
  useFollow(end);
  return (
    <div className={css['conversation']} ref={end} data-part="conversation" data-stale={stale || undefined}>
      {turns.map((turn, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: turns never change places
        <TurnView key={index} turn={turn} index={index} isTalk={isTalk} />
      ))}
    </div>
  );
}

interface TurnViewProps {
  readonly turn: Turn;
  readonly index: number;
  readonly isTalk: boolean;
}

function TurnView({ turn, index, isTalk }: TurnViewProps) {
  const given = turn.given.map(({ text }) => text).join('');
  return (
    <div className={css['turn']} data-talk={isTalk || undefined}>
      {isTalk && <p className={css['asked']}>{turn.prompt}</p>}
      <p className={css['text']}>
        {!isTalk && <span className="ink3">{given}</span>}
        <Tokens turn={turn} index={index} />
      </p>
      {turn.ending !== null && <EndOf turn={turn} />}
    </div>
  );
}

const ENDINGS = {
  count: 'as many tokens as were asked for',
  'stop token': 'the model said that it is done',
  'stop word': 'a stop word came',
  context: 'there is no room for more',
  stopped: 'stopped',
} as const;

function EndOf({ turn: { ending } }: { readonly turn: Turn }) {
  return ending !== null && <p className={css['ending']}>{ENDINGS[ending]}</p>;
}

/** The tokens that the model wrote, as a list of which one is looked at. */
function Tokens({ turn, index }: Omit<TurnViewProps, 'isTalk'>) {
  const look = useModel((state) => state.look);
  const pinned = useModel((state) => state.pinned);
  const place = useLookedPlace();
  const at = place?.turn === index ? place.index : null;
  if (turn.tokens.length === 0) return null;
  const go = (to: number, pin: boolean): void => {
    look({ turn: index, index: Math.max(0, Math.min(turn.tokens.length - 1, to)) }, pin);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = keyed(event.key, at ?? turn.tokens.length - 1, turn.tokens.length);
    if (to === undefined) return;
    event.preventDefault();
    if (to === null) look(null);
    else go(to, true);
  };
  return (
    <span
      role="listbox"
      aria-label="Tokens that the model wrote"
      tabIndex={0}
      aria-activedescendant={at === null ? undefined : idOf({ turn: index, index: at })}
      onKeyDown={onKeyDown}
      onPointerOver={(event) => pointed(event, (token) => go(token, false))}
      // Else the way from a token to what stands below about it leads over others.
      onClick={(event) => pointed(event, (token) => (pinned && token === at ? look(null) : go(token, true)))}
      data-pinned={(pinned && at !== null) || undefined}
      className={css['tokens']}
    >
      {turn.tokens.map((token, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a token is known by its place
        <Token key={i} token={token} turn={index} index={i} looked={i === at} />
      ))}
    </span>
  );
}

interface TokenProps extends TokenPlace {
  readonly token: ShownToken;
  readonly looked: boolean;
}

const Token = memo(({ token, turn, index, looked }: TokenProps) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which option is active
  <span
    role="option"
    id={idOf({ turn, index })}
    aria-selected={looked}
    data-token={index}
    data-chosen={token.chosen || undefined}
    className={css['token']}
  >
    {token.text}
  </span>
));
Token.displayName = 'Token';

function idOf({ turn, index }: TokenPlace): string {
  return `token-${turn}-${index}`;
}

function pointed(event: MouseEvent, go: (token: number) => void): void {
  const { target } = event;
  const token = target instanceof HTMLElement ? target.dataset['token'] : undefined;
  if (token !== undefined) go(Number(token));
}

/** Where a key leads; null lets go; undefined where it means nothing here. */
function keyed(key: string, at: number, count: number): number | null | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowUp':
      return at - 1;
    case 'ArrowRight':
    case 'ArrowDown':
      return at + 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}

/** Keeps the end of the text in sight while it grows, unless somebody has scrolled up. */
function useFollow(ref: { readonly current: HTMLElement | null }): void {
  const turns = useModel((state) => state.turns);
  const writing = useModel(({ doing }) => doing === 'writing');
  const last = lastPlace(turns);
  const length = last === null ? 0 : last.index;
  const sticks = useRef(true);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const onScroll = (): void => {
      sticks.current = element.scrollTop + element.clientHeight >= element.scrollHeight - 24;
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [ref]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is added
  useEffect(() => {
    if (writing && sticks.current) ref.current?.scrollTo({ top: ref.current.scrollHeight });
  }, [length, writing]);
}
