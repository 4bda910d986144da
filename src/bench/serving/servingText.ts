/** The summary that the clients of vLLM and SGLang print, by the names that its figures have in their JSON. */

import { figureOf, type Line, whereOf } from '../printed/lines.ts';
import { type ServingResult, servingOf } from './serving.ts';

const START = /=+ Serving Benchmark Result =+/;
/** Small, without what stands in brackets. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['successful requests', 'completed'],
  ['benchmark duration', 'duration'],
  ['total input tokens', 'total_input_tokens'],
  ['total generated tokens', 'total_output_tokens'],
  ['request throughput', 'request_throughput'],
  ['output token throughput', 'output_throughput'],
  ['backend', 'backend'],
  ['request rate configured', 'request_rate'],
  ['traffic request rate', 'request_rate'],
  ['maximum request concurrency', 'max_concurrency'],
  ['max request concurrency', 'max_concurrency'],
  ['max reqeuest concurrency', 'max_concurrency'], // as SGLang had it until 2025
]);
const LATENCY = /^(median|p99) (ttft|tpot|itl)$/;
const FIGURE = /([A-Za-z][A-Za-z0-9 ]*?)(?: \([^)]*\))?:\s+(\S+)\s*$/;

/** Of the command above the summary. */
const MODEL = /(?:--model[ =]|--model-path[ =]|\bmodel=')([\w./-]+)/;
const DEGREE = /(?:--tensor-parallel-size|--tp-size|--tp|-tp|\btp_size)[ =](\d+)\b/;

/** Empty where there is no such summary. @throws LabError `input` that names the line where it begins */
export function servingOfPrinted(lines: readonly Line[]): ServingResult[] {
  if (!lines.some(({ text }) => START.test(text))) return [];
  const results: ServingResult[] = [];
  let above: Record<string, unknown> = {};
  let open: { json: Record<string, unknown>; line: Line } | null = null;
  const close = (): void => {
    if (open !== null) results.push(servingOf({ ...above, ...open.json }, whereOf(open.line)));
    open = null;
  };
  for (const line of lines) {
    const { text } = line;
    if (START.test(text)) {
      close();
      open = { json: {}, line };
    } else if (/={20,}\s*$/.test(text)) {
      close();
    } else if (open !== null) {
      takeFigure(open.json, text);
    } else {
      const [model, degree] = [MODEL.exec(text)?.[1], DEGREE.exec(text)?.[1]];
      above = { ...above, ...(model && { model }), ...(degree && { tp: Number(degree) }) };
    }
  }
  close();
  return results;
}

function takeFigure(json: Record<string, unknown>, text: string): void {
  const [, label = '', word = ''] = FIGURE.exec(text) ?? [];
  const name = label.trim().toLowerCase();
  const [, which, what] = LATENCY.exec(name) ?? [];
  const field = which === undefined ? NAMES.get(name) : `${which}_${what}_ms`;
  if (field === undefined) return;
  json[field] = figureOf(word) ?? word;
  // vLLM says the rate in these words, and never its backend.
  if (name === 'request rate configured' || name === 'maximum request concurrency')
    json['endpoint_type'] = 'vllm';
}
