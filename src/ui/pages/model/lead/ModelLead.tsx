import { useMemo } from 'react';
import { LeadText, LeadToCome, RunStatus } from '#ui/page/Lead.tsx';
import { useModel } from '../useModel.ts';
import { doingText, modelLabel, sentenceOf } from './words.ts';

/** What the ranks write, or wrote. */
export function ModelLead() {
  const folder = useModel((state) => state.folder);
  const loaded = useModel((state) => state.loaded);
  const turns = useModel((state) => state.turns);
  const doing = useModel((state) => state.doing);
  const phase = useModel((state) => state.phase);
  const problem = useModel((state) => state.problem);
  const started = useModel((state) => state.started);
  const params = useModel((state) => state.params);
  const sentence = useMemo(
    () => (loaded === null || turns.length === 0 ? null : sentenceOf({ folder, loaded, turns, doing })),
    [folder, loaded, turns, doing],
  );
  if (sentence !== null) return <LeadText {...sentence} />;
  if (problem !== null)
    return <LeadText title="This link asks for something that cannot run" body={[problem]} />;
  const busy = phase !== 'idle';
  const begun = phase === 'running' ? 'prefill' : 'starting';
  const status = busy ? doingText(doing ?? begun, started) : 'Nothing has been written yet';
  const body = `A language model, ${modelLabel(params.model)}, cut over ${params.ranks} ranks: each holds its own part of every weight, and for each token they add and gather what they have.`;
  return <LeadToCome status={status} busy={busy} sentence={{ title: status, body: [body] }} />;
}

/** What is under way, and a way to end it. */
export function ModelStatus() {
  const phase = useModel((state) => state.phase);
  const doing = useModel((state) => state.doing);
  // What is known of ranks that are gone is of the text, until others are there.
  const ranks = useModel(({ alive, loaded, started }) => (alive ? loaded?.worldSize : null) ?? started);
  const comparing = useModel((state) => state.comparing);
  const stopText = useModel((state) => state.stopText);
  return (
    <RunStatus busy={phase !== 'idle'} onStop={stopText}>
      {doingText(doing ?? (phase === 'running' ? 'prefill' : 'starting'), ranks)}
      {comparing !== null && `, text ${comparing.at} of ${comparing.of}`}
    </RunStatus>
  );
}
