import { useShown } from '../useBench.ts';
import { chipText } from './chipText.ts';

/** On what the run that is shown was measured. */
export function BenchDeviceChip() {
  const header = useShown();
  const text = header === null ? null : chipText(header);
  if (text === null) return null;
  return (
    <span className="chip">
      <span className="chip-dot" aria-hidden="true" />
      {text}
    </span>
  );
}
