import { DeviceChip } from '#ui/components/DeviceChip.tsx';
import { useLayers } from '../useLayers.ts';

export function LayersDeviceChip() {
  const devices = useLayers((state) => state.run?.devices ?? null);
  return devices === null ? null : <DeviceChip devices={devices} />;
}
