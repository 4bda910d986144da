import { expect, it } from 'vitest';
import { type Environment, readinessOf } from './environment.ts';

const GOOD: Environment = {
  crossOriginIsolated: true,
  secure: true,
  sharedMemory: true,
  workers: true,
  serviceWorker: 'none',
  framed: false,
};
const BARE: Environment = { ...GOOD, crossOriginIsolated: false, sharedMemory: false };

it('is ready on an isolated page with shared memory', () => {
  expect(readinessOf(GOOD, true)).toEqual({ kind: 'ready' });
});

it('waits for the service worker, but not for ever', () => {
  expect(readinessOf({ ...BARE, serviceWorker: 'coming' }, true).kind).toBe('reloading');
  expect(readinessOf({ ...BARE, serviceWorker: 'coming' }, false).kind).toBe('blocked');
  expect(readinessOf({ ...BARE, serviceWorker: 'in control' }, true).kind).toBe('blocked');
  expect(readinessOf({ ...BARE, serviceWorker: 'none' }, true).kind).toBe('blocked');
});

it.each([
  [{ ...GOOD, workers: false }, 'Web Workers'],
  [{ ...GOOD, sharedMemory: false }, 'SharedArrayBuffer'],
  [{ ...BARE, secure: false }, 'https'],
  [BARE, 'This page is not cross-origin isolated'],
  // A secure page in a frame of an insecure one is insecure, and the frame is to blame.
  [{ ...BARE, framed: true, secure: false }, 'The page around this one'],
])('names what is missing (%#)', (environment, words) => {
  const readiness = readinessOf(environment, true);
  expect(readiness.kind === 'blocked' && readiness.title).toContain(words);
});

it('offers a tab of its own to a page in a frame alone', () => {
  const offered = [true, false].map((framed) => {
    const readiness = readinessOf({ ...BARE, framed, serviceWorker: 'coming' }, false);
    return readiness.kind === 'blocked' && readiness.inFrame;
  });
  expect(offered).toEqual([true, false]);
  expect(readinessOf({ ...BARE, framed: true, serviceWorker: 'coming' }, true).kind).toBe('blocked');
  expect(readinessOf({ ...GOOD, framed: true }, true)).toEqual({ kind: 'ready' });
});
