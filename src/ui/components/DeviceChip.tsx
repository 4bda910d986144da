import type { DeviceInfo } from '#protocol.ts';
import { devicesInShort } from './devices.ts';

/** What the run that is shown was computed on. */
export function DeviceChip({ devices }: { readonly devices: readonly DeviceInfo[] }) {
  return (
    <span className="chip">
      <span className="chip-dot" aria-hidden="true" />
      {devicesInShort(devices)}
    </span>
  );
}
