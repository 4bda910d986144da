import { useSplit } from '../useSplit.ts';
import { devicesInShort } from './honesty.ts';

export function DeviceChip() {
  const devices = useSplit((state) => state.run?.devices ?? null);
  if (devices === null) return null;
  return (
    <span className="chip">
      <span className="chip-dot" aria-hidden="true" />
      {devicesInShort(devices)}
    </span>
  );
}
