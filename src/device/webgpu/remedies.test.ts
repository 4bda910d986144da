import { describe, expect, it } from 'vitest';
import { hurried, remedyFor } from './remedies.ts';

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const SAFARI =
  'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15';

const gpu = {} as GPUDevice;

it('is for browsers that look late, and in Chromium for real GPUs alone', () => {
  expect(remedyFor(false, CHROME)).not.toBeNull();
  expect(remedyFor(true, CHROME)).toBeNull();
  expect(remedyFor(true, FIREFOX)).toBe(remedyFor(false, FIREFOX));
  expect(remedyFor(true, FIREFOX)).not.toBe(remedyFor(false, CHROME));
  expect(remedyFor(false, SAFARI)).toBeNull();
});

describe('a wait', () => {
  /** Work that is done after the browser looked so often. */
  function work(looks: number) {
    let left = looks;
    let finish: (value: string) => void = () => {};
    const done = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const look = async (): Promise<void> => {
      if (--left === 0) finish('done');
    };
    return { done, look, looks: () => looks - left };
  }

  it('has the browser look until the work is done, and no longer', async () => {
    const { done, look, looks } = work(5);
    await expect(hurried(done, gpu, look)).resolves.toBe('done');
    expect(looks()).toBeLessThanOrEqual(6);
  });

  it('ends with the error of the work', async () => {
    const failure = new Error('lost');
    await expect(hurried(Promise.reject(failure), gpu, async () => {})).rejects.toBe(failure);
  });

  it('leaves the thread to others once it lasts', async () => {
    let others = 0;
    const timer = setInterval(() => others++, 1);
    const long = new Promise<void>((resolve) => setTimeout(resolve, 120));
    await hurried(long, gpu, () => new Promise((resolve) => queueMicrotask(() => resolve(null)))).finally(
      () => clearInterval(timer),
    );
    expect(others).toBeGreaterThan(10);
  });
});
