// A weight of bfloat16, two in a word, the first in its lower half: each is the upper half of the float32 that it is. By
// integers, so that none of its bits is lost. Stands before the kernels that weight_f32.wgsl stands before.

alias WeightWord = u32;
alias WeightQuad = vec2u;
const PER_WORD = 2u; // elements
const QUADS = 1u; // of elements in a WeightQuad

fn elementOf(word: WeightWord, at: u32) -> f32 {
  return bitcast<f32>((word >> (16 * (at % 2))) << 16);
}

fn elementsOf(quad: WeightQuad, _at: u32) -> vec4f {
  return bitcast<vec4f>(vec4u(quad.x << 16, quad.x & 0xffff0000, quad.y << 16, quad.y & 0xffff0000));
}
