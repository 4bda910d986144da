import { useId } from 'react';
import { textOf } from '#program/torch/line.ts';
import { Tokens } from '#ui/components/code/Code.tsx';
import code from '#ui/components/code/code.module.css';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { formatError } from '#ui/format.ts';
import { bug } from '../chapters/bug.ts';
import { useStory } from '../useStory.ts';
import look from './bug.module.css';
import { Computing } from './ProductPicture.tsx';
import { useChapter } from './useChapter.ts';

/** The program, line by line to choose from, and the checks of its runs. */
export function BugPicture() {
  const { before, given, found, answer, phase } = useChapter(bug);
  const predict = useStory((state) => state.predict);
  const name = useId();
  if (before === null || given === null) return <Computing />;
  const chosen = answer['line'];
  return (
    <Panel
      title="The layer in PyTorch"
      hint={found === null ? 'choose the line that is wrong' : 'the line that was wrong is marked'}
    >
      <ScrollRegion label="PyTorch program">
        <fieldset className={`${code['code']} ${look['lines']}`} disabled={phase !== 'asking'}>
          <legend className="visually-hidden">The line that is wrong</legend>
          {before.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of a program is known by its number
            <label key={index} data-wrong={found !== null && line.mark === 'wrong' ? '' : undefined}>
              <input
                type="radio"
                name={name}
                checked={chosen === index}
                onChange={() => predict('line', index)}
              />
              <b>{index + 1}</b>
              <code>
                <Tokens text={textOf(line)} />
              </code>
            </label>
          ))}
        </fieldset>
      </ScrollRegion>
      <ul className={`stack gap-2 pad-foot unmarked ${look['checks']}`}>
        <Checked label={`This program, ${given.ranks} ranks`} pass={false} error={before.error} />
        <Checked
          label="This program, one rank"
          pass={found?.alone.pass ?? null}
          error={found?.alone.maxAbsError ?? null}
        />
        <Checked
          label={`Mended, ${given.ranks} ranks`}
          pass={found?.mended.pass ?? null}
          error={found?.mended.maxAbsError ?? null}
        />
      </ul>
    </Panel>
  );
}

interface CheckedProps {
  readonly label: string;
  /** Null before it has run. */
  readonly pass: boolean | null;
  readonly error: number | null;
}

function Checked({ label, pass, error }: CheckedProps) {
  return (
    <li data-pass={pass ?? undefined}>
      <span aria-hidden="true">{pass === null ? '?' : pass ? '✓' : '✗'}</span> {label}
      <span className="num">{error === null ? '?' : formatError(error)}</span>
      <span className="visually-hidden">{pass === null ? 'not run yet' : pass ? 'passes' : 'fails'}</span>
    </li>
  );
}
