/** Whether the tab is looked at: a browser slows a hidden one down, and what is measured there is no measurement. */

export interface HiddenWatch {
  /** Whether it was hidden since this was last asked. */
  wasHidden(): boolean;
  stop(): void;
}

/** @param page none where there is nothing to look at */
export function watchHidden(page: Document | undefined = globalThis.document): HiddenWatch {
  let seen = page?.hidden === true;
  const onChange = (): void => {
    seen ||= page?.hidden === true;
  };
  page?.addEventListener('visibilitychange', onChange);
  return {
    wasHidden() {
      const was = seen;
      seen = page?.hidden === true;
      return was;
    },
    stop: () => page?.removeEventListener('visibilitychange', onChange),
  };
}
