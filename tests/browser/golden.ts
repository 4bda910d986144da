/** What PyTorch made of each layer, from tests/golden. */

import { parseSafetensors, type Safetensors } from '../../src/checkpoint/safetensors.ts';
import type { BlockConfig } from '../../src/program/configs.ts';
import type { LayerName, LayerSpec } from '../../src/program/layers.ts';
import type { LayerCase, NormSpec, WholeTensor } from './openLayer.ts';

export interface GoldenCase extends LayerCase {
  readonly name: string;
  /** `[tokens, …]`, of all passes one after another. */
  readonly y: Float32Array;
  /** Of the numbers: 1, or larger where they are to be large. */
  readonly scale: number;
  /** Tokens that chose each expert; null where it was not noted. */
  readonly routing: readonly number[] | null;
}

/** A case as the metadata has it; its tensors lie beside. */
type Listed = (LayerSpec | NormSpec) & {
  readonly name: string;
  readonly passes: readonly number[];
  readonly ids?: readonly number[];
  readonly scale?: number;
  readonly routing?: readonly number[];
};

const urls: Record<string, string> = import.meta.glob('../golden/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** The cases of these files, in every way that must give the same output. */
export async function goldenCases(...files: readonly (LayerName | 'norms')[]): Promise<GoldenCase[]> {
  const read = files.map(async (file) => {
    const response = await fetch(urls[`../golden/${file}.safetensors`] ?? '');
    return casesOf(await response.arrayBuffer());
  });
  return (await Promise.all(read)).flat();
}

/** Those of one file. */
export function casesOf(file: ArrayBuffer): GoldenCase[] {
  const golden = parseSafetensors(file);
  const listed: Listed[] = JSON.parse(golden.metadata['cases'] ?? '[]');
  return listed.flatMap((one, number) => waysOf(one).map((way) => caseOf(golden, way, number)));
}

function caseOf(golden: Safetensors, listed: Listed, number: number): GoldenCase {
  const weights: Record<string, WholeTensor> = {};
  const prefix = `${number}.weights.`;
  for (const [key, { shape }] of golden.tensors) {
    if (key.startsWith(prefix)) weights[key.slice(prefix.length)] = { shape, data: golden.float32(key) };
  }
  const { name, passes, ids = [], scale = 1, routing = null, ...spec } = listed;
  const x = golden.tensors.has(`${number}.x`) ? golden.float32(`${number}.x`) : new Float32Array(0);
  return {
    name: `${spec.layer} ${name}`,
    spec,
    passes,
    ids,
    x,
    weights,
    y: golden.float32(`${number}.y`),
    scale,
    routing,
  };
}

/** A layer's ways to compute one and the same output. */
function waysOf(listed: Listed): Listed[] {
  const called = (way: string): string => `${listed.name}, ${way}`;
  switch (listed.layer) {
    case 'mla':
      return (['naive', 'absorbed'] as const).map((cache) => ({
        ...listed,
        name: called(cache),
        config: { ...listed.config, cache },
      }));
    case 'moe':
      if (listed.config.sharedExperts === 0) return [listed];
      return (['each', 'once'] as const).map((reduce) => ({
        ...listed,
        name: called(`reduce ${reduce}`),
        config: { ...listed.config, reduce },
      }));
    case 'block': {
      const { attention, mlp } = listed.config;
      const ways: { way: string; config: Partial<BlockConfig> }[] = [
        { way: 'as it is', config: {} },
        { way: 'sequence parallel', config: { sequenceParallel: true } },
      ];
      if (attention.kind === 'mla' && mlp.kind === 'moe') {
        const other = {
          attention: { ...attention, cache: 'absorbed' },
          mlp: { ...mlp, reduce: 'once' },
        } as const;
        ways.push({ way: 'absorbed, one reduce', config: other });
        ways.push({ way: 'absorbed, sequence parallel', config: { ...other, sequenceParallel: true } });
      }
      return ways.map(({ way, config }) => ({
        ...listed,
        name: called(way),
        config: { ...listed.config, ...config },
      }));
    }
    default:
      return [listed];
  }
}
