import { useEffect, useRef, useState } from 'react';
import { LabError, sentenceOf } from '#base/errors.ts';
import { measureAdapter } from '#lab/plan/adapter.ts';
import { OWN_GPU } from '#lab/plan/params.ts';
import fields from '#ui/components/fields.module.css';
import { clearMachine } from '#ui/page/machine.ts';
import { usePlan } from '../usePlan.ts';
import { NumberField } from './NumberField.tsx';

type Measuring =
  | { readonly phase: 'idle' | 'measuring' }
  | { readonly phase: 'said'; readonly sentence: string };

/** A GPU that is none of the list: its numbers as they are typed, or as this browser's device has them. */
export function OwnGpu() {
  return (
    <div className={fields['sizes']}>
      {OWN_GPU.map((definition) => (
        <NumberField key={definition.path} definition={definition} />
      ))}
      <MeasureButton />
    </div>
  );
}

/** Runs two products on this machine. Its memory no browser tells. */
function MeasureButton() {
  const change = usePlan((state) => state.change);
  const [measuring, setMeasuring] = useState<Measuring>({ phase: 'idle' });
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const measure = async (): Promise<void> => {
    stop.current = new AbortController();
    setMeasuring({ phase: 'measuring' });
    clearMachine(); // the ranks of other pages would share what is measured
    try {
      const { label, ...found } = await measureAdapter(stop.current.signal);
      const [teraflops, bandwidth] = [rounded(found.teraflops), rounded(found.memoryGBs)];
      // What was reached needs no share of a peak any more.
      change({ teraflops, bandwidth, reads: 100, computes: 100 });
      const sentence = `${label} reached ${teraflops} TFLOP/s in float32 and ${bandwidth} GB/s here, so the shares of the peaks are 100 % now. How much memory it has no browser tells: type it.`;
      setMeasuring({ phase: 'said', sentence });
    } catch (thrown) {
      const stopped = thrown instanceof LabError && thrown.code === 'closed';
      setMeasuring(stopped ? { phase: 'idle' } : { phase: 'said', sentence: sentenceOf(thrown) });
    }
  };
  const busy = measuring.phase === 'measuring';
  return (
    <>
      <button
        type="button"
        className="ghost"
        onClick={busy ? () => stop.current?.abort() : () => void measure()}
      >
        {busy ? 'Measuring … Stop' : 'Measure this browser’s device'}
      </button>
      <p className={fields['field-note']} role="status">
        {measuring.phase === 'said' && measuring.sentence}
      </p>
    </>
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
