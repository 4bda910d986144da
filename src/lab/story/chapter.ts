/**
 * A chapter of the story as data: numbers of a round, a question about them, what the ranks have to run, and a verdict
 * that is read off what they measured. No chapter holds the answer to its question.
 */

import { hash32 } from '../../numerics/random.ts';
import type { StoryLab } from './lab.ts';

export type AnswerValue = number | string;
/** By the key of the field. */
export type Answer = Readonly<Record<string, AnswerValue>>;

interface FieldBase {
  readonly key: string;
  readonly label: string;
}

/** Something that the learner predicts. */
export type Field =
  | (FieldBase & { readonly kind: 'number'; readonly unit: string; readonly max: number })
  | (FieldBase & { readonly kind: 'choice'; readonly options: readonly Option[] })
  /** One of some values in order; nothing is chosen until it is moved. */
  | (FieldBase & { readonly kind: 'slider'; readonly options: readonly Option[] })
  /** A line of a program: its index. */
  | (FieldBase & { readonly kind: 'line'; readonly lines: readonly string[] });

export interface Option {
  readonly value: AnswerValue;
  readonly label: string;
}

/** Texts may mark terms of the glossary: `[[rank]]`, `[[shard|its part]]`. */
export interface Ask {
  readonly question: string;
  readonly body: string;
  readonly fields: readonly Field[];
}

/** What was predicted of one thing, beside what was found. */
export interface Fact {
  readonly label: string;
  readonly guess: string;
  readonly found: string;
  readonly right: boolean;
}

export interface Verdict {
  readonly facts: readonly Fact[];
  /** Why it is so; after a wrong answer, what the answer took it for. */
  readonly because: string;
}

/** What {@link Chapter.judge} looks at. */
export interface Judged<Given, Before, Found> {
  readonly given: Given;
  readonly before: Before;
  readonly found: Found;
  readonly answer: Answer;
}

/** These are methods, not properties, so that chapters of any types stand in one list. */
export interface Chapter<Given = unknown, Before = unknown, Found = unknown> {
  readonly id: string;
  readonly title: string;
  /** The question as it stands on paper, for any numbers. */
  readonly paper: string;
  /** The numbers of a round, from 1: the same each time it is opened, so that links agree. */
  given(round: number): Given;
  /** What the ranks run before anything can be asked; null where nothing has to. */
  prepare(given: Given, lab: StoryLab): Promise<Before>;
  ask(given: Given, before: Before): Ask;
  /** What the ranks run once there is an answer. */
  run(given: Given, lab: StoryLab, answer: Answer): Promise<Found>;
  judge(judged: Judged<Given, Before, Found>): Verdict;
}

export function isRight({ facts }: Verdict): boolean {
  return facts.every(({ right }) => right);
}

/** Whether every field of the question has an answer that it allows. */
export function isComplete({ fields }: Ask, answer: Answer): boolean {
  return fields.every((field) => {
    const value = answer[field.key];
    if (value === undefined) return false;
    switch (field.kind) {
      case 'number':
        return typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= field.max;
      case 'choice':
      case 'slider':
        return field.options.some((option) => option.value === value);
      case 'line':
        return typeof value === 'number' && value in field.lines;
      default:
        return field satisfies never;
    }
  });
}

/** One of `values` for a round: the first in round 1, then as the seed has it. */
export function inRound<T>(values: readonly T[], round: number, salt: number): T {
  const first = values[0];
  if (first === undefined) throw new Error('a chapter has at least one set of numbers');
  if (round <= 1) return first;
  return values[hash32(salt, round) % values.length] ?? first;
}
