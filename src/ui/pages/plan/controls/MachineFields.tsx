import { FABRIC, GPU, NETWORK, NODES, PER_NODE, type PlanFields, PORTS } from '#lab/plan/params.ts';
import { bestFabric } from '#machines/fabrics.ts';
import { GPUS } from '#machines/gpus.ts';
import fields from '#ui/components/fields.module.css';
import { LabelledSelect } from '#ui/components/Select.tsx';
import css from '../plan.module.css';
import { usePlan } from '../usePlan.ts';
import { MeasuredLinks } from './MeasuredLinks.tsx';
import { NumberField } from './NumberField.tsx';

/** Which GPUs, how many, and what joins them. */
export function MachineFields() {
  const { gpu, perNode, nodes, fabric, network } = usePlan((state) => state.params);
  const change = usePlan((state) => state.change);
  /** Another kind of GPU may have other links; those that were measured were another machine's. */
  const take = (id: string): void =>
    change({ gpu: id, fabric: 'best', measured: null, chosen: null, perNode: mostJoined(id, perNode) });
  return (
    <div className={`stack gap-3 ${css['machine']}`}>
      <LabelledSelect
        label={GPU.label}
        value={gpu}
        options={GPU.options as readonly { value: string; label: string }[]}
        onChange={take}
      />
      <div className={fields['sizes']}>
        <NumberField definition={PER_NODE} sliderMax={8} />
        <NumberField definition={NODES} sliderMax={8} />
      </div>
      {perNode > 1 && (
        <LabelledSelect
          label={FABRIC.label}
          value={fabric}
          options={FABRIC.options as readonly { value: PlanFields['fabric']; label: string }[]}
          onChange={(value) => change({ fabric: value, measured: null })}
        />
      )}
      {perNode > 1 && <MeasuredLinks />}
      {nodes > 1 && (
        <>
          <LabelledSelect
            label={NETWORK.label}
            value={network}
            options={NETWORK.options as readonly { value: PlanFields['network']; label: string }[]}
            onChange={(value) => change({ network: value })}
          />
          <div className={fields['sizes']}>
            <NumberField definition={PORTS} />
          </div>
        </>
      )}
    </div>
  );
}

/** What stands alone is one a node. */
function mostJoined(id: string, perNode: number): number {
  const gpu = GPUS.find((one) => one.id === id);
  if (gpu === undefined || gpu.pcie !== null) return perNode;
  return bestFabric(gpu, 1) === 'nvlink' ? perNode : 1;
}
