import { expect, it } from 'vitest';
import { watchHidden } from './hidden.ts';

it('tells of a tab that was hidden, however shortly, since it was last asked', () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const turn = (hidden: boolean): void => {
    page.hidden = hidden;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  const watch = watchHidden(page as unknown as Document);
  expect(watch.wasHidden()).toBe(false);
  turn(true);
  turn(false);
  expect([watch.wasHidden(), watch.wasHidden()]).toEqual([true, false]);
  turn(true);
  expect([watch.wasHidden(), watch.wasHidden()]).toEqual([true, true]); // it still is
  turn(false);
  watch.wasHidden();
  watch.stop();
  turn(true);
  turn(false);
  expect(watch.wasHidden()).toBe(false);
  expect(watchHidden(undefined).wasHidden()).toBe(false);
});
