import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import type { Span } from '../../base/trace.ts';
import { Clock } from './Clock.tsx';
import type { ClockModel, Stretch } from './stretch.ts';

it('does not draw the table anew while the pointer moves over the bars', async () => {
  const stretches = Array.from({ length: 20 }, (_, i): Stretch => {
    const [startMs, endMs] = [i, i + 0.8];
    const span: Span = { rank: 0, lane: 'device', name: 'linear', startMs, endMs };
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
  await expect.poll(() => root.querySelector('summary')).not.toBeNull();
  root.querySelector('summary')?.click();
  await expect.poll(() => root.querySelectorAll('tbody tr').length).toBe(20);

  const before = named;
  const plot = root.querySelector('[role=listbox]')?.parentElement;
  const { left = 0, top = 0, width = 0 } = plot?.getBoundingClientRect() ?? {};
  for (let ms = 0.1; ms < 19.5; ms += 0.2) {
    const at = { bubbles: true, clientX: left + (ms / 20) * width, clientY: top + 8, pointerId: 1 };
    plot?.dispatchEvent(new PointerEvent('pointermove', at));
    await new Promise(requestAnimationFrame);
  }
  await expect.poll(() => root.textContent).toContain('at 19');
  expect(named).toBe(before);
});
