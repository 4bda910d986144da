// A weight of 4-bit integers in blocks of 32 with a scale each (src/numerics/blocks.ts), eight in a word, the first in its
// lowest bits. Stands, behind weight_blocks.wgsl, before the kernels that weight_f32.wgsl stands before.

const PER_WORD = 8u; // elements
const QUADS = 2u; // of elements in a WeightQuad
const BLOCK_WORDS = 4u;

// Shifted up and down again, an integer has its sign.
fn elementOf(word: u32, at: u32) -> f32 {
  return f32(bitcast<i32>(word << (28 - 4 * (at % 8))) >> 28) * scaleOf(at / 32);
}

fn elementsOf(word: u32, at: u32) -> vec4f {
  let quad = word >> (16 * (at % 2));
  return vec4f(bitcast<vec4i>(vec4u(quad) << vec4u(28, 24, 20, 16)) >> vec4u(28)) * scaleOf(at / 8);
}
