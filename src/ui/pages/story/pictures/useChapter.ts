/** What the chapter that is shown was given, and what its ranks found; each null where it is not there yet. */

import type { Answer, Chapter } from '#lab/story/chapter.ts';
import type { StoryPhase } from '#lab/story/store.ts';
import { useStory } from '../useStory.ts';

export interface Shown<Given, Before, Found> {
  readonly phase: StoryPhase;
  readonly answer: Answer;
  readonly given: Given | null;
  readonly before: Before | null;
  readonly found: Found | null;
}

/** @param _chapter says of which types they are: a picture is drawn for its own chapter alone */
export function useChapter<Given, Before, Found>(
  _chapter: Chapter<Given, Before, Found>,
): Shown<Given, Before, Found> {
  const phase = useStory((state) => state.phase);
  const answer = useStory((state) => state.answer);
  const given = useStory((state) => state.given) as Given | null;
  const before = useStory((state) => state.before) as Before | null;
  const found = useStory((state) => state.found) as Found | null;
  return { phase, answer, given, before, found };
}

/** Whether the ranks have computed what the question is about. */
export function isAsked(phase: StoryPhase): boolean {
  return phase === 'asking' || phase === 'answered';
}
