import { memo } from 'react';
import { spanName } from '#base/trace.ts';
import { Disclosure } from '../components/Fold.tsx';
import { RankBadge, ScrollRegion } from '../components/Panel.tsx';
import { formatBytes, formatCount, formatFlops, formatMs } from '../format.ts';
import css from './clock.module.css';
import type { ClockModel, Stretch } from './stretch.ts';

/** Thousands of rows help nobody. */
const MOST = 400;

/** The clock as a table. Built only when it is opened, and not anew when a bar is pointed at. */
export const SpanTable = memo(function SpanTable({ model }: { readonly model: ClockModel }) {
  return <Disclosure title="The spans as a table">{() => <Rows model={model} />}</Disclosure>;
});

function Rows({ model }: { readonly model: ClockModel }) {
  const stretches = [...model.stretches].sort((a, b) => a.startMs - b.startMs);
  return (
    <ScrollRegion label="The spans as a table" className={css['rows']}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">What</th>
            <th scope="col">Start</th>
            <th scope="col">Took</th>
            <th scope="col">Bytes</th>
            <th scope="col">FLOPs</th>
          </tr>
        </thead>
        <tbody>
          {stretches.slice(0, MOST).map((stretch) => (
            <Row key={keyOf(stretch)} stretch={stretch} model={model} />
          ))}
        </tbody>
      </table>
      {stretches.length > MOST && (
        <p className={css['more']}>
          The first {MOST} of {formatCount(stretches.length)}.
        </p>
      )}
    </ScrollRegion>
  );
}

function Row({ stretch, model }: { readonly stretch: Stretch; readonly model: ClockModel }) {
  const { span, kind, startMs, endMs } = stretch;
  const what = model.nameOf(stretch);
  return (
    <tr>
      <td>
        <RankBadge rank={span.rank} />
      </td>
      <td>{what}</td>
      <td className="num">{formatMs(startMs - model.startMs)}</td>
      <td className="num">{formatMs(endMs - startMs)}</td>
      <td className="num">{span.bytes === undefined || kind === 'wait' ? '' : formatBytes(span.bytes)}</td>
      <td className="num">{span.flops === undefined ? '' : formatFlops(span.flops)}</td>
    </tr>
  );
}

function keyOf({ span, kind, startMs }: Stretch): string {
  const place = span.kind === 'step' ? `${span.index} ${span.segment}` : '';
  return `${span.rank} ${spanName(span)} ${kind} ${place} ${startMs}`;
}
