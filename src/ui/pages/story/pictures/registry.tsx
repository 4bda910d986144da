import type { ComponentType } from 'react';
import { BlockPicture } from './BlockPicture.tsx';
import { BugPicture } from './BugPicture.tsx';
import { OrderPicture } from './OrderPicture.tsx';
import { PairPicture } from './PairPicture.tsx';
import { PayPicture } from './PayPicture.tsx';
import { ProductPicture } from './ProductPicture.tsx';
import { RingOfStory } from './RingOfStory.tsx';
import { TooBigPicture } from './TooBigPicture.tsx';

/** The picture of each chapter, by its id. */
const PICTURES: ReadonlyMap<string, ComponentType> = new Map([
  ['too-big', TooBigPicture],
  ['columns', ProductPicture],
  ['rows', ProductPicture],
  ['all-reduce', RingOfStory],
  ['order', OrderPicture],
  ['pair', PairPicture],
  ['bug', BugPicture],
  ['block', BlockPicture],
  ['pay', PayPicture],
]);

export function pictureOf(id: string): ComponentType {
  return PICTURES.get(id) ?? (() => null);
}
