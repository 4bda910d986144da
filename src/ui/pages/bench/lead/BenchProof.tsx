import { useMemo } from 'react';
import type { RunHeader } from '#lab/bench/state.ts';
import { doubtOf } from '#lab/bench/trust.ts';
import { labelsOf } from '#ui/components/devices.ts';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { counted } from '#ui/components/words.ts';
import { Proof } from '#ui/page/Lead.tsx';
import { speedUpNote } from '#ui/pages/split/honesty/honesty.ts';
import bench from '../bench.module.css';
import { layerPlaceLabel, opLabel, shapeLabel } from '../series.ts';
import { useResults, useShown } from '../useBench.ts';
import { verdictOf } from './findings.ts';

/** Whether what was measured was right, and on demand how that was checked and on what it ran. */
export function BenchProof() {
  const header = useShown();
  const results = useInTurn(useResults());
  const verdict = useMemo(
    () => (header === null ? null : verdictOf(results, header.state)),
    [results, header],
  );
  if (header === null || verdict === null || results.length === 0) return null;
  const bad = results.filter((result) => !result.ok);
  return (
    <Proof pass={verdict.pass} text={verdict.text}>
      {bad.length > 0 && (
        <ul className={bench['bad']}>
          {bad.slice(0, 8).map((result) => (
            <li
              key={`${result.op} ${layerPlaceLabel(result)} ${result.worldSize} ${result.bytes} ${shapeLabel(result)}`}
            >
              {opLabel(result.op)}, {layerPlaceLabel(result)}, {counted(result.worldSize, 'rank')}:{' '}
              {doubtOf(result)}
            </li>
          ))}
          {bad.length > 8 && <li>and {bad.length - 8} more; the table has them all.</li>}
        </ul>
      )}
      <p>
        Collectives are compared element by element with what they have to be, bit for bit; layers, on rank 0,
        element by element with the unsplit layer on one CPU rank; products with float64 sums: small ones
        element by element, large ones in rows and columns scattered over all of them. The time of an
        iteration is that of its slowest rank; the spread is the middle half of the samples over their median.
        What takes less than a millisecond, or on a GPU less than 20, is run many times before it is waited
        for, and a sample is the mean: else it would be the steps of the clock, or the wait for the GPU, that
        is measured.
      </p>
      <Ran header={header} />
    </Proof>
  );
}

/** On what, and what that means for speed. */
function Ran({ header }: { readonly header: RunHeader }) {
  const { devices, environment, options, imported } = header;
  const { cores, crossOriginIsolated, userAgent, commit } = environment;
  const most = Math.max(1, ...(options?.ranks ?? []));
  return (
    <>
      {devices.map((device) => (
        <p key={device.kind}>
          <strong>{device.label}.</strong>{' '}
          {speedUpNote(
            Array.from({ length: most }, () => device),
            cores,
          )}
        </p>
      ))}
      <p>
        {imported ? 'Imported. ' : ''}
        {devices.length === 0 && Object.values(environment.adapter).join(' ')} {userAgent}
        {cores > 0 && `, ${cores} cores`}
        {crossOriginIsolated === true && ', cross-origin isolated'}
        {crossOriginIsolated === false && ', not cross-origin isolated: its clock is coarse'}
        {commit !== '' && `, commit ${commit}`}.
        {devices.length > 1 && labelsOf(devices).size > 1 && ' Both devices ran one after the other.'}
      </p>
    </>
  );
}
