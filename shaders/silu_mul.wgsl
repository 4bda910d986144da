// y = silu(gate) · up, where silu(g) = g / (1 + e^−g).
//
// Lanes come from lanes_*.wgsl, sigmoid from exponential.wgsl.

struct Size {
  length: u32,
}

@group(0) @binding(0) var<storage, read> gate: array<Lanes>; // [length]
@group(0) @binding(1) var<storage, read> up: array<Lanes>; // [length]
@group(0) @binding(2) var<storage, read_write> y: array<Lanes>; // [length]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn siluMul(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var i = id.x; i < size.length / LANES; i += workgroups.x * WIDTH) {
    y[i] = gate[i] * sigmoid(gate[i]) * up[i];
  }
}
