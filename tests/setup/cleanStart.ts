/**
 * Unit tests share one process, which saves two thirds of their time: a process for each file would mostly start up.
 * So each file begins with modules, globals and clocks as new, and none can depend on another.
 */

import { afterAll, vi } from 'vitest';

vi.resetModules();

afterAll(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
