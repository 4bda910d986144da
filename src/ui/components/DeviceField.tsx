import type { DeviceChoice } from '#protocol.ts';
import { Segmented } from './Segmented.tsx';

interface DeviceFieldProps {
  readonly value: DeviceChoice;
  /** Why there is no WebGPU, see devices.ts; null where there may be. */
  readonly missing: string | null;
  readonly onChange: (device: DeviceChoice) => void;
}

/** What the ranks compute on. WebGPU is offered only where it is there. */
export function DeviceField({ value, missing, onChange }: DeviceFieldProps) {
  return (
    <div>
      <Segmented<DeviceChoice>
        label="Device"
        value={value}
        onChange={onChange}
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
