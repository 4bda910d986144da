/** The page that `npm run chaos` opens: it does what it is told from outside. */

import { runCase } from './page.ts';

export interface ChaosWindow {
  readonly runCase: typeof runCase;
}

Object.assign(window, { runCase } satisfies ChaosWindow);
