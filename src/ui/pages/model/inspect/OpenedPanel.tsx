import type { Inspected } from '#lab/model/state.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { shapeText } from '#ui/pages/layers/flow/flowWords.ts';
import { OpenedBody } from '#ui/pages/layers/opened/OpenedBody.tsx';
import { useOpenedRank } from '#ui/pages/layers/useLayers.ts';
import { useModel } from '../useModel.ts';

/** The values of a tensor of the part, on each rank that has any. */
export function OpenedPanel({ inspected }: { readonly inspected: Inspected }) {
  const { pass, part, selected, opened } = inspected;
  const select = useModel((state) => state.select);
  const { rank: chosen } = useOpenedRank();
  const plan = pass.parts[part]?.plan;
  const tensor = plan?.tensors.get(selected);
  if (plan === undefined || tensor === undefined) return null;
  const rank = Math.min(chosen, plan.worldSize - 1);
  const mine = opened?.id === selected ? opened : null;
  return (
    <Panel
      title={`${selected === plan.output ? 'Its output' : 'Selected'}: ${tensor.label} on rank ${rank}`}
      hint={<span className="num">{shapeText(tensor.shapes[rank] ?? [])}</span>}
    >
      <OpenedBody plan={plan} tensor={tensor} opened={mine} rank={rank} onSelect={select} />
    </Panel>
  );
}
