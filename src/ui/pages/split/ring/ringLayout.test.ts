import { describe, expect, it } from 'vitest';
import { hopOf, ringLayout, slotCorner } from './ringLayout.ts';

describe.each([326, 400, 560])('ringLayout in %i px', (width) => {
  it.each([2, 3, 4, 5, 6, 7, 8])('keeps the boxes of %i ranks inside and apart', (ranks) => {
    const { boxes, box, height } = ringLayout(ranks, width);
    for (const [i, a] of boxes.entries()) {
      expect(a.x - box.width / 2).toBeGreaterThanOrEqual(0);
      expect(a.x + box.width / 2).toBeLessThanOrEqual(width);
      expect(a.y - box.height / 2).toBeGreaterThanOrEqual(0);
      expect(a.y + box.height / 2).toBeLessThanOrEqual(height);
      for (const b of boxes.slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) >= box.width || Math.abs(a.y - b.y) >= box.height;
        expect(apart, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(true);
      }
    }
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('keeps the slots of %i chunks inside of a box', (ranks) => {
    const { box } = ringLayout(ranks, width);
    for (let chunk = 0; chunk < ranks; chunk++) {
      const { x, y } = slotCorner(box, chunk);
      expect(x + box.slot).toBeLessThanOrEqual(box.width);
      expect(y + box.slot).toBeLessThanOrEqual(box.height);
    }
  });
});

describe('hopOf', () => {
  it('starts at the top and goes clockwise', () => {
    const layout = ringLayout(4, 400);
    const { middle, back } = hopOf(layout, 0);
    expect(middle.x).toBeGreaterThan(layout.centre.x);
    expect(middle.y).toBeLessThan(layout.centre.y);
    expect(back.x).toBeLessThan(0);
  });
});
