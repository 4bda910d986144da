// A weight of float32, as the kernels read one that may be stored otherwise: an element of a word, four of a quad. Stands
// before those kernels, and so in place of weight_f16.wgsl or weight_bf16.wgsl.

alias WeightWord = f32;
alias WeightQuad = vec4f;
const PER_WORD = 1u; // elements

fn elementOf(word: WeightWord, _place: u32) -> f32 {
  return word;
}

fn elementsOf(quad: WeightQuad) -> vec4f {
  return quad;
}
