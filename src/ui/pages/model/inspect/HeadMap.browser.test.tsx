import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import '#ui/tokens.css';
import { HeadMap } from './HeadMap.tsx';
import { ROW } from './headMap.ts';

/** However slow the machine and its frames are: the test's own limit is the only one. */
const patience = { timeout: 60_000 };
const TOKENS = 1000;
/** Of a head, the token that it looks at; it looks at no other. */
const seenBy = (head: number): number => 100 * head + 50;

const heads = Array.from({ length: 8 }, (_, index) => {
  const weights = new Float32Array(TOKENS);
  weights[seenBy(index)] = 1;
  return { index, rank: Math.floor(index / 2), weights };
});
const tokens = Array.from({ length: TOKENS }, (_, i) => ` word${i}`);

let root: HTMLElement;
let close: () => void;
beforeEach(async () => {
  document.documentElement.dataset['theme'] = 'light';
  root = document.body.appendChild(document.createElement('div'));
  root.style.width = '540px';
  const mounted = createRoot(root);
  mounted.render(<HeadMap heads={heads} tokens={tokens} chosen={null} />);
  await expect.poll(() => canvas()?.width ?? 0, patience).toBeGreaterThan(400);
  close = () => {
    mounted.unmount();
    root.remove();
    delete document.documentElement.dataset['theme'];
  };
});
afterEach(() => close());

const canvas = (): HTMLCanvasElement | null => root.querySelector('canvas');

/** What is painted where a token of a head lies: red, green, blue of the strongest pixel around. */
function paintedAt(head: number, token: number): number[] {
  const one = canvas();
  const ctx = one?.getContext('2d');
  if (one == null || ctx == null) return [];
  const ratio = one.width / one.clientWidth;
  const x = Math.floor((token + 0.5) * (one.width / TOKENS));
  const { data } = ctx.getImageData(x - 1, Math.floor((head + 0.5) * ROW * ratio), 3, 1);
  const strongest = [0, 4, 8].reduce((a, b) => ((data[b + 3] ?? 0) > (data[a + 3] ?? 0) ? b : a));
  return [...data.subarray(strongest, strongest + 4)];
}

/** A token of the theme, as a canvas has it. */
function colourOf(name: string): number[] {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

it('paints what each head looks at in the colour of its rank, in a few elements', patience, () => {
  for (const { index, rank } of heads) {
    expect(paintedAt(index, seenBy(index))).toEqual([...colourOf(`--r${rank}`), 255]);
    expect(paintedAt(index, seenBy(index) + 30)[3]).toBeLessThan(40);
  }
  expect(root.querySelectorAll('*').length).toBeLessThan(40);
});

it('follows the theme and its width', patience, async () => {
  const light = colourOf('--r1');
  document.documentElement.dataset['theme'] = 'dark';
  expect(colourOf('--r1')).not.toEqual(light);
  await expect.poll(() => paintedAt(2, seenBy(2)), patience).toEqual([...colourOf('--r1'), 255]);
  const wide = canvas()?.width ?? 0;
  root.style.width = '330px';
  await expect.poll(() => canvas()?.width ?? wide, patience).toBeLessThan(0.7 * wide);
  expect(paintedAt(7, seenBy(7)).slice(0, 3)).toEqual(colourOf('--r3'));
});

it('says what a cell is to the pointer and the keyboard', patience, async () => {
  const map = canvas()?.parentElement;
  const { left = 0, top = 0, width = 0 } = map?.getBoundingClientRect() ?? {};
  const clientX = left + ((seenBy(3) + 0.5) * width) / TOKENS;
  map?.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, clientX, clientY: top + 3.5 * ROW }));
  const caption = () => root.querySelector('figcaption')?.textContent;
  await expect
    .poll(caption, patience)
    .toBe(`head 3, on rank 1, “␣word${seenBy(3)}”, token ${seenBy(3) + 1}: 100.0 %`);

  const cell = (): HTMLElement | null => root.querySelector('[role=gridcell]');
  cell()?.focus();
  cell()?.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'ArrowRight' }));
  const next = `head 3, on rank 1, “␣word${seenBy(3) + 1}”, token ${seenBy(3) + 2}: 0.0 %`;
  await expect.poll(caption, patience).toBe(next);
  expect(cell()?.getAttribute('aria-label')).toBe(next);
  expect(cell()?.getAttribute('aria-colindex')).toBe(`${seenBy(3) + 2}`);
});
