import { memo } from 'react';
import { insideGBs, networkGBs } from '#machines/fabrics.ts';
import { EFFICIENCY } from '#planner/pass.ts';
import { Legend } from '#ui/charts/Legend.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { Prose } from '#ui/components/term/Defined.tsx';
import { counted } from '#ui/components/words.ts';
import { formatBytes, formatMs } from '#ui/format.ts';
import { digits, formatBandwidth } from '#ui/units.ts';
import type { AnswerProps } from '../Answered.tsx';
import { From } from '../From.tsx';
import { MEMORY_PARTS } from '../parts.ts';
import { layoutInShort } from '../words.ts';
import css from './machine.module.css';
import { NodePicture } from './NodePicture.tsx';

/** So many nodes are drawn; the others are alike. */
const MOST_NODES = 4;

/** The machine to scale: which GPU has which part, how full it is, and what goes over the links. */
export const MachinePanel = memo(function MachinePanel({ answer }: AnswerProps) {
  return (
    <Panel
      title="The machine"
      hint={`${layoutInShort(answer.plan)}: each GPU’s memory, and what goes over the links`}
    >
      <Machine answer={answer} />
    </Panel>
  );
});

function Machine({ answer }: AnswerProps) {
  const { question, plan: own } = answer;
  const { machine } = question;
  const drawn = Math.min(machine.nodes, MOST_NODES);
  return (
    <div className="stack gap-3 pad-all">
      <Legend
        entries={MEMORY_PARTS.filter(({ part }) => own.memory[part] > 0).map(({ part, label, source }) => ({
          id: part,
          label: `${label} ${digits(own.memory[part])} GB (${source})`,
          mark: <i className={css['mark']} data-memory={part} />,
        }))}
      />
      <div className="row gap-4">
        {Array.from({ length: drawn }, (_, node) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the node
          <NodePicture key={node} node={node} answer={answer} />
        ))}
      </div>
      {machine.nodes > drawn && (
        <p className={css['more']}>and {counted(machine.nodes - drawn, 'node')} more like these</p>
      )}
      <Links answer={answer} />
      <Datasheet answer={answer} />
    </div>
  );
}

/** What a GPU sends in a step, and over what. */
function Links({ answer: { question, plan: own } }: AnswerProps) {
  const { machine } = question;
  const { gpu, fabric, network, perNode, measured } = machine;
  const { collectives, sentBytes, linkMs, totalMs } = own.step;
  if (own.gpus === 1) return <p className={css['links']}>One GPU: nothing goes over a link.</p>;
  const name = fabric.lineGBs === null ? gpu.linkName : fabric.label;
  return (
    <Prose>
      <p className={css['links']}>
        {collectives > 0 ? (
          <>
            Each GPU sends <strong className="num">{formatBytes(sentBytes)}</strong>
            <From source="p" /> in{' '}
            <strong className="num">{counted(Math.round(collectives), 'collective')}</strong>
            <From source="f" /> a step:{' '}
          </>
        ) : (
          'Layers are not cut, so no collective is needed; from stage to stage and back: '
        )}
        <strong className="num">{formatMs(linkMs)}</strong>
        <From source="p" /> of {formatMs(totalMs)}.{' '}
        {perNode > 1 && (
          <>
            {name} carries{' '}
            {measured ? (
              <>
                {digits(measured.betaGBs)} GB/s
                <From source="y" />
              </>
            ) : (
              <>
                {digits(fabric.lineGBs ?? gpu.linkGBs)} GB/s
                <From source="d" /> each way, of which {digits(insideGBs(machine))}
                <From source="p" /> are reached
              </>
            )}
            {network !== null && '; '}
          </>
        )}
        {network !== null && (
          <>
            the {counted(machine.ports, 'port')} of a node {digits(networkGBs(machine, perNode))} GB/s
            <From source="p" /> together
          </>
        )}
        .
      </p>
    </Prose>
  );
}

/** The figures of the GPU that all is worked out from. */
function Datasheet({ answer: { question } }: AnswerProps) {
  const { gpu } = question.machine;
  const { memory, flops } = question.efficiency ?? EFFICIENCY;
  const source = gpu.vendor === 'own' ? 'y' : 'd';
  return (
    <p className={css['links']}>
      {gpu.label}: {digits(gpu.teraflops)} TFLOP/s, {formatBandwidth(gpu.memoryGBs)}, {digits(gpu.memoryGB)}{' '}
      GB
      <From source={source} /> ({gpu.source}), of which {Math.round(100 * flops)} % of the FLOPs and{' '}
      {Math.round(100 * memory)} % of the bandwidth
      <From source="p" /> are reached.
    </p>
  );
}
