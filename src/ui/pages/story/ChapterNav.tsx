import { CHAPTERS } from './chapters/index.ts';
import css from './nav.module.css';
import { useStory } from './useStory.ts';

/** The chapters in a row: where one is, and what was right. */
export function ChapterNav() {
  const place = useStory((state) => state.place);
  const progress = useStory((state) => state.progress);
  const go = useStory((state) => state.go);
  return (
    <nav aria-label="Chapters" className={css['chapters']}>
      <ol>
        {CHAPTERS.map(({ id, title }, index) => {
          const answered = progress[id];
          const state = answered === undefined ? 'open' : answered.right ? 'right' : 'wrong';
          const words = { open: 'not answered yet', right: 'answered right', wrong: 'answered wrong' }[state];
          return (
            <li key={id}>
              <button
                type="button"
                data-state={state}
                aria-current={index === place.chapter ? 'step' : undefined}
                aria-label={`Chapter ${index + 1}, ${title}, ${words}`}
                title={title}
                onClick={() => go({ chapter: index, round: 1 })}
              >
                <b>{index + 1}</b>
                <span>{title}</span>
                {state !== 'open' && <i aria-hidden="true">{state === 'right' ? '✓' : '✗'}</i>}
              </button>
            </li>
          );
        })}
        <li>
          <button
            type="button"
            aria-current={place.chapter === CHAPTERS.length ? 'step' : undefined}
            onClick={() => go({ chapter: CHAPTERS.length, round: 1 })}
          >
            End
          </button>
        </li>
      </ol>
    </nav>
  );
}
