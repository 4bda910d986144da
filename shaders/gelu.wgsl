// y = x · Φ(x), Φ the distribution function of the normal distribution. Hendrycks & Gimpel 2016, arXiv:1606.08415.
//
// sigmoid comes from exponential.wgsl.

struct Size {
  length: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [length]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [length]
@group(0) @binding(2) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup
override APPROXIMATE: bool; // the form with tanh. No uniform, for SwiftShader runs both sides of a branch

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn gelu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  for (var i = id.x; i < size.length; i += workgroups.x * WIDTH) {
    if (APPROXIMATE) {
      // Beyond ±20 it is 0 or 1 in float32, and the powers of a larger x could overflow.
      y[i] = x[i] * normalByTanh(clamp(x[i], -20.0, 20.0));
    } else {
      y[i] = byErf(x[i]);
    }
  }
}

// x · (1 + erf(x/√2)) / 2, exact to 4 units in the last place (3.3 measured) as long as it is a normal float. The sum
// itself would lose all digits where erf is near −1, so beyond 0.85 it is the tail x · Φ(−|x|) that is computed, as a
// polynomial in 1 / (|x| + 2) times e^(−x²/2). Coefficients are minimax, of a relative error below 1.4e-8.
fn byErf(x: f32) -> f32 {
  let a = min(abs(x), 15.0);
  let t = 1.0 / (a + 2.0) - 0.206;
  let scaled = 0.361720773 + t * (-0.482642132 + t * (-2.0943693 + t * (-2.81093696 + t * (3.29812375
    + t * (8.46699914 + t * (-16.451588 + t * (-19.9732374 + t * 78.522529)))))));
  let tail = scaled * bell(a);
  let far = select(-tail, x - tail, x >= 0.0);

  let s = x * x;
  let odd = 0.398942256 + s * (-0.0664897817 + s * (0.0099692588 + s * (-0.00117432373 + s * 9.76859594e-5)));
  let near = 0.5 * x + s * odd;

  // By bits, which a NaN's are above too. −∞ · 0 is PyTorch's NaN.
  let beyond = (bitcast<u32>(x) & 0x7fffffff) >= bitcast<u32>(15.0);
  return select(select(far, near, a < 0.85), x * select(0.0, 1.0, x >= 0.0), beyond);
}

// e^(−a²/2) for 0 ≤ a ≤ 15. WGSL's exp() may be off by 170 units at its end, and so may be the rounding of a². So a is
// cut in two, of which the first has a square without rounding, and e^r with |r| < 0.4 is a polynomial.
fn bell(a: f32) -> f32 {
  let coarse = bitcast<f32>(bitcast<u32>(a) & 0xfffff000);
  let power = -0.5 * coarse * coarse;
  let n = round(power * 1.44269504);
  let r = (power - n * 0.693359375) - n * -2.12194440e-4 - 0.5 * (a - coarse) * (a + coarse);
  let e = 0.499999857 + r * (0.16666421 + r * (0.0416695595 + r * (0.00837924801 + r * 0.00137928635)));
  return (1.0 + (r + r * r * e)) * bitcast<f32>((max(i32(n), -127) + 127) << 23); // 2^n, and 0 below 2^−126
}

// (1 + tanh u) / 2 with u = √(2/π)·(x + 0.044715·x³), as 1 / (1 + e^−2u): WGSL promises of tanh no more than 1e-5.
fn normalByTanh(x: f32) -> f32 {
  return sigmoid(2.0 * 0.79788456 * (x + 0.044715 * x * x * x));
}
