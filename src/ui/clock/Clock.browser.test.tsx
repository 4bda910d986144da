import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import type { Span } from '#base/trace.ts';
import { Clock } from './Clock.tsx';
import type { ClockModel, Stretch } from './stretch.ts';

/** However slow the machine and its frames are: the test's own limit is the only one. */
const patience = { timeout: 60_000 };

it('does not draw the table anew while the pointer moves over the bars', patience, async () => {
  const stretches = Array.from({ length: 20 }, (_, i): Stretch => {
    const [startMs, endMs] = [i, i + 0.8];
    const span: Span = { rank: 0, kind: 'op', op: 'linear', startMs, endMs };
    return { span, kind: 'product', lane: 'device', startMs, endMs };
  });
  let named = 0;
  const model: ClockModel = {
    worldSize: 1,
    startMs: 0,
    endMs: 20,
    lanes: [{ name: 'device', label: null, height: 14 }],
    stretches,
    words: { upload: '', product: 'GEMM', readback: '', light: '', copy: '', wait: '' },
    describe: ({ startMs }) => `at ${startMs}`,
    nameOf: () => `${++named}`,
  };
  const root = document.body.appendChild(document.createElement('div'));
  root.style.width = '600px';
  createRoot(root).render(<Clock model={model} cursor={model} label="" />);
  await expect.poll(() => root.querySelector('summary'), patience).not.toBeNull();
  root.querySelector('summary')?.click();
  await expect.poll(() => root.querySelectorAll('tbody tr').length, patience).toBe(20);

  const before = named;
  const plot = root.querySelector('[role=listbox]')?.parentElement;
  const { left = 0, top = 0, width = 0 } = plot?.getBoundingClientRect() ?? {};
  const moveTo = (ms: number): void => {
    const at = { bubbles: true, clientX: left + (ms / 20) * width, clientY: top + 8, pointerId: 1 };
    plot?.dispatchEvent(new PointerEvent('pointermove', at));
  };
  // No frame is waited for, of which a page that nobody looks at may get one a second: each bar is, until it is named.
  for (let bar = 0; bar < 20; bar++) {
    for (const within of [0.1, 0.3, 0.5, 0.7]) moveTo(bar + within);
    await expect
      .poll(() => root.textContent, { ...patience, interval: 1 })
      .toMatch(new RegExp(`at ${bar}\\D`));
  }
  expect(named).toBe(before);
});
