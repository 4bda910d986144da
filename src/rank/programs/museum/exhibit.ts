/** Runs an exhibit of the museum on a rank, on numbers drawn from a seed. */

import { Recorder } from '../../../base/trace.ts';
import { Communicator } from '../../../comm/communicator.ts';
import { createCpuDevice } from '../../../device/cpu/device.ts';
import { allocateGroup } from '../../../group/memory.ts';
import { lengthOf } from '../../../numerics/ranges.ts';
import { type ParallelContext, parallelContext } from '../../../parallel/context.ts';
import { ProgramLayer } from '../../../parallel/ProgramLayer.ts';
import { rangeOf } from '../../../program/cuts.ts';
import { type ExhibitId, MUSEUM, museumProgram } from '../../../program/museum.ts';
import { seededRows, seededWeights } from '../layer/numbers.ts';
import { raceOfWindows } from './windowRace.ts';

/** y as this rank holds it: a row a token. */
export async function runExhibit(
  context: ParallelContext,
  { exhibit, wrong, seed }: { readonly exhibit: ExhibitId; readonly wrong: boolean; readonly seed: number },
): Promise<Float32Array> {
  const { device, rank, worldSize } = context;
  if (exhibit === 'window') return windowOf(rank, worldSize, seed, !wrong);
  const layer = new ProgramLayer(context, () => museumProgram(exhibit, worldSize, wrong), MUSEUM.tokens);
  await layer.load(seededWeights(seed, MUSEUM.hidden));
  const [input] = layer.program(MUSEUM.tokens).inputs;
  const rows = input?.cut ? rangeOf(input.cut, rank) : { start: 0, end: MUSEUM.tokens };
  const x = device.tensor(seededRows(seed, rows, MUSEUM.hidden), [lengthOf(rows), MUSEUM.hidden]);
  const y = await layer.run({ x }, MUSEUM.tokens);
  const values = (await device.read(y)).slice();
  device.free(x, y);
  layer.free();
  return values;
}

/** Each rank's term is a share of one sum, so that on any number of ranks the same comes out. */
function windowOf(rank: number, worldSize: number, seed: number, barrier: boolean): Float32Array {
  const all = { start: 0, end: MUSEUM.tokens };
  const shares = (worldSize * (worldSize + 1)) / 2;
  const terms = [seed, seed + 1].map((of) => {
    const sum = seededRows(of, all, MUSEUM.hidden);
    return Array.from({ length: worldSize }, (_, r) => sum.map((value) => (value * (r + 1)) / shares));
  });
  return raceOfWindows({ worldSize, terms, barrier })[rank] ?? new Float32Array(0);
}

/** The same written right, on one rank: what all others are held against. */
export async function runAlone(exhibit: ExhibitId, seed: number): Promise<Float32Array> {
  const recorder = new Recorder(0, { trace: 'off' });
  const comm = new Communicator(allocateGroup(1, { arenaBytes: 0 }), { rank: 0, recorder });
  const device = createCpuDevice({ recorder, arena: comm.arena });
  const values = await runExhibit(parallelContext(comm, device), { exhibit, wrong: false, seed });
  device.close();
  return values;
}
