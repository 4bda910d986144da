/** Models on another host than the page's, with ranges as hubs have them. */

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { fileOf } from '../../src/checkpoint/testing/writeSafetensors.ts';

/** File by name; null where there is none. */
export type Folder = (file: string) => Uint8Array | null;

/** @returns what was asked for: "model.safetensors 4096" where a range began there */
export async function serveModel(page: Page, base: string, folder: Folder): Promise<string[]> {
  const asked: string[] = [];
  await page.route(`${base}**`, (route) => {
    const request = route.request();
    const file = request.url().slice(base.length);
    const bytes = folder(file);
    const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Content-Range' };
    if (bytes === null) return route.fulfill({ status: 404, headers: cors });
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers()['range'] ?? '') ?? [];
    asked.push(`${file} ${first ?? ''}`);
    if (first === undefined) return route.fulfill({ headers: cors, body: Buffer.from(bytes) });
    const body = Buffer.from(bytes.subarray(Number(first), Number(last) + 1));
    const range = `bytes ${first}-${Number(first) + body.length - 1}/${bytes.length}`;
    return route.fulfill({ status: 206, headers: { ...cors, 'Content-Range': range }, body });
  });
  return asked;
}

/** The embedded model. */
export function stories(file: string): Uint8Array | null {
  try {
    return readFileSync(new URL(`../../public/models/stories/${file}`, import.meta.url));
  } catch {
    return null;
  }
}

/**
 * The embedded model as a Mixtral, in which every expert is a copy of the MLP (sparse upcycling, Komatsuzaki et al. 2022):
 * the weights of the chosen ones add up to one, and so it writes the same text, whatever its gates choose.
 */
export function upcycled(experts: number): Folder {
  const config = JSON.parse(Buffer.from(stories('config.json') ?? []).toString());
  const mixtral = {
    ...config,
    ...{ architectures: ['MixtralForCausalLM'], model_type: 'mixtral', sliding_window: null },
    ...{ num_local_experts: experts, num_experts_per_tok: 2 },
  };
  const weights = withExperts(stories('model.safetensors') ?? new Uint8Array(), experts, mixtral);
  return (file) => {
    if (file === 'config.json') return Buffer.from(JSON.stringify(mixtral));
    return file === 'model.safetensors' ? weights : stories(file);
  };
}

interface Sizes {
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
}

function withExperts(file: Uint8Array, experts: number, sizes: Sizes): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(file.subarray(8, start)).toString());
  const tensors: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }> = {};
  const data: Uint8Array[] = [];
  let end = 0;
  const put = (name: string, dtype: string, shape: number[], bytes: Uint8Array): void => {
    tensors[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    data.push(bytes);
    end += bytes.length;
  };
  const called: Record<string, string> = { gate_proj: 'w1', up_proj: 'w3', down_proj: 'w2' };
  for (const [name, { dtype, shape, data_offsets: at }] of Object.entries<(typeof tensors)[string]>(header)) {
    if (name === '__metadata__') continue;
    const bytes = file.subarray(start + at[0], start + at[1]);
    const [, layer, part = ''] = /^(.*)\.mlp\.(\w+)\.weight$/.exec(name) ?? [];
    if (layer === undefined) put(name, dtype, shape, bytes);
    for (let expert = 0; layer !== undefined && expert < experts; expert++) {
      put(`${layer}.block_sparse_moe.experts.${expert}.${called[part]}.weight`, dtype, shape, bytes);
    }
  }
  for (let layer = 0; layer < sizes.num_hidden_layers; layer++) {
    const gate = Float32Array.from(
      { length: experts * sizes.hidden_size },
      (_, i) => Math.sin(i * i + layer) / 4,
    );
    const name = `model.layers.${layer}.block_sparse_moe.gate.weight`;
    put(name, 'F32', [experts, sizes.hidden_size], new Uint8Array(gate.buffer));
  }
  return new Uint8Array(fileOf(JSON.stringify(tensors), Buffer.concat(data)));
}
