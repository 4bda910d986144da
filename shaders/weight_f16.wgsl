// A weight of float16 (IEEE 754 binary16), two in a word, the first in its lower half. Stands before the kernels that
// weight_f32.wgsl stands before.
//
// Every float16 is a float32, and comes out as that one, to the bit. unpack2x16float() would not promise it: WGSL lets an
// implementation flush denormals, and assume that there is no infinity and no NaN (§15.7.2). So exponents and fractions
// are moved as integers, and denormals become integers times 2⁻²⁴, which are normal in float32.

alias WeightWord = u32;
alias WeightQuad = vec2u;
const PER_WORD = 2u; // elements
const QUADS = 1u; // of elements in a WeightQuad

fn elementOf(word: WeightWord, at: u32) -> f32 {
  return widened(vec4u((word >> (16 * (at % 2))) & 0xffff)).x;
}

fn elementsOf(quad: WeightQuad, _at: u32) -> vec4f {
  return widened(vec4u(quad.x & 0xffff, quad.x >> 16, quad.y & 0xffff, quad.y >> 16));
}

// Of a sign, five bits of exponent and ten of fraction. The exponent's bias grows by 127 − 15; that of infinities and NaN
// is all ones in both.
fn widened(half: vec4u) -> vec4f {
  let magnitude = half & vec4u(0x7fff);
  let bias = select(vec4u(112 << 23), vec4u(224 << 23), magnitude >= vec4u(0x7c00));
  let denormal = bitcast<vec4u>(vec4f(magnitude) * 0x1p-24);
  let wide = select((magnitude << vec4u(13)) + bias, denormal, magnitude < vec4u(0x0400));
  return bitcast<vec4f>(wide | ((half & vec4u(0x8000)) << vec4u(16)));
}
