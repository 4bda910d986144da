// y in quads of four columns, for heads whose columns are multiples of 4. Stands before attention_registers.wgsl, which
// has `size`.
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [T, H·valueDim/4]

// Where a head starts, of all heads of all rows: counted in quads here, in elements in sums_attention_scalar.wgsl.
fn sumStart(head: u32) -> u32 {
  return head * (size.valueDim / 4);
}

fn yQuad(start: u32, quad: u32) -> vec4f {
  return y[start + quad];
}

fn store(start: u32, quad: u32, values: vec4f) {
  y[start + quad] = values;
}
