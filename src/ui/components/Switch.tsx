import type { ReactNode } from 'react';
import './switch.css';

interface SwitchProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Why it cannot be switched; absent where it can. */
  readonly disabled?: string | undefined;
}

export function Switch({ label, checked, onChange, disabled }: SwitchProps) {
  return (
    <label className="switch" title={disabled}>
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={disabled !== undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}
