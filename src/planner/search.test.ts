import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bestFabric, FABRICS, type Machine, NETWORKS, problemWithMachine } from '../machines/fabrics.ts';
import { GPUS } from '../machines/gpus.ts';
import { countConfig, countModel } from './model/countModel.ts';
import { memoryOf, searchPlans, tensorDegrees } from './search.ts';
import { PUBLIC_MODELS } from './testing/publicModels.ts';

function machineOf(id: string, perNode: number, nodes = 1): Machine {
  const gpu = GPUS.find((one) => one.id === id);
  const fabric = FABRICS.find((one) => gpu !== undefined && one.id === bestFabric(gpu, perNode));
  if (gpu === undefined || fabric === undefined) throw new Error(`${id} is not known`);
  return { gpu, fabric, perNode, nodes, network: nodes > 1 ? (NETWORKS[0] ?? null) : null, ports: 8 };
}

const modelOf = (repository: string) =>
  countConfig(PUBLIC_MODELS.find((one) => one.repository === repository)?.config);
const LOAD = { sequences: 8, context: 4096, cacheBytes: 2 };

describe('memory', () => {
  it('of R1-Distill-Qwen-14B on two ranks is what vLLM says: 13.95 GiB of weights', () => {
    const text = readFileSync(
      new URL('../../tests/cases/configs/r1-distill-qwen14b.json', import.meta.url),
      'utf8',
    );
    const { weights } = memoryOf(
      countModel(text),
      machineOf('a100', 2),
      { tensor: 2, pipeline: 1, data: 1 },
      LOAD,
    );
    expect(Math.abs((weights * 1e9) / 2 ** 30 / 13.95 - 1)).toBeLessThan(0.02);
  });
});

describe('the search', () => {
  it('needs four GPUs of 80 GB for 70 billion weights of two bytes, and says what is in the way of one', () => {
    const plans = searchPlans(modelOf('meta-llama/Meta-Llama-3-70B'), machineOf('h100', 8), LOAD, 'fewest');
    expect(plans[0]).toMatchObject({ fits: true, gpus: 4 }); // two hold the weights, and not the cache beside a reserve
    expect(plans.find(({ gpus }) => gpus === 1)).toMatchObject({ fits: false, limit: 'memory' });
  });

  it('takes all GPUs of a node for the lowest latency', () => {
    const [best] = searchPlans(modelOf('meta-llama/Meta-Llama-3-70B'), machineOf('h100', 8), LOAD, 'latency');
    expect(best).toMatchObject({ tensor: 8, pipeline: 1, data: 1, limit: 'bandwidth' });
  });

  it('cuts where heads and widths divide', () => {
    expect(tensorDegrees(modelOf('Qwen/Qwen2.5-0.5B'), 64)).toEqual([1, 2]);
    expect(tensorDegrees(modelOf('meta-llama/Meta-Llama-3-8B'), 64)).toEqual([1, 2, 4, 8, 16, 32]);
  });

  it('goes over 4,096 GPUs in a moment', () => {
    const from = performance.now();
    const plans = searchPlans(
      modelOf('meta-llama/Llama-3.1-405B'),
      machineOf('h100', 8, 512),
      LOAD,
      'throughput',
    );
    expect(plans.length).toBeGreaterThan(100);
    expect(Math.max(...plans.map(({ gpus }) => gpus))).toBe(4096);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

it('a machine that cannot be is refused in a sentence', () => {
  expect(problemWithMachine(machineOf('h100', 8))).toBeNull();
  expect(problemWithMachine({ ...machineOf('h100', 8), perNode: 16 })).toBe(
    'NVLink joins at most 8 of H100 SXM. Choose PCIe for 16.',
  );
  expect(problemWithMachine(machineOf('m4-max', 2))).toContain('stands alone');
  expect(problemWithMachine({ ...machineOf('h100', 8, 2), network: null })).toContain('need a network');
});
