import { useEffect, useMemo, useRef, useState } from 'react';
import { DefinedOnce } from '#ui/components/term/Defined.tsx';
import { TermPlaces } from '#ui/components/term/TermPlaces.ts';
import { usePresenting, useScreenScale } from '../../shell/present.ts';
import { useHash } from '../../shell/usePageChange.ts';
import { ChapterNav } from './ChapterNav.tsx';
import { ChapterView, QUESTION } from './ChapterView.tsx';
import { CHAPTERS } from './chapters/index.ts';
import { EndCard } from './EndCard.tsx';
import { viewOf } from './place.ts';
import room from './room.module.css';
import { Sheet } from './Sheet.tsx';
import { SLIDES, type Slide, useSlides } from './slides.ts';
import css from './story.module.css';
import { storyStore, useStory } from './useStory.ts';

/** A lesson in nine chapters: a question, a prediction, and the ranks that answer. */
export function StoryPage() {
  const view = useHash(viewOf);
  return view === 'sheet' ? <Sheet /> : <Story />;
}

/** For a room: what is 12 px here is 20 on the smallest screen. */
const ENLARGED = 5 / 3;

function Story() {
  useState(storyStore.open); // once, and before anything of the page is drawn
  const place = useStory((state) => state.place);
  const chapter = CHAPTERS[place.chapter];
  const presenting = usePresenting();
  const scale = useScreenScale();
  const { slide, show } = useSlides(presenting);
  // A chapter is a page of its own, for who comes by its link: it defines its words whatever the one before did.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place, another page
  const words = useMemo(() => new TermPlaces(), [place]);
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    // The button that led here is gone, and the next Tab is to go into the chapter.
    if (document.activeElement === document.body) document.getElementById(QUESTION)?.focus();
  }, [place]);
  return (
    <div
      className={
        presenting ? `stack one-column gap-2 ${room['room']}` : `stack one-column gap-3 ${css['story']}`
      }
      style={presenting ? { zoom: ENLARGED * scale } : undefined}
    >
      <div className={slide === null ? undefined : room['top']}>
        <ChapterNav />
        {slide !== null && <SlideSwitch slide={slide} onShow={show} />}
      </div>
      {chapter === undefined ? (
        <EndCard />
      ) : (
        <DefinedOnce value={words}>
          <ChapterView key={`${chapter.id} ${place.round}`} chapter={chapter} slide={slide} />
        </DefinedOnce>
      )}
    </div>
  );
}

interface SlideSwitchProps {
  readonly slide: Slide;
  readonly onShow: (slide: Slide) => void;
}

function SlideSwitch({ slide, onShow }: SlideSwitchProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent, and this only shows
    <div className={room['slides']} role="group" aria-label="Slide, by Page Down and Page Up too">
      {SLIDES.map((one) => (
        <button key={one} type="button" aria-pressed={one === slide} onClick={() => onShow(one)}>
          {one === 'question' ? 'Question' : 'Picture'}
        </button>
      ))}
    </div>
  );
}
