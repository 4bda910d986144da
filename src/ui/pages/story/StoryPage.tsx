import { useEffect, useRef, useState } from 'react';
import { usePresenting, useScreenScale } from '../../shell/present.ts';
import { useHash } from '../../shell/usePageChange.ts';
import { ChapterNav } from './ChapterNav.tsx';
import { ChapterView, QUESTION } from './ChapterView.tsx';
import { CHAPTERS } from './chapters/index.ts';
import { EndCard } from './EndCard.tsx';
import { viewOf } from './place.ts';
import { Sheet } from './Sheet.tsx';
import css from './story.module.css';
import { storyStore, useStory } from './useStory.ts';

/** A lesson in nine chapters: a question, a prediction, and the ranks that answer. */
export function StoryPage() {
  const view = useHash(viewOf);
  return view === 'sheet' ? <Sheet /> : <Story />;
}

function Story() {
  useState(storyStore.open); // once, and before anything of the page is drawn
  const place = useStory((state) => state.place);
  const go = useStory((state) => state.go);
  const chapter = CHAPTERS[place.chapter];
  const presenting = usePresenting();
  const scale = useScreenScale();
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    // The button that led here is gone, and the next Tab is to go into the chapter.
    if (document.activeElement === document.body) document.getElementById(QUESTION)?.focus();
  }, [place]);
  useEffect(() => {
    // What a clicker sends: a chapter on, a chapter back.
    const onKey = (event: KeyboardEvent): void => {
      const by = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0;
      const next = place.chapter + by;
      if (by === 0 || next < 0 || next > CHAPTERS.length) return;
      event.preventDefault();
      go({ chapter: next, round: 1 });
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [place, go]);
  return (
    <div
      className={css['story']}
      style={presenting ? { zoom: scale } : undefined}
      data-present={presenting || undefined}
    >
      <ChapterNav />
      {chapter === undefined ? (
        <EndCard />
      ) : (
        <ChapterView key={`${chapter.id} ${place.round}`} chapter={chapter} />
      )}
    </div>
  );
}
