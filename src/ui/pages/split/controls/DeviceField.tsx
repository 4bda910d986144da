import type { DeviceChoice } from '../../../../protocol.ts';
import { Segmented } from '../../../components/Segmented.tsx';
import { useSplit } from '../useSplit.ts';
import { noWebGpu } from '../webgpu.ts';

/** What the ranks compute on. WebGPU is offered only where it is there. */
export function DeviceField() {
  const device = useSplit((state) => state.params.device);
  const change = useSplit((state) => state.change);
  const missing = useSplit(noWebGpu);
  return (
    <div>
      <Segmented<DeviceChoice>
        label="Device"
        value={device}
        onChange={(value) => change({ device: value })}
        options={[
          { value: 'auto', label: 'Auto' },
          { value: 'webgpu', label: 'WebGPU', disabled: missing ?? undefined },
          { value: 'cpu', label: 'CPU' },
        ]}
      />
      {missing !== null && <p className="field-note">{missing}</p>}
    </div>
  );
}
