import { useState } from 'react';
import { ROUNDING } from '#lab/museum/store.ts';
import { EXHIBITS, type ExhibitId, MUSEUM } from '#program/museum.ts';
import { Switch } from '#ui/components/Fields.tsx';
import { OptionList } from '#ui/components/Options.tsx';
import { Words } from '#ui/components/term/Defined.tsx';
import { numberWord } from '#ui/components/words.ts';
import { formatError } from '#ui/format.ts';
import { PageLink } from '../../shell/PageLink.tsx';
import { Exhibit } from './Exhibit.tsx';
import css from './museum.module.css';
import { NoAnswer, NoBug, Reported } from './NoBug.tsx';
import { museumStore, useMuseum } from './useMuseum.ts';
import { EXHIBIT_WORDS, ROUNDING_WORDS } from './words.ts';

const OPTIONS = [
  ...EXHIBITS.map((value) => ({ value, label: EXHIBIT_WORDS[value].title })),
  {
    value: ROUNDING,
    label: `No bug: ${ROUNDING_WORDS.title.charAt(0).toLowerCase()}${ROUNDING_WORDS.title.slice(1)}`,
  },
] as const;

/** Bugs that people have shipped, each run by the ranks as it was and as it was mended. */
export function MuseumPage() {
  useState(museumStore.open); // once, and before anything of the page is drawn
  const { exhibit, mended, seed } = useMuseum((state) => state.visit);
  const look = useMuseum((state) => state.look);
  return (
    <>
      <header className={css['head']}>
        <h1>The bug museum</h1>
        <p>
          <Words
            text={`${capital(numberWord(EXHIBITS.length))} bugs of tensor parallelism that people have shipped. ${capital(numberWord(MUSEUM.worldSize))} [[rank]]s run each of them for real, and hold the result against one rank. On one rank every one of them is right: that is how they got out. The last is reported as a bug, and is none.`}
          />{' '}
          First the <PageLink page="story">story</PageLink>, if these words are new.
        </p>
      </header>
      <div className={css['museum']}>
        <aside className={`panel ${css['list']}`} aria-label="Exhibits">
          <OptionList
            label="Bug"
            value={exhibit}
            options={OPTIONS}
            onChange={(next) => look({ exhibit: next, mended: false })}
          />
          {exhibit !== ROUNDING && (
            <Switch label="Mended" checked={mended} onChange={(on) => look({ mended: on })} />
          )}
          <button type="button" className="ghost" onClick={() => look({ seed: seed + 1 })}>
            Other numbers
          </button>
        </aside>
        <article className={`stack one-column gap-3 ${css['exhibit']}`}>
          {exhibit === ROUNDING ? <NoBug /> : <Bug exhibit={exhibit} />}
        </article>
      </div>
    </>
  );
}

/** What it does, the check that catches it, its picture, its line, and where it was reported. */
function Bug({ exhibit }: { readonly exhibit: ExhibitId }) {
  const words = EXHIBIT_WORDS[exhibit];
  return (
    <>
      <h2>{words.title}</h2>
      <p className={css['text']}>
        <Words text={words.text} />
      </p>
      <Check />
      <Exhibit exhibit={exhibit} />
      <p className={css['text']}>
        <b>Why nobody saw it.</b> <Words text={words.hidden} />
      </p>
      <Reported {...words.reported} />
    </>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What the check says of the run; grey while it belongs to another. */
function Check() {
  const run = useMuseum((state) => state.run);
  const visit = useMuseum((state) => state.visit);
  const failure = useMuseum((state) => state.failure);
  if (failure !== null) return <NoAnswer failure={failure} />;
  if (run === null || run.visit !== visit) {
    return (
      <p className={css['check']} role="status">
        The ranks compute …
      </p>
    );
  }
  const worst = run.ranks.reduce((a, b) => (b.check.maxAbsError > a.check.maxAbsError ? b : a));
  const caught = run.ranks.filter(({ check }) => !check.pass);
  const { maxAbsError, tolerance } = worst.check;
  const who =
    caught.length === run.ranks.length ? 'every rank' : `rank ${caught.map(({ rank }) => rank).join(', ')}`;
  return (
    <p className={css['check']} data-pass={caught.length === 0} role="status">
      {caught.length === 0
        ? `✓ Right on every rank: at most ${formatError(maxAbsError)} from one rank’s y, and ${formatError(tolerance)} is allowed`
        : `✗ Caught on ${who}: ${formatError(maxAbsError)} from one rank’s y, and ${formatError(tolerance)} is allowed`}
    </p>
  );
}
