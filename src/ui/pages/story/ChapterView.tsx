import type { ComponentType } from 'react';
import { type Chapter, isComplete } from '#lab/story/chapter.ts';
import { Words } from '#ui/components/term/Defined.tsx';
import { Failure } from '#ui/page/Failure.tsx';
import { FieldView } from './FieldView.tsx';
import { BlockPicture } from './pictures/BlockPicture.tsx';
import { BugPicture } from './pictures/BugPicture.tsx';
import { OrderPicture } from './pictures/OrderPicture.tsx';
import { PairPicture } from './pictures/PairPicture.tsx';
import { PayPicture } from './pictures/PayPicture.tsx';
import { ProductPicture } from './pictures/ProductPicture.tsx';
import { RingOfStory } from './pictures/RingOfStory.tsx';
import { TooBigPicture } from './pictures/TooBigPicture.tsx';
import type { Slide } from './slides.ts';
import css from './story.module.css';
import { useStory } from './useStory.ts';
import { VerdictView } from './VerdictView.tsx';

/** The id of the chapter's heading. */
export const QUESTION = 'story-question';

interface ChapterViewProps {
  readonly chapter: Chapter;
  /** The half that is shown; null for both. */
  readonly slide: Slide | null;
}

/** A chapter on one screen: the question and the prediction at the left, the picture that answers at the right. */
export function ChapterView({ chapter, slide }: ChapterViewProps) {
  const number = useStory((state) => state.place.chapter) + 1;
  const ask = useStory((state) => state.ask);
  const phase = useStory((state) => state.phase);
  const Picture = pictureOf(chapter.id);
  return (
    <article
      className={css['chapter']}
      data-slide={slide ?? undefined}
      aria-busy={phase === 'preparing' || phase === 'running'}
    >
      <section className={`stack one-column gap-3 ${css['ask']}`} aria-label="The question">
        <p className={css['kicker']}>
          Chapter {number} · {chapter.title}
        </p>
        <h1 id={QUESTION} tabIndex={-1}>
          {ask?.question ?? chapter.title}
        </h1>
        {ask === null ? (
          phase !== 'failed' && (
            <p className={css['body']}>The ranks are computing what the question is about …</p>
          )
        ) : (
          <p className={css['body']}>
            <Words text={ask.body} />
          </p>
        )}
        {phase === 'failed' ? <Failed /> : phase === 'answered' ? <VerdictView /> : <Prediction />}
      </section>
      <section className={`stack one-column gap-3 ${css['picture']}`} aria-label="The picture">
        <Picture />
      </section>
    </article>
  );
}

function Prediction() {
  const ask = useStory((state) => state.ask);
  const answer = useStory((state) => state.answer);
  const phase = useStory((state) => state.phase);
  const submit = useStory((state) => state.submit);
  const stop = useStory((state) => state.stop);
  if (ask === null) return <div className={css['waiting']} aria-hidden="true" />;
  const running = phase === 'running';
  return (
    <form
      className={css['prediction']}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset disabled={running}>
        <legend className="visually-hidden">Your prediction</legend>
        {ask.fields.map((field) => (
          <FieldView key={field.key} field={field} />
        ))}
      </fieldset>
      <p className={`row middle gap-2 ${css['submit']}`}>
        <button
          type="submit"
          className={`primary ${css['primary']}`}
          disabled={running || !isComplete(ask, answer)}
        >
          {running ? 'The ranks compute …' : 'Run it on the ranks'}
        </button>
        {running && (
          <button type="button" className="ghost" onClick={stop}>
            Stop
          </button>
        )}
      </p>
    </form>
  );
}

function Failed() {
  const failure = useStory((state) => state.failure);
  const retry = useStory((state) => state.retry);
  return <Failure failure={failure} hasRun={false} onCpu={null} onRetry={retry} />;
}

/** The picture of each chapter, by its id. */
const PICTURES: ReadonlyMap<string, ComponentType> = new Map([
  ['too-big', TooBigPicture],
  ['columns', ProductPicture],
  ['rows', ProductPicture],
  ['all-reduce', RingOfStory],
  ['order', OrderPicture],
  ['pair', PairPicture],
  ['bug', BugPicture],
  ['block', BlockPicture],
  ['pay', PayPicture],
]);

function pictureOf(id: string): ComponentType {
  return PICTURES.get(id) ?? (() => null);
}
