import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import { LeadText, LeadToCome } from './Lead.tsx';

const bodyOf = (ring: string, page: string) => [
  'On the ring for ',
  { strong: ring },
  ', shown in ',
  { strong: page },
];

it('a sentence says nothing of the one before it, though two of its figures were the same', () => {
  const root = document.createElement('div');
  const mounted = createRoot(root);
  const shown = (ring: string, page: string) => {
    flushSync(() => mounted.render(<LeadText title="Two ranks" body={bodyOf(ring, page)} />));
    return root.querySelector('p')?.textContent;
  };
  shown('3.4 ms', '3.4 ms');
  expect(shown('4.1 ms', '3.2 ms')).toBe('On the ring for 4.1 ms, shown in 3.2 ms');
  mounted.unmount();
});

it('nor does one that is to come', () => {
  const root = document.createElement('div');
  const mounted = createRoot(root);
  const shown = (ring: string, page: string) => {
    const sentence = { title: 'Two ranks', body: bodyOf(ring, page) };
    flushSync(() => mounted.render(<LeadToCome status="Starting" busy sentence={sentence} />));
    return root.querySelector('p[aria-hidden]')?.textContent;
  };
  shown('3.4 ms', '3.4 ms');
  expect(shown('4.1 ms', '3.2 ms')).toBe('On the ring for 4.1 ms, shown in 3.2 ms');
  mounted.unmount();
});
