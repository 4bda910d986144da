import { type KeyboardEvent, type SyntheticEvent, useMemo, useRef, useState } from 'react';
import type { PictureRun } from '#lab/layers/run.ts';
import { type LayerPlan, stepsOf } from '#program/plan.ts';
import { useOpenedRank } from '../useLayers.ts';
import { nodeAfterKey } from './arrowKeys.ts';
import { Backdrop } from './Backdrop.tsx';
import css from './flow.module.css';
import type { FlowLayout } from './layoutTypes.ts';
import { litBy } from './made.ts';
import { Overlay } from './Overlay.tsx';
import { RowView } from './RowView.tsx';
import { useAnchor, useFollow } from './useFollow.ts';

interface FlowPictureProps {
  readonly plan: LayerPlan;
  readonly run: PictureRun | null;
  readonly layout: FlowLayout;
  /** The ranks on which a step was not as planned, by its id. */
  readonly parted: ReadonlyMap<string, readonly number[]>;
  /** The step that is shown; those behind it are still to come. */
  readonly at: number;
  /** The tensor that is open. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

const NOWHERE: readonly number[] = [];

/** The picture at the scrubber's moment. One Tab leads to it, arrows move inside, Enter opens a tensor. */
export function FlowPicture({ plan, run, layout, parted, at, selected, onSelect }: FlowPictureProps) {
  const { rank, choose } = useOpenedRank();
  const [pointed, setPointed] = useState<string | null>(null);
  const [tabKey, setTabKey] = useState<string | null>(null);
  const root = useRef<HTMLFieldSetElement>(null);
  useFollow(root, run === null ? null : at);
  const anchor = useAnchor(root, layout);

  const { rows, lanes, width, height } = layout;
  const steps = useMemo(() => stepsOf(plan), [plan]);
  const nodes = useMemo(() => rows.flatMap((row) => row.nodes), [rows]);
  const lit = useMemo(() => (pointed === null ? [] : litBy(plan, rows, pointed)), [plan, rows, pointed]);
  const tabbable = nodes.some(({ key }) => key === tabKey) ? tabKey : (nodes[0]?.key ?? null);
  const nodeOf = (event: SyntheticEvent) => {
    const key = event.target instanceof Element ? event.target.closest('[data-key]') : null;
    return nodes.find((node) => node.key === key?.getAttribute('data-key'));
  };
  const keyDown = (event: KeyboardEvent): void => {
    const from = nodeOf(event);
    if (from === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = nodeAfterKey(nodes, from, event.key);
    if (to === null) return;
    event.preventDefault();
    const found = root.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(to.key)}"]`);
    found?.focus();
  };
  return (
    <fieldset
      ref={root}
      className={css['picture']}
      aria-label="The steps of the layer, rank beside rank. Arrow keys move, Enter opens a tensor."
      style={{ width, height }}
      onClick={(event) => {
        const node = nodeOf(event);
        if (node === undefined) return;
        anchor(node.key);
        onSelect(node.tensor);
        if (node.rank !== null) choose(node.rank);
      }}
      onKeyDown={keyDown}
      onPointerOver={(event) => setPointed(nodeOf(event)?.key ?? null)}
      onPointerLeave={() => setPointed(null)}
      onFocus={(event) => {
        const key = nodeOf(event)?.key ?? null;
        setTabKey(key);
        setPointed(key);
      }}
      onBlur={() => setPointed(null)}
    >
      <Backdrop layout={layout} />
      {rows.map((row) => (
        <RowView
          key={`${row.step} ${row.nodes[0]?.key ?? ''}`}
          plan={plan}
          row={row}
          lanes={lanes}
          state={run === null || row.step < at ? 'past' : row.step === at ? 'now' : 'ahead'}
          times={run?.times.get(steps[row.step]?.id ?? '')}
          parted={run === null ? null : (parted.get(steps[row.step]?.id ?? '') ?? NOWHERE)}
          tabKey={row.nodes.some(({ key }) => key === tabbable) ? tabbable : null}
          selected={row.nodes.some(({ tensor }) => tensor === selected) ? selected : null}
        />
      ))}
      <Overlay
        width={width}
        height={height}
        lit={lit}
        open={nodes.filter((node) => node.tensor === selected && node.kind !== 'op')}
        rank={rank}
      />
    </fieldset>
  );
}
