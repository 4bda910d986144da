import type { ComponentType } from 'react';
import type { Answer } from '#lab/plan/answer.ts';
import { useDelayed } from '#ui/components/inTime.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { useInTurn } from '#ui/components/useInTurn.ts';
import css from './plan.module.css';
import { usePlan, useStale } from './usePlan.ts';

export interface AnswerProps {
  readonly answer: Answer;
}

interface AnsweredProps {
  /** Memoised: it is drawn anew for another answer alone. */
  readonly Body: ComponentType<AnswerProps>;
  /** Of the panel, and what it says, before there is an answer. */
  readonly title: string;
  readonly waits: string;
}

/** An answer that comes sooner replaces the last one without a flicker. */
const FLICKER_MS = 120;

/** A panel of the answer. Panels take turns, so that the sentence need not wait for all of them. */
export function Answered({ Body, title, waits }: AnsweredProps) {
  const latest = usePlan((state) => state.answer);
  const answer = useInTurn(latest);
  const stale = useDelayed(useStale() || answer !== latest, FLICKER_MS);
  if (answer === null) {
    return (
      <Panel title={title}>
        <p className={css['waiting']}>{waits}</p>
      </Panel>
    );
  }
  return (
    <div className={css['answered']} data-stale={stale || undefined}>
      <Body answer={answer} />
    </div>
  );
}
