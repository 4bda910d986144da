/** The turns of a conversation, as they grow. A text that is not a talk has one. */

import type { Spent } from '../../protocol.ts';
import type { ShownToken, TokenPlace, Turn } from './state.ts';
import type { Message, TextToken } from './text.ts';
import type { TextAway } from './textAway.ts';

/** A turn that nothing has been written of yet. */
export function turnOf(prompt: string, given: readonly TextToken[]): Turn {
  return {
    prompt,
    asked: null,
    context: given.map(({ id }) => id),
    given: given.map(({ id, text }) => tokenOf(id, text)),
    tokens: [],
    ending: null,
    figures: null,
  };
}

/** A token that nobody drew. */
export function tokenOf(id: number, text: string, chosen = false): ShownToken {
  return { id, text, candidates: [], spent: [], read: null, chosen };
}

/** What the model wrote in a turn. */
export function textOf({ tokens }: Turn): string {
  return tokens.map(({ text }) => text).join('');
}

/** A talk so far, and what is said next. */
export function messagesOf(turns: readonly Turn[], next: string): Message[] {
  const before = turns.flatMap((turn): Message[] => [
    { role: 'user', content: turn.prompt },
    { role: 'assistant', content: textOf(turn).trim() },
  ]);
  return [...before, { role: 'user', content: next }];
}

/** All tokens up to the end of the last turn: what a text that goes on has behind it. */
export function contextOf(turns: readonly Turn[]): number[] {
  const last = turns.at(-1);
  return last === undefined ? [] : [...last.context, ...last.tokens.map(({ id }) => id)];
}

/** With more of the last turn. */
export function grown(
  turns: readonly Turn[],
  tokens: readonly ShownToken[],
  patch: Partial<Pick<Turn, 'asked' | 'ending' | 'figures'>> = {},
): Turn[] {
  const last = turns.at(-1);
  if (last === undefined) return [];
  return [...turns.slice(0, -1), { ...last, ...patch, tokens: [...last.tokens, ...tokens] }];
}

/** With what the pass of the last token took, which somebody chose. */
export function withChosenRun(turns: readonly Turn[], spent: readonly Spent[]): Turn[] {
  return withLast(turns, () => ({ spent }));
}

/** With the rest of the last token's text. */
export function withRest(turns: readonly Turn[], rest: string): Turn[] {
  return rest === '' ? [...turns] : withLast(turns, ({ text }) => ({ text: text + rest }));
}

/** With something of the last token changed, where there is one. */
function withLast(turns: readonly Turn[], change: (token: ShownToken) => Partial<ShownToken>): Turn[] {
  const turn = turns.at(-1);
  const token = turn?.tokens.at(-1);
  if (turn === undefined || token === undefined) return [...turns];
  const tokens = [...turn.tokens.slice(0, -1), { ...token, ...change(token) }];
  return [...turns.slice(0, -1), { ...turn, tokens }];
}

/** Whether the last token was chosen, and has not been run since. */
export function endsInChosen(turns: readonly Turn[]): boolean {
  const last = turns.at(-1)?.tokens.at(-1);
  return last?.chosen === true && last.spent.length === 0;
}

/** A stop word that ended the text is no part of it; it is again, where the text goes on behind it. */
export async function withStopWord(turns: readonly Turn[], text: Pick<TextAway, 'parts'>): Promise<Turn[]> {
  const last = turns.at(-1);
  if (last?.ending !== 'stop word') return [...turns];
  const ids = last.tokens.map(({ id }) => id);
  const parts = await text.parts(ids, last.context);
  const tokens = last.tokens.map((token, i) => ({ ...token, text: parts[i] ?? token.text }));
  return [...turns.slice(0, -1), { ...last, tokens }];
}

/** Up to a token, which another takes the place of; what came behind it is gone. */
export function replaced(
  turns: readonly Turn[],
  { turn, index }: TokenPlace,
  id: number,
  text: string,
): Turn[] {
  const changed = turns[turn];
  const before = changed?.tokens[index];
  if (changed === undefined || before === undefined) return [...turns];
  const { candidates, read } = before;
  const chosen = { ...tokenOf(id, text, true), candidates, read };
  return [
    ...turns.slice(0, turn),
    { ...changed, tokens: [...changed.tokens.slice(0, index), chosen], ending: null },
  ];
}

/** The token at a place; null where there is none. */
export function tokenAt(turns: readonly Turn[], { turn, index }: TokenPlace): ShownToken | null {
  return turns[turn]?.tokens[index] ?? null;
}

/** The last token that was written; null where none was. */
export function lastPlace(turns: readonly Turn[]): TokenPlace | null {
  const turn = turns.findLastIndex(({ tokens }) => tokens.length > 0);
  return turn < 0 ? null : { turn, index: (turns[turn]?.tokens.length ?? 1) - 1 };
}
