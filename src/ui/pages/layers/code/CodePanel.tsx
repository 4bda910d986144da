import { useMemo } from 'react';
import { stepsOf } from '#program/plan.ts';
import { textOf } from '#program/torch/line.ts';
import { torchScript } from '#program/torch/script.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Code } from '#ui/components/code/Code.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { useLayers } from '../useLayers.ts';

/** The layer that ran in PyTorch, written from the same program, with the line on which the scrubber stands. */
export function CodePanel() {
  const run = useLayers((state) => state.run);
  const at = useLayers((state) => state.at);
  const lines = useMemo(
    () => (run === null ? [] : torchScript(run.spec, run.params.ranks, run.params)),
    [run],
  );
  if (run === null) return null;
  const step = stepsOf(run.plan)[at]?.id;
  return (
    <Panel
      title="The code"
      hint="the same in PyTorch; the line follows the scrubber"
      action={<CopyButton label="Copy code" text={() => `${lines.map(textOf).join('\n')}\n`} />}
    >
      <Code lines={lines} isHere={({ of }) => of !== null && of === step} />
    </Panel>
  );
}
