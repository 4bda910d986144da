/**
 * The bytes of a model with one MatMul: x `[m, k]` by w `[k, n]`, which is in the model, as weights are, so that a runtime
 * may lay it out once. Fields and numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, and their
 * encoding that of https://protobuf.dev/programming-guides/encoding.
 */

import type { Sizes } from './peer.ts';

export function matMulModel(w: Float32Array, { m, k, n }: Sizes): Uint8Array<ArrayBuffer> {
  const node = bytes(text(1, 'x'), text(1, 'w'), text(2, 'y'), text(4, 'MatMul'));
  const initializer = bytes(
    ...[k, n].map((size) => whole(1, size)),
    whole(2, FLOAT),
    text(8, 'w'),
    field(9, new Uint8Array(w.buffer, w.byteOffset, w.byteLength)),
  );
  const graph = bytes(
    field(1, node),
    text(2, 'product'),
    field(5, initializer),
    field(11, valueInfo('x', [m, k])),
    field(12, valueInfo('y', [m, n])),
  );
  return bytes(whole(1, IR_VERSION), field(7, graph), field(8, bytes(whole(2, OPSET))));
}

const IR_VERSION = 8;
const OPSET = 13;
const FLOAT = 1;

function valueInfo(name: string, sizes: readonly number[]): Uint8Array {
  const shape = bytes(...sizes.map((size) => field(1, bytes(whole(1, size)))));
  const tensor = bytes(whole(1, FLOAT), field(2, shape));
  return bytes(text(1, name), field(2, bytes(field(1, tensor))));
}

function bytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A field whose length stands before it: a message, a text, raw bytes. */
function field(number: number, content: Uint8Array): Uint8Array {
  return bytes(varint(8 * number + 2), varint(content.length), content);
}

function text(number: number, content: string): Uint8Array {
  return field(number, new TextEncoder().encode(content));
}

function whole(number: number, value: number): Uint8Array {
  return bytes(varint(8 * number), varint(value));
}

/** Seven bits a byte, the lowest first. */
function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Uint8Array.of(...digits, rest);
}
