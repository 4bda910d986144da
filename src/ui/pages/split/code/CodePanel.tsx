import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Code } from '#ui/components/code/Code.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { useSplit } from '../useSplit.ts';
import { type CodeLine, codeOf, partsAt, sourceOf } from './code.ts';

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
  const here: ReadonlySet<string | null> = moment === undefined ? new Set() : partsAt(run.plan, moment);
  return (
    <Panel
      title="The code"
      hint="the same in PyTorch; the line follows the scrubber"
      action={<CopyButton label="Copy code" text={() => sourceOf(lines)} />}
    >
      <Code lines={lines} isHere={({ of }) => here.has(of)} noteOf={noteOf} />
    </Panel>
  );
}

function noteOf({ mark }: CodeLine): string | undefined {
  return mark && MARKS[mark];
}
