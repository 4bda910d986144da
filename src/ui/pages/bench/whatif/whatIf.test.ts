import { describe, expect, it } from 'vitest';
import type { PlaceModel } from '#lab/bench/predict.ts';
import { FABRICS, type Fabric } from '#machines/fabrics.ts';
import { GPUS, type Gpu } from '#machines/gpus.ts';
import { fromHash } from '../../plan/link.ts';
import { guessHere, guessThere, linkOfLayer, planHref } from './whatIf.ts';

const gpuOf = (wanted: string) => GPUS.find(({ id }) => id === wanted) as Gpu;
const fabricOf = (wanted: string) => FABRICS.find(({ id }) => id === wanted) as Fabric;
const fit = { betaGBs: 1, error: 0 };
const place: PlaceModel = {
  backend: 'cpu',
  placement: 'worker',
  unfit: [],
  shared: true,
  links: new Map([
    ['shared-memory-ring', { ...fit, alphaMs: 9, count: 60 }],
    ['shared-memory-auto', { ...fit, alphaMs: 1, count: 12 }],
    ['shared-memory-two-shot', { ...fit, alphaMs: 2, count: 12 }],
  ]),
  rate: { byRanks: new Map([[4, 10]]) },
};
const mlp = { op: 'mlp', shape: { m: 16, hidden: 64, intermediate: 256 } } as const;

describe('a link to the plan', () => {
  it('is one that the Plan page reads', () => {
    const href = planHref({ placement: 'process' }, { alphaMs: 0.001_352_24, betaGBs: 309.94 });
    expect(fromHash(href ?? '').measured).toEqual({ alphaUs: 1.352, betaGBs: 309.9 });
  });

  it('is none of a page’s own ranks, nor of a fit that no machine has', () => {
    const link = { alphaMs: 0.001, betaGBs: 300 };
    expect(planHref({ placement: 'worker' }, link)).toBeNull();
    expect(planHref({ placement: 'process' }, { ...link, alphaMs: 0 })).toBeNull();
    expect(planHref({ placement: 'process' }, { ...link, betaGBs: Number.POSITIVE_INFINITY })).toBeNull();
  });
});

describe('a layer here', () => {
  it('goes over the link of its own case, else over that which layers choose', () => {
    expect(linkOfLayer(place, [])?.alphaMs).toBe(1);
    const own = { worldSize: 4, transport: 'shared-memory-two-shot' } as const;
    expect(linkOfLayer(place, [{ worldSize: 1, transport: 'none' }, own])?.alphaMs).toBe(2);
    expect(linkOfLayer({ ...place, links: new Map() }, [own])).toBeNull();
  });

  it('shares the machine, unless each rank has a GPU of its own', () => {
    const link = linkOfLayer(place, []);
    const time = (shared: boolean, ranks: number) =>
      guessHere({ ...place, shared }, link, mlp, ranks)?.computeMs ?? 0;
    expect(time(true, 16) / time(true, 8)).toBeCloseTo(1, 6);
    expect(time(false, 16) / time(false, 8)).toBeCloseTo(0.5, 6);
  });

  it('cannot be said where no plan or no link is', () => {
    expect(guessHere(place, null, mlp, 2)).toBeNull();
    expect(guessHere(place, null, { op: 'block', shape: {} }, 1)).toBeNull();
  });
});

it('a layer there is on GPUs that the fabric joins', () => {
  const there = (gpu: string, fabric: string, ranks: number) =>
    guessThere(mlp, ranks, gpuOf(gpu), fabricOf(fabric));
  expect(there('rtx-3090', 'nvlink', 2)).not.toBeNull();
  expect(there('rtx-3090', 'nvlink', 4)).toBeNull();
  expect(there('a40', 'pcie5', 2)).toBeNull();
  expect(there('a40', 'pcie5', 1)?.commMs).toBe(0);
});
