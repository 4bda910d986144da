import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Panel, ScrollRegion } from '#ui/components/Panel.tsx';
import { useSplit } from '../useSplit.ts';
import css from './code.module.css';
import { type CodeLine, codeOf, isAt, sourceOf } from './code.ts';
import { tokensOf } from './line.ts';

const MARKS = {
  wrong: 'the bug: every rank adds the bias, and the sum counts each of them',
  caught: 'fails: y is off by the extra biases',
} as const;

/** The same split in PyTorch, with the line on which the scrubber stands. */
export function CodePanel() {
  const run = useSplit((state) => state.run);
  const at = useSplit((state) => state.at);
  if (run === null) return null;
  const lines = codeOf(run.plan);
  const moment = run.timeline[at];
  return (
    <Panel
      title="The code"
      hint="the same in PyTorch; the line follows the scrubber"
      action={<CopyButton label="Copy code" text={() => sourceOf(lines)} />}
    >
      <ScrollRegion className={css['code']} label="PyTorch program">
        <pre>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of a program is known by its number
            <Line key={index} line={line} isHere={moment !== undefined && isAt(line, moment)} />
          ))}
        </pre>
      </ScrollRegion>
    </Panel>
  );
}

function Line({ line, isHere }: { readonly line: CodeLine; readonly isHere: boolean }) {
  return (
    <>
      <code data-here={isHere || undefined} data-mark={line.mark} aria-current={isHere ? 'step' : undefined}>
        {tokensOf(line.text).map(({ kind, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a line never change places
          <span key={index} className={kind === 'plain' ? undefined : css[kind]}>
            {text}
          </span>
        ))}
        {'\n'}
      </code>
      {line.mark !== undefined && <span className={css['note']}>{`${MARKS[line.mark]}\n`}</span>}
    </>
  );
}
