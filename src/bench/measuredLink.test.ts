import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { predictCollective } from './costModel.ts';
import { linkOfTable, type TableLink } from './measuredLink.ts';

const tableOf = (name: string): string =>
  readFileSync(new URL(`../../tests/cases/tables/${name}`, import.meta.url), 'utf8');

function fitted(text: string): TableLink {
  const found = linkOfTable(text);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('the link of a table', () => {
  it('is that of eight A100 over NVLink, within what they are known to do', () => {
    const { link, ranks, op, points, machine, nodes } = fitted(tableOf('nccl-a100-8.txt'));
    expect({ ranks, op, points }).toEqual({ ranks: 8, op: 'all_reduce', points: 4 });
    expect(machine).toBe('NVIDIA A100-SXM4-80GB, nccl-tests');
    expect(nodes).toBe(1);
    expect(fitted(tableOf('nccl-h100-16-tagged.txt')).nodes).toBe(2);
    expect(link.from).toBe('NVIDIA A100-SXM4-80GB, nccl-tests: all_reduce on 8 ranks');
    // 18 µs in 14 steps, and at most the links' 300 GB/s each way, or what switches and smaller headers make of them.
    expect(link.alphaUs).toBeGreaterThan(1);
    expect(link.alphaUs).toBeLessThan(1.6);
    expect(link.betaGBs).toBeGreaterThan(250);
    expect(link.betaGBs).toBeLessThan(400);
    expect(link.error).toBeLessThan(0.1);
    const model = { alphaMs: link.alphaUs / 1000, betaGBs: link.betaGBs };
    expect(predictCollective(model, 'all_reduce', 8, 16_777_216) / 0.12047).toBeCloseTo(1, 0);
  });

  it.each([
    ['rccl-mi300x-8.txt', 8, 'all_reduce'],
    ['nccl-h100-16-tagged.txt', 16, 'all_reduce'],
    ['nccl-cut-4.txt', 4, 'all_gather'],
    ['torch-all-reduce-4.txt', 4, 'all_reduce'],
    ['torch-dist-bench-8.txt', 8, 'reduce_scatter'],
    ['param-8.txt', 8, 'all_reduce'],
    ['deepspeed-8.txt', 8, 'all_reduce'],
    ['gloo-new.txt', 4, 'all_reduce'],
  ])('of %s is on %d ranks', (name, ranks, op) => {
    const found = fitted(tableOf(name));
    expect(found).toMatchObject({ ranks, op });
    expect(found.link.betaGBs).toBeGreaterThan(0);
    expect(found.link.alphaUs).toBeGreaterThanOrEqual(0);
    expect(found.link.error).toBeGreaterThanOrEqual(0);
  });

  it('is of the all-reduce on most ranks, where there are others beside it', () => {
    const both = `${tableOf('nccl-cut-4.txt')}\n${tableOf('nccl-a100-8.txt')}`;
    expect(fitted(both)).toMatchObject({ op: 'all_reduce', ranks: 8 });
  });

  it.each([
    [
      'one size',
      tableOf('nccl-half.json'),
      'One size of all_reduce does not tell latency from bandwidth. Measure small',
    ],
    ['serving', tableOf('vllm-serve.json'), 'These are results of serving. A link is told by collectives'],
    ['nothing', 'hello', 'Nothing in this text is known here.'],
    ['layers', '{"schema":"ringside-bench/2"}', 'schema is "ringside-bench/2"'],
  ])('is a sentence of %s', (_, text, sentence) => {
    expect(linkOfTable(text)).toContain(sentence);
  });
});
