// A weight of float32, as the kernels read one that may be stored otherwise: an element of a word, four of a quad. What
// is stored in blocks has to know which they are: `at`, counted in elements or in quads. Stands before those kernels, and
// so in place of another weight_*.wgsl.

alias WeightWord = f32;
alias WeightQuad = vec4f;
const PER_WORD = 1u; // elements
const QUADS = 1u; // of elements in a WeightQuad

fn elementOf(word: WeightWord, _at: u32) -> f32 {
  return word;
}

fn elementsOf(quad: WeightQuad, _at: u32) -> vec4f {
  return quad;
}
