import { useMemo } from 'react';
import { tokenAt } from '#lab/model/conversation.ts';
import { pictureOf } from '#lab/model/inspected.ts';
import type { Inspected } from '#lab/model/state.ts';
import fields from '#ui/components/fields.module.css';
import { Segmented } from '#ui/components/Options.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { LabelledSelect } from '#ui/components/Select.tsx';
import { Scrubber } from '#ui/components/scrubber/Scrubber.tsx';
import { FlowView } from '#ui/pages/layers/flow/FlowView.tsx';
import { shapeText } from '#ui/pages/layers/flow/flowWords.ts';
import { OpenedBody } from '#ui/pages/layers/opened/OpenedBody.tsx';
import { momentOf, trackOf } from '#ui/pages/layers/track.ts';
import { useOpenedRank } from '#ui/pages/layers/useLayers.ts';
import { shownText } from '../lead/words.ts';
import { useModel } from '../useModel.ts';
import { AttentionPanel } from './AttentionPanel.tsx';
import css from './inspect.module.css';
import { PassClock } from './PassClock.tsx';
import { RoutingPanel } from './RoutingPanel.tsx';

/** A token's pass, taken apart: its clock, and any layer of it step by step, with every tensor. */
export function InspectPanel() {
  const inspected = useModel((state) => state.inspected);
  return inspected === null ? null : <Inspection inspected={inspected} />;
}

function Inspection({ inspected }: { readonly inspected: Inspected }) {
  const inspect = useModel((state) => state.inspect);
  const token = useModel(({ turns }) => tokenAt(turns, inspected.place));
  const { pass } = inspected;
  return (
    <section className="stack one-column gap-4" aria-label="The token, taken apart">
      <Panel
        title={`“${shownText(token?.text ?? '')}” taken apart`}
        hint="its pass once more, one operation at a time, each waited for"
        action={
          <button type="button" className="ghost" onClick={() => inspect(null)}>
            Put away
          </button>
        }
      >
        <p className={css['verdict']} data-wrong={pass.differences.length > 0 || undefined}>
          {pass.differences.length === 0
            ? `✓ All ${pass.ranks[0]?.events.length ?? 0} operations and collectives of each rank were those of the plan, in its order and with its sizes.`
            : `✗ ${pass.differences.length} steps were not those of the plan.`}
        </p>
        <PassClock inspected={inspected} />
      </Panel>
      <PartPicker inspected={inspected} />
      <PartFlow inspected={inspected} />
      <div className={css['two']}>
        <OpenedPanel inspected={inspected} />
        <div className="stack one-column gap-4">
          <AttentionPanel inspected={inspected} />
          <RoutingPanel inspected={inspected} />
        </div>
      </div>
    </section>
  );
}

/** More buttons than this do not fit in a line. */
const MOST_BUTTONS = 9;

function PartPicker({ inspected: { pass, part } }: { readonly inspected: Inspected }) {
  const showPart = useModel((state) => state.showPart);
  const options = pass.parts.map(({ label }, value) => ({ value, label }));
  const choose = (value: number): void => showPart(value);
  return (
    <div className={`panel pad ${css['picker']} ${fields['inline']}`}>
      {options.length <= MOST_BUTTONS ? (
        <Segmented label="Part of the model" value={part} options={options} onChange={choose} />
      ) : (
        <LabelledSelect label="Part of the model" value={part} options={options} onChange={choose} />
      )}
    </div>
  );
}

/** The part as a picture, and the scrubber that goes through its steps. */
function PartFlow({ inspected }: { readonly inspected: Inspected }) {
  const { pass, part, selected } = inspected;
  const at = useModel((state) => state.at);
  const playing = useModel((state) => state.playing);
  const { seek, step, play, pause, select } = useModel((state) => state);
  const shown = pass.parts[part];
  const picture = useMemo(() => shown && pictureOf(pass, shown), [pass, shown]);
  const track = useMemo(() => shown && trackOf(shown.plan), [shown]);
  if (shown === undefined || picture === undefined || track === undefined) return null;
  return (
    <div className={css['flow']}>
      <FlowView plan={shown.plan} run={picture} at={at} selected={selected} onSelect={select} />
      <div className={`panel ${css['scrubber']}`}>
        <Scrubber
          {...track}
          at={Math.min(at, track.segments.length - 1)}
          playing={playing}
          disabled={false}
          moment={momentOf(shown.plan, at)}
          actions={{ seek, step, play, pause }}
        />
      </div>
    </div>
  );
}

/** The values of a tensor of the part, on each rank that has any. */
function OpenedPanel({ inspected }: { readonly inspected: Inspected }) {
  const { pass, part, selected, opened } = inspected;
  const select = useModel((state) => state.select);
  const { rank: chosen } = useOpenedRank();
  const plan = pass.parts[part]?.plan;
  const tensor = plan?.tensors.get(selected);
  if (plan === undefined || tensor === undefined) return null;
  const rank = Math.min(chosen, plan.worldSize - 1);
  const mine = opened?.id === selected ? opened : null;
  return (
    <Panel
      title={`${selected === plan.output ? 'Its output' : 'Selected'}: ${tensor.label} on rank ${rank}`}
      hint={<span className="num">{shapeText(tensor.shapes[rank] ?? [])}</span>}
    >
      <OpenedBody plan={plan} tensor={tensor} opened={mine} rank={rank} onSelect={select} />
    </Panel>
  );
}
