// y in quads of four columns, for heads of any width. Stands before attention_registers.wgsl, which has `size`.
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [T, H·valueDim]

// Where a head starts, of all heads of all rows: counted in elements here, in quads in sums_attention_vec4.wgsl.
fn sumStart(head: u32) -> u32 {
  return head * size.valueDim;
}

fn yQuad(start: u32, quad: u32) -> vec4f {
  let at = start + 4 * quad;
  return vec4f(y[at], y[at + 1], y[at + 2], y[at + 3]);
}

fn store(start: u32, quad: u32, values: vec4f) {
  for (var i = 0u; i < min(4, size.valueDim - 4 * quad); i++) {
    y[start + 4 * quad + i] = values[i];
  }
}
