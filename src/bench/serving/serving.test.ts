import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMeasured, parseRecord } from '../parseRecord.ts';
import type { ServingResult } from './serving.ts';

const tableOf = (name: string): string =>
  readFileSync(new URL(`../../../tests/cases/tables/${name}`, import.meta.url), 'utf8');

const VLLM: ServingResult = {
  source: 'vllm',
  backend: 'vllm',
  model: 'meta-llama/Llama-3.1-8B-Instruct',
  tensorParallel: 2,
  requestRate: Number.POSITIVE_INFINITY,
  concurrency: 32,
  completed: 200,
  seconds: 41.25,
  inputTokens: 204_800,
  outputTokens: 25_600,
  requestsPerSecond: 200 / 41.25,
  outputTokensPerSecond: 25_600 / 41.25,
  totalTokensPerSecond: 230_400 / 41.25,
  ttftMs: { median: 187.25, p99: 512.75 },
  tpotMs: { median: 49.125, p99: 55.5 },
  itlMs: { median: 46.75, p99: 101.5 },
};

describe('results of serving', () => {
  it('of vLLM, from JSON', () => {
    const { records, serving } = parseMeasured(tableOf('vllm-serve.json'));
    expect(records).toEqual([]);
    expect(serving).toEqual([VLLM]);
  });

  it('of SGLang, a line each, with the Infinity that Python writes', () => {
    const { serving } = parseMeasured(tableOf('sglang.jsonl'));
    const common = {
      source: 'sglang',
      backend: 'sglang',
      model: 'Qwen/Qwen2.5-72B-Instruct',
      tensorParallel: 8,
      completed: 128,
    };
    expect(serving).toMatchObject([
      {
        ...common,
        requestRate: Number.POSITIVE_INFINITY,
        concurrency: 16,
        outputTokensPerSecond: 1024,
        totalTokensPerSecond: 3072,
        ttftMs: { median: 180.5, p99: 541.5 },
        tpotMs: { median: 14.25, p99: 21.375 },
      },
      {
        ...common,
        requestRate: 4,
        concurrency: null,
        outputTokensPerSecond: 1638.4,
        itlMs: { median: 11, p99: 44 },
      },
    ]);
  });

  it('from the summary that is printed, and the command above it', () => {
    const text = tableOf('serving-summary.txt');
    const { serving } = parseMeasured(text.replace('--model', '--tensor-parallel-size 4 --model'));
    expect(serving).toEqual([
      {
        ...VLLM,
        backend: '',
        model: 'Qwen/Qwen3-32B',
        tensorParallel: 4,
        requestRate: 1,
        concurrency: null,
        seconds: 211.9,
        inputTokens: 40_000,
        requestsPerSecond: 0.94,
        outputTokensPerSecond: 120.81,
        totalTokensPerSecond: 65_600 / 211.9,
        ttftMs: { median: 211.51, p99: 317.18 },
        tpotMs: { median: 99.19, p99: 101.52 },
        itlMs: { median: 97.4, p99: 120.03 },
      },
    ]);
    const sglang = text.replace(
      'Request rate configured (RPS):           1.00',
      'Traffic request rate:   inf',
    );
    expect(parseMeasured(sglang.replaceAll(/^/gm, '0: ')).serving).toMatchObject([
      { source: 'sglang', requestRate: Number.POSITIVE_INFINITY, model: 'Qwen/Qwen3-32B' },
    ]);
  });

  it('may lack what a client was not asked for', () => {
    const json = JSON.parse(tableOf('vllm-serve.json'));
    const { p99_ttft_ms: _, median_itl_ms: __, ...rest } = json;
    const [one] = parseMeasured(JSON.stringify(rest)).serving;
    expect(one).toMatchObject({ ttftMs: { median: 187.25, p99: null }, itlMs: null });
  });

  it('stand beside collectives in one text, and are none', () => {
    const both = `${tableOf('nccl-half.json')}${tableOf('vllm-serve.json')}`;
    const { records, serving } = parseMeasured(both);
    expect([records.length, serving.length]).toEqual([1, 1]);
    expect(() => parseRecord(tableOf('vllm-serve.json'))).toThrow('These are results of serving, and not of');
  });
});
