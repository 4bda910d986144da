/** The theme's colours for what is painted on a canvas, where custom properties do not reach. */

import { useSyncExternalStore } from 'react';
export interface Palette {
  readonly ranks: readonly string[];
  /** For what every rank holds. */
  readonly neutral: string;
  readonly waiting: string;
  readonly panel: string;
  readonly ink: string;
  readonly mono: string;
}

let palette: Palette | null = null;

export function usePalette(): Palette {
  return useSyncExternalStore(subscribe, current);
}

/** Reads anew when the theme or the system's colours change, and when a font arrives that numbers are painted in. */
function subscribe(changed: () => void): () => void {
  const refresh = (): void => {
    palette = null;
    changed();
  };
  const observer = new MutationObserver(refresh);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const forced = matchMedia('(forced-colors: active)');
  forced.addEventListener('change', refresh);
  document.fonts.addEventListener('loadingdone', refresh);
  return () => {
    observer.disconnect();
    forced.removeEventListener('change', refresh);
    document.fonts.removeEventListener('loadingdone', refresh);
  };
}

function current(): Palette {
  if (palette === null) {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    palette = {
      ranks: Array.from({ length: 8 }, (_, rank) => token(`--r${rank}`)),
      neutral: token('--ink2'),
      waiting: token('--line'),
      panel: token('--panel'),
      ink: token('--ink'),
      mono: token('--mono'),
    };
  }
  return palette;
}
