import { createContext, type ReactNode, useContext, useState } from 'react';
import { createPortal } from 'react-dom';
import fields from '#ui/components/fields.module.css';
import { useMediaQuery } from '#ui/components/onScreen.ts';
import css from './frame.module.css';
import lead from './lead.module.css';

/** The element of the header in which a page says on what it ran. */
export const StatusSlot = createContext<HTMLElement | null>(null);

interface PageFrameProps {
  /** Why any of it is done. */
  readonly why?: ReactNode;
  /** The sentence that says what happened. */
  readonly lead: ReactNode;
  /** What it was computed on, in short; null where nothing was. */
  readonly devices: string | null;
  /** The check of what is shown. */
  readonly proof: ReactNode;
  /** What is under way. */
  readonly status?: ReactNode;
  /** Whether sentence and proof are of a run that is no longer what is chosen. */
  readonly stale?: boolean;
  /** Why there is nothing new. */
  readonly failure: ReactNode;
  readonly controls: ReactNode;
  /** What acts on them: beside them where there is room, and else in sight. */
  readonly action?: ReactNode;
  /** What is chosen, in one line; the first element is the strong one. */
  readonly summary: ReactNode;
  /** Whether something of it needs a look. */
  readonly wrong: boolean;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}

/** The frame of every page: the sentence and its proof, controls at the side, panels beside them. */
export function PageFrame(props: PageFrameProps) {
  const {
    devices,
    proof,
    status,
    stale = false,
    failure,
    controls,
    action,
    summary,
    wrong,
    children,
    foot,
  } = props;
  const slot = useContext(StatusSlot);
  const narrow = useMediaQuery('(max-width: 900px)');
  const chip = devices !== null && (
    <span className="chip">
      <span className="chip-dot" aria-hidden="true" />
      {devices}
    </span>
  );
  return (
    <>
      {slot !== null && createPortal(chip, slot)}
      {props.why}
      <div className={lead['head']} data-stale={stale || undefined}>
        {props.lead}
      </div>
      <div className={lead['verdict']} data-stale={stale || undefined}>
        {proof}
        {narrow && chip}
        {status}
      </div>
      {failure}
      <div className={css['grid']}>
        {narrow ? (
          <>
            <Drawer summary={summary} wrong={wrong}>
              <div className={fields['controls']}>{controls}</div>
            </Drawer>
            {action !== undefined && <div className={`panel ${css['action']}`}>{action}</div>}
          </>
        ) : (
          <aside className={`panel ${css['controls']}`} aria-label="Controls">
            <div className={fields['controls']}>
              {controls}
              {action}
            </div>
          </aside>
        )}
        <div className={css['panels']}>{children}</div>
      </div>
      {foot}
    </>
  );
}

interface DrawerProps {
  readonly summary: ReactNode;
  readonly wrong: boolean;
  readonly children: ReactNode;
}

/** On a narrow screen the controls fold into one line that says what is chosen. */
function Drawer({ summary, wrong, children }: DrawerProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className={`panel ${css['drawer']}`}
      open={open || wrong}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="unmarked">{summary}</summary>
      {children}
    </details>
  );
}
