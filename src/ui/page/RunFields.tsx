import type { ReactNode } from 'react';
import type { Kinds } from '#lab/experiment.ts';
import { nextSeed } from '#lab/parameters.ts';
import type { DeviceChoice } from '#protocol.ts';
import { noWebGpu } from '#ui/components/devices.ts';
import fields from '#ui/components/fields.module.css';
import { Segmented } from '#ui/components/Options.tsx';
import css from './frame.module.css';
import type { ExperimentPageStore } from './pageStore.ts';

interface FieldProps<E extends Kinds> {
  readonly store: ExperimentPageStore<E>;
}

/** For aria-describedby of the field that is wrong. */
export function problemId({ experiment }: { readonly experiment: { readonly id: string } }): string {
  return `${experiment.id}-problem`;
}

/** Why the parameters cannot run, and what would. The last good run stays on the page meanwhile. */
export function Problem<E extends Kinds>({ store }: FieldProps<E>) {
  const problem = store.use((state) => state.problem);
  const hasRun = store.use((state) => state.run !== null);
  return <ProblemText id={problemId(store)} problem={problem} hasRun={hasRun} />;
}

interface ProblemTextProps {
  readonly id: string;
  /** Null where there is none. */
  readonly problem: string | null;
  readonly hasRun: boolean;
  /** What is still there then. */
  readonly rest?: string;
}

export function ProblemText({
  id,
  problem,
  hasRun,
  rest = 'The picture still shows the last run.',
}: ProblemTextProps) {
  return (
    <div role="alert" id={id} className={css['problem']} hidden={problem === null}>
      {problem !== null && (
        <p>
          {problem} {hasRun && <span>{rest}</span>}
        </p>
      )}
    </div>
  );
}

interface DeviceChoicesProps {
  readonly value: DeviceChoice;
  readonly onChange: (device: DeviceChoice) => void;
  /** Why there is no WebGPU; null where there is. */
  readonly missing: string | null;
  /** What else there is to say. */
  readonly children?: ReactNode;
}

/** What the ranks compute on. WebGPU is offered only where it is there. */
export function DeviceChoices({ value, onChange, missing, children }: DeviceChoicesProps) {
  return (
    <div>
      <Segmented<DeviceChoice>
        label="Device"
        value={value}
        onChange={onChange}
        options={[
          { value: 'auto', label: 'Auto' },
          { value: 'webgpu', label: 'WebGPU', disabled: missing ?? undefined },
          { value: 'cpu', label: 'CPU' },
        ]}
      />
      {missing !== null && <p className={fields['field-note']}>{missing}</p>}
      {children}
    </div>
  );
}

export function DeviceField<E extends Kinds>({ store }: FieldProps<E>) {
  const device = store.use((state) => state.params.device);
  const change = store.use((state) => state.change);
  const missing = store.use(({ run }) =>
    noWebGpu(run === null ? null : { device: run.params.device, devices: run.devices }),
  );
  const choose = (next: DeviceChoice): void => change({ device: next } as Partial<E['params']>);
  return <DeviceChoices value={device} onChange={choose} missing={missing} />;
}

/** Other numbers. @param again offers another run of the same ones */
export function SeedField<E extends Kinds>({
  store,
  again = false,
}: FieldProps<E> & { readonly again?: boolean }) {
  const seed = store.use((state) => state.params.seed);
  const change = store.use((state) => state.change);
  const rerun = store.use((state) => state.rerun);
  const cannotRun = store.use((state) => state.problem !== null);
  return (
    <div className={css['seed']}>
      <button
        type="button"
        className="ghost"
        onClick={() => change({ seed: nextSeed(seed) } as Partial<E['params']>)}
      >
        New numbers
      </button>
      <span className="num">seed {seed}</span>
      {again && (
        <button type="button" className="ghost" disabled={cannotRun} onClick={rerun}>
          Run again
        </button>
      )}
    </div>
  );
}
