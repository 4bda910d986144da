/** The rank program that times kernels: on a GPU device of its own, which no layer computes on. */

import { LabError } from '../../../base/errors.ts';
import { LinearTuner } from '../../../device/webgpu/tuner.ts';
import { serve } from '../../../host/serve.ts';
import type { TuningProgram } from '../../../protocol/tuning.ts';

function createTuningProgram(): TuningProgram {
  let tuner: LinearTuner | null = null;
  return {
    async open() {
      tuner ??= await LinearTuner.open('tuner');
      const { key, info } = tuner;
      return { key, label: info.label, software: info.software };
    },
    async tune(cls, options) {
      if (tuner === null) throw new LabError('input', 'There is no GPU yet. Call open() first.');
      return tuner.tune(cls, options);
    },
  };
}

serve(createTuningProgram);
