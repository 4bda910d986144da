// A weight of 8-bit integers in blocks of 32 with a scale each (src/numerics/blocks.ts), four in a word, the first in its
// lowest bits. Stands, behind weight_blocks.wgsl, before the kernels that weight_f32.wgsl stands before.

const PER_WORD = 4u; // elements
const QUADS = 1u; // of elements in a WeightQuad
const BLOCK_WORDS = 8u;

// Shifted up and down again, an integer has its sign.
fn elementOf(word: u32, at: u32) -> f32 {
  return f32(bitcast<i32>(word << (24 - 8 * (at % 4))) >> 24) * scaleOf(at / 32);
}

fn elementsOf(word: u32, at: u32) -> vec4f {
  return vec4f(bitcast<vec4i>(vec4u(word) << vec4u(24, 16, 8, 0)) >> vec4u(24)) * scaleOf(at / 8);
}
