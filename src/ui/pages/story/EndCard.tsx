import { planSplit } from '#program/splitPlan.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { download } from '#ui/components/files.ts';
import { Defined, Prose } from '#ui/components/term/Defined.tsx';
import { numberWord } from '#ui/components/words.ts';
import { PageLink } from '../../shell/PageLink.tsx';
import { codeOf, sourceOf } from '../split/code/code.ts';
import { CHAPTERS } from './chapters/index.ts';
import css from './story.module.css';
import { useStory } from './useStory.ts';

/** The pair that the story has led to, as a program for a cluster. */
const LESSON = planSplit({
  split: 'pair',
  worldSize: 4,
  m: 8,
  k: 16,
  n: 32,
  bias: true,
  biasOnEveryRank: false,
  gatherOutput: true,
});

/** What was right, and where to go on. */
export function EndCard() {
  const progress = useStory((state) => state.progress);
  const go = useStory((state) => state.go);
  const forget = useStory((state) => state.forget);
  const states = CHAPTERS.map(({ id }) => {
    const answered = progress[id];
    return answered === undefined ? 'open' : answered.right ? 'right' : 'wrong';
  });
  const right = states.filter((state) => state === 'right').length;
  const open = states.indexOf('open');
  const title = states.every((state) => state === 'open')
    ? 'nine questions, and none is answered yet'
    : right === CHAPTERS.length
      ? 'All nine right. You can cut a model now.'
      : `${right === 0 ? 'None' : numberWord(right)} of ${numberWord(CHAPTERS.length)} right`;
  return (
    <article className={`panel ${css['end']}`}>
      <h1>{title.charAt(0).toUpperCase() + title.slice(1)}</h1>
      <ol>
        {CHAPTERS.map(({ id, title: name }, index) => (
          <li key={id} data-state={states[index]}>
            <span aria-hidden="true">{{ right: '✓', wrong: '✗', open: '·' }[states[index] ?? 'open']}</span>
            <Defined text={`${index + 1}. ${name}`} />
            <span className="visually-hidden">
              {states[index] === 'open' ? 'not answered' : states[index]}
            </span>
          </li>
        ))}
      </ol>
      <Prose>
        {' '}
        <p>
          What the ranks did here, a cluster does with the same lines: cut A by columns and B by rows, sum
          once, add the bias after the sum. The file runs under torchrun and checks itself.
        </p>
      </Prose>{' '}
      <p className={`row middle gap-2 ${css['submit']}`}>
        {open >= 0 && (
          <button
            type="button"
            className={`primary ${css['primary']}`}
            onClick={() => go({ chapter: open, round: 1 })}
          >
            Chapter {open + 1}: {CHAPTERS[open]?.title}
          </button>
        )}
        <button
          type="button"
          className={open < 0 ? `primary ${css['primary']}` : 'ghost'}
          onClick={() => download('pair_split.py', sourceOf(codeOf(LESSON)), 'text/x-python')}
        >
          Save pair_split.py
        </button>
        <CopyButton label="Copy the story’s link" text={() => new URL('#/story', location.href).href} />
        <button type="button" className="ghost" onClick={forget} disabled={open === 0 && right === 0}>
          Start afresh
        </button>
      </p>
      <p>
        Go on: a language model on the ranks on <PageLink page="model">Model</PageLink>, your own model and
        GPUs on <PageLink page="plan">Plan</PageLink>, any sizes on <PageLink page="split">Split</PageLink>, a
        whole layer on <PageLink page="layers">Layers</PageLink>, this machine on{' '}
        <PageLink page="benchmark">Benchmark</PageLink>, and more bugs in the{' '}
        <PageLink page="museum">bug museum</PageLink>. To teach it:{' '}
        <a href="#/story?sheet=1">the nine questions on one sheet</a>, without answers.
      </p>
    </article>
  );
}
