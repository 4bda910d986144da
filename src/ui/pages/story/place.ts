/** Where in the story a link leads: `#/story?chapter=3&round=2`. Chapters count from 1 there; one past the last is the end. */

import type { Place } from '#lab/story/store.ts';
import { DEVICE_CHOICES, type DeviceChoice } from '#protocol.ts';
import { hashOf, indexOf, queryOf } from '#ui/url/hash.ts';

export interface StoryLink extends Place {
  readonly device: DeviceChoice;
}

/** What is wrong or missing is as if it were the beginning. */
export function linkOf(hash: string, chapters: number): StoryLink {
  const query = queryOf(hash);
  const chapter = indexOf(query.get('chapter')) ?? 1;
  const device = DEVICE_CHOICES.find((one) => one === query.get('device')) ?? 'auto';
  return {
    chapter: Math.min(Math.max(1, chapter), chapters + 1) - 1,
    round: Math.max(1, indexOf(query.get('round')) ?? 1),
    device,
  };
}

export function hashOfPlace({ chapter, round, device }: StoryLink): string {
  const query = new URLSearchParams();
  if (chapter > 0) query.set('chapter', String(chapter + 1));
  if (round > 1) query.set('round', String(round));
  if (device !== 'auto') query.set('device', device);
  return hashOf('story', query);
}

/** Whether the link asks for the sheet to print. */
export function viewOf(hash: string): 'story' | 'sheet' {
  return queryOf(hash).has('sheet') ? 'sheet' : 'story';
}
