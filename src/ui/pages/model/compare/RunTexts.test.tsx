/** Texts that were compared, as they stand on the page. */

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { FinishedRun } from '#lab/model/state.ts';
import { RunTexts } from './RunTexts.tsx';

const FIGURES = {
  prefill: { tokens: 1, ms: 1, perSecond: 1 },
  firstTokenMs: 1,
  decode: null,
  ranks: [],
  why: null,
  hidden: false,
};
const DEVICE = { kind: 'cpu', label: '', software: false, adapter: {}, timestamps: false } as const;

function run(text: string, more: Partial<FinishedRun> = {}): FinishedRun {
  const texts = [...text];
  return {
    key: '',
    ranks: 2,
    devices: [DEVICE, DEVICE],
    placement: 'worker',
    algorithm: 'auto',
    context: [],
    choices: [],
    ids: texts.map((letter) => letter.charCodeAt(0)),
    texts,
    figures: FIGURES,
    memory: [],
    readBytes: 0,
    ...more,
  };
}
const html = (...runs: FinishedRun[]): string => renderToStaticMarkup(<RunTexts runs={runs} />);
const marked = (markup: string): (string | undefined)[] =>
  [...markup.matchAll(/<mark title="([^"]*)">([^<]*)<\/mark>/g)].flatMap(([, title, text]) => [title, text]);

it('folds the one text away where all wrote the same', () => {
  expect(html(run('abc'), run('abc', { algorithm: 'ring' }))).toContain('The text that all of them wrote');
  expect(marked(html(run('abc'), run('abc')))).toEqual([]);
});

it('shows texts that differ beside the first, and marks the first token in which they do', () => {
  const others = [run('abc', { algorithm: 'ring' }), run('ab de', { algorithm: 'one-shot' }), run('ab')];
  const markup = html(run('abcde'), ...others);
  expect(marked(markup)).toEqual([
    'token 3, the first that differs',
    'c',
    'token 4, the first that differs',
    '‹end›',
    'token 3, the first that differs',
    '␣',
    'token 3, the first that differs',
    '‹end›',
  ]);
  expect(markup).toContain('<figcaption class="small quiet">CPU · 2 threads, one shot</figcaption>');
  expect(markup.replaceAll(/<[^>]*>/g, '')).toContain('ab␣de');
});
