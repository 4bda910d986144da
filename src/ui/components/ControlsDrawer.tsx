import { type ReactNode, useState } from 'react';
import './controls.css';

interface ControlsDrawerProps {
  /** What is chosen, in one line; the first element is the strong one. */
  readonly summary: ReactNode;
  /** Whether something in it needs a look. */
  readonly wrong: boolean;
  readonly children: ReactNode;
}

/** On a narrow screen the controls fold into one line that says what is chosen. */
export function ControlsDrawer({ summary, wrong, children }: ControlsDrawerProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="panel controls-drawer"
      open={open || wrong}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
