// The scales of a weight in blocks of 32 elements: bfloat16, one a block, two in a word, behind the codes of all blocks.
// Stands before weight_q8.wgsl or weight_q4.wgsl, which have BLOCK_WORDS, those of a block's codes; the weight is `w`.
//
// Codes have at most eight bits that count, and a bfloat16 has eight: their product is exact in float32, and so the same
// number on every adapter, however it is fused.

alias WeightWord = u32;
alias WeightQuad = u32;

fn scaleOf(block: u32) -> f32 {
  let blocks = 2 * arrayLength(&w) / (2 * BLOCK_WORDS + 1); // to a block belong its codes and half a word
  let word = w[blocks * BLOCK_WORDS + block / 2];
  return bitcast<f32>((word >> (16 * (block % 2))) << 16);
}
