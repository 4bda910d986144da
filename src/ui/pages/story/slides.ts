/** For a room a chapter is two slides, so that each can be read from the last row. */

import { useEffect, useState } from 'react';
import type { Place } from '#lab/story/store.ts';
import { CHAPTERS } from './chapters/index.ts';
import { useStory } from './useStory.ts';

export const SLIDES = ['question', 'picture'] as const;
export type Slide = (typeof SLIDES)[number];

interface Slides {
  /** Null: both halves stand beside each other. */
  readonly slide: Slide | null;
  readonly show: (slide: Slide) => void;
}

/** The slide of the chapter that is shown; Page Down and Page Up, which are what a clicker sends, go on and back. */
export function useSlides(presenting: boolean): Slides {
  const place = useStory((state) => state.place);
  const go = useStory((state) => state.go);
  const [at, setAt] = useState<{ readonly place: Place; readonly slide: Slide }>({
    place,
    slide: 'question',
  });
  const halves = presenting && place.chapter < CHAPTERS.length;
  const slide = !halves ? null : at.place === place ? at.slide : 'question'; // each chapter begins with its question
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const by = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
      if (by === 0) return;
      const to = neighbour(place, slide, by);
      if (to === null) return;
      event.preventDefault();
      if (to.chapter !== place.chapter) go({ chapter: to.chapter, round: 1 });
      else setAt({ place, slide: to.slide });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [place, slide, go]);
  return { slide, show: (next) => setAt({ place, slide: next }) };
}

/** Null at both ends of the story. */
function neighbour(
  { chapter }: Pick<Place, 'chapter'>,
  slide: Slide | null,
  by: 1 | -1,
): { readonly chapter: number; readonly slide: Slide } | null {
  if (slide === 'question' && by === 1) return { chapter, slide: 'picture' };
  if (slide === 'picture' && by === -1) return { chapter, slide: 'question' };
  const next = chapter + by;
  return next < 0 || next > CHAPTERS.length ? null : { chapter: next, slide: 'question' };
}
