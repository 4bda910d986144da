import { useEffect, useRef } from 'react';
import { isRight } from '#lab/story/chapter.ts';
import { Words } from '#ui/components/term/Defined.tsx';
import { PageLink } from '../../shell/PageLink.tsx';
import { CHAPTERS } from './chapters/index.ts';
import css from './story.module.css';
import { useStory } from './useStory.ts';

/** What was predicted beside what the ranks measured, and why it is so. */
export function VerdictView() {
  const verdict = useStory((state) => state.verdict);
  const chapter = useStory((state) => state.place.chapter);
  const again = useStory((state) => state.again);
  const go = useStory((state) => state.go);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []); // the button that was pressed is gone
  if (verdict === null) return null;
  const right = isRight(verdict);
  const next = CHAPTERS[chapter + 1];
  return (
    <div ref={box} tabIndex={-1} className={css['verdict']} data-right={right}>
      <table aria-label="Your prediction and what the ranks found">
        <thead>
          <tr>
            <th scope="col">
              <b>{right ? '✓ Right' : '✗ Not quite'}</b>
            </th>
            <th scope="col">you</th>
            <th scope="col">the ranks</th>
          </tr>
        </thead>
        <tbody>
          {verdict.facts.map((fact) => (
            <tr key={fact.label} data-right={fact.right}>
              <th scope="row">{fact.label}</th>
              <td>{fact.guess}</td>
              <td>{fact.found}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css['because']}>
        <Words text={verdict.because} />
      </p>
      <p className={`row middle gap-2 ${css['submit']}`}>
        <button
          type="button"
          className={`primary ${css['primary']}`}
          onClick={() => go({ chapter: chapter + 1, round: 1 })}
        >
          Next: {next?.title ?? 'the end'}
        </button>
        {CHAPTERS[chapter]?.id === 'bug' && (
          <PageLink page="museum" className="ghost">
            More bugs
          </PageLink>
        )}
        <button type="button" className="ghost" onClick={again}>
          Again, other numbers
        </button>
      </p>
    </div>
  );
}
