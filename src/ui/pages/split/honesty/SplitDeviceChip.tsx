import { DeviceChip } from '#ui/components/DeviceChip.tsx';
import { useSplit } from '../useSplit.ts';

export function SplitDeviceChip() {
  const devices = useSplit((state) => state.run?.devices ?? null);
  return devices === null ? null : <DeviceChip devices={devices} />;
}
