/** The rank program of the museum: an exhibit, right or wrong, and how far it lies from what it should be. */

import { type RankContext, serve } from '../../../host/serve.ts';
import { parallelContext } from '../../../parallel/context.ts';
import type { MuseumProgram } from '../../../protocol/lessons.ts';
import { compareOutputs } from '../unsplit.ts';
import { runAlone, runExhibit } from './exhibit.ts';
import { roundingOn } from './rounding.ts';

function createMuseumProgram({ rank, comm, device }: RankContext): MuseumProgram {
  const context = parallelContext(comm, device, { algorithm: 'ring' });
  return {
    async run(exhibit, wrong, seed) {
      const values = await runExhibit(context, { exhibit, wrong, seed });
      const expected = await runAlone(exhibit, seed);
      return { rank, values, expected, check: compareOutputs(values, expected) };
    },
    rounding: async (seed) => roundingOn(2 ** rank, seed),
  };
}

serve(createMuseumProgram);
