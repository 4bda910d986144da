/** A rank that brings 1, 10, 100 and 1000, times its number plus 1, and takes the sum over all ranks. */

import { parallelContext, type RankContext, serve } from 'ringside/rank';

export function program({ rank, comm, device }: RankContext) {
  const { collectives } = parallelContext(comm, device, { algorithm: 'ring' }); // else `auto`, by size
  return {
    async sum() {
      const before = Float32Array.of(1, 10, 100, 1000).map((value) => value * (rank + 1));
      const tensor = device.tensor(before, [4]);
      await collectives.allReduce(tensor); // in place
      const after = await device.read(tensor);
      device.free(tensor);
      return { before, after };
    },
  };
}

serve(program);
