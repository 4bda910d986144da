/**
 * What a client measured of a server of language models: not a collective, and so no record. vLLM's `bench serve
 * --save-result` writes JSON (vllm/benchmarks/serve.py), SGLang's bench_serving lines of it (python/sglang/bench_serving.py),
 * with nearly the same names.
 */

import { LabError } from '../../base/errors.ts';
import { shown } from '../../base/shown.ts';
import { isCount, isFigure, isObject } from '../fieldKinds.ts';

export interface ServingResult {
  /** Whose client it was. */
  readonly source: 'vllm' | 'sglang';
  /** As the client called the server: vllm, openai-chat, sglang … */
  readonly backend: string;
  /** '' where it is not told. */
  readonly model: string;
  /** Null where it is not told: clients do not know it by themselves. */
  readonly tensorParallel: number | null;
  /** Requests a second that were sent; infinite where all came at once, null where it is not told. */
  readonly requestRate: number | null;
  /** The most requests under way at once; null without a limit. */
  readonly concurrency: number | null;
  /** Requests that were answered. */
  readonly completed: number;
  readonly seconds: number;
  /** Of all requests. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly requestsPerSecond: number;
  readonly outputTokensPerSecond: number;
  /** With those of the prompts. */
  readonly totalTokensPerSecond: number;
  /** To the first token; for each later one, as a mean of a request; between two that came. */
  readonly ttftMs: Latency | null;
  readonly tpotMs: Latency | null;
  readonly itlMs: Latency | null;
}

/** Milliseconds. */
export interface Latency {
  readonly median: number;
  /** Null where another percentile was asked for. */
  readonly p99: number | null;
}

type Json = Readonly<Record<string, unknown>>;

export function isServing(json: unknown): json is Json {
  return isObject(json) && 'output_throughput' in json && 'total_output_tokens' in json;
}

/** Throughputs follow from tokens and seconds, up to what text has of digits. */
const ROUNDED = 0.02;

/** @throws LabError `input` that names the field, its value and what it must be */
export function servingOf(json: Json, where: string): ServingResult {
  const refusal = (name: string, needed: string): LabError =>
    new LabError('input', `${where}${name} is ${shown(json[name])}. It must be ${needed}.`);
  const figure = (name: string): number => {
    const value = json[name];
    if (isFigure(value) && value > 0) return value;
    throw refusal(name, 'a number above 0');
  };
  const count = (name: string): number => {
    const value = json[name];
    if (isCount(value)) return value;
    throw refusal(name, 'a whole number from 0 on');
  };
  const seconds = figure('duration');
  const outputTokens = count('total_output_tokens');
  const inputTokens = count('total_input_tokens');
  const outputTokensPerSecond = figure('output_throughput');
  const due = outputTokens / seconds;
  if (Math.abs(due - outputTokensPerSecond) > ROUNDED * due + 0.01) {
    throw refusal('output_throughput', `${Number(due.toPrecision(6))}, total_output_tokens over duration`);
  }
  const latency = (name: string): Latency | null => {
    const [median, p99] = [json[`median_${name}_ms`] ?? null, json[`p99_${name}_ms`] ?? null];
    if (median === null) return null;
    if (!isFigure(median)) throw refusal(`median_${name}_ms`, 'a number from 0 on');
    if (p99 !== null && !(isFigure(p99) && p99 >= median)) {
      throw refusal(`p99_${name}_ms`, `a number from the median on, ${median}`);
    }
    return { median, p99 };
  };
  const server = isObject(json['server_info']) ? json['server_info'] : {};
  return {
    source: 'model_id' in json || 'endpoint_type' in json ? 'vllm' : 'sglang',
    backend: textOf(json['backend']),
    model: textOf(json['model_id'] ?? json['model'] ?? server['model_path']),
    tensorParallel: degreeOf({ ...server, ...json }),
    requestRate: rateOf(json['request_rate']),
    concurrency:
      isCount(json['max_concurrency']) && json['max_concurrency'] > 0 ? json['max_concurrency'] : null,
    completed: count('completed'),
    seconds,
    inputTokens,
    outputTokens,
    requestsPerSecond: figure('request_throughput'),
    outputTokensPerSecond,
    totalTokensPerSecond: (inputTokens + outputTokens) / seconds,
    ttftMs: latency('ttft'),
    tpotMs: latency('tpot'),
    itlMs: latency('itl'),
  };
}

/** No name of a model is as long. */
const LONGEST = 200;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST) : '';
}

/** As people name it in --metadata, where numbers are texts, and SGLang's server in what it says of itself. */
function degreeOf(json: Json): number | null {
  const names = ['tensor_parallel_size', 'tensor_parallel', 'tp_size', 'tp'];
  const degree = Number(names.map((name) => json[name]).find((value) => value !== undefined) ?? 0);
  return Number.isSafeInteger(degree) && degree > 0 ? degree : null;
}

/** vLLM writes "inf", Python’s JSON Infinity, which jsonTexts.ts reads as that. */
function rateOf(value: unknown): number | null {
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  return isFigure(value) && value > 0 ? value : null;
}
