import type { ReadContext } from '#lab/model/state.ts';
import { counted } from '#ui/components/words.ts';
import { formatMs } from '#ui/format.ts';
import { Strip } from './SpentStrips.tsx';
import css from './token.module.css';

interface ReadStripsProps {
  readonly read: ReadContext;
  /** Whether it is all that stands before the text. */
  readonly isPrompt: boolean;
}

/** One bar a rank, of what had to be read before the token could be drawn: the prompt, or a text on other ranks. */
export function ReadStrips({ read: { tokens, spent }, isPrompt }: ReadStripsProps) {
  const most = Math.max(...spent.map(({ ms }) => ms));
  const shared = spent.some((own) => own.shared);
  return (
    <div className={`stack one-column gap-2 ${css['strips']}`} data-part="read">
      <h3>Before it, {whatOf(tokens, isPrompt)}</h3>
      {(shared ? spent.slice(0, 1) : spent).map((own, rank) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the index is the rank
        <Strip key={rank} rank={own.shared ? null : rank} spent={own} most={most} />
      ))}
      {tokens > 1 && (
        <p className="faint">{formatMs(most / tokens)} a token: together they go through each weight once.</p>
      )}
    </div>
  );
}

function whatOf(tokens: number, isPrompt: boolean): string {
  if (isPrompt) return `the prompt: ${counted(tokens, 'token')} at once`;
  return tokens === 1 ? 'the last token once more' : `the text so far: ${counted(tokens, 'token')} at once`;
}
