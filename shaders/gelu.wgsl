// y = x · Φ(x), Φ the distribution function of the normal distribution. Hendrycks & Gimpel 2016, arXiv:1606.08415.
//
// sigmoid comes from exponential.wgsl.

struct Size {
  length: u32,
  approximate: u32, // 1 for the form with tanh
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [length]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [length]
@group(0) @binding(2) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn gelu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var i = id.x; i < size.length; i += workgroups.x * WIDTH) {
    // Φ is 0 or 1 in float32 beyond ±20, and the powers of a larger x could overflow.
    let bounded = clamp(x[i], -20.0, 20.0);
    if (size.approximate == 1) {
      y[i] = x[i] * normalByTanh(bounded);
    } else {
      y[i] = x[i] * normal(bounded);
    }
  }
}

// (1 + erf(x/√2)) / 2, with 1 − erf by Abramowitz & Stegun 7.1.26, whose error is at most 1.5e-7.
fn normal(x: f32) -> f32 {
  let z = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let powers = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  let tail = 0.5 * powers * exp(-z * z);
  return select(tail, 1.0 - tail, x >= 0.0);
}

// (1 + tanh u) / 2 with u = √(2/π)·(x + 0.044715·x³), as 1 / (1 + e^−2u): WGSL promises of tanh no more than 1e-5.
fn normalByTanh(x: f32) -> f32 {
  return sigmoid(2.0 * 0.79788456 * (x + 0.044715 * x * x * x));
}
