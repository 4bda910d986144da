// y = x·Wᵀ + b for an x of one to four rows: a workgroup a row of W, all of which is read once.
//
// Such a product is as fast as W is read. Each invocation has four loads of w under way, adds along K in steps of
// 4·WIDTH elements, and a tree adds what they have: an order that depends on K alone, so that every column of y has the
// same bits wherever a cut along N puts it. It is not that of the kernels for more rows.
//
// `const ROWS`, those of x, stands before it. x [M, K] and w [N, K] come from operands_*.wgsl.

struct Size {
  m: u32,
  k: u32,
  n: u32,
  bias: u32, // 1 where b counts, 0 where it is a stand-in
}

@group(0) @binding(2) var<storage, read> b: array<f32>; // [N]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [M, N]
@group(0) @binding(4) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup: a power of two

var<workgroup> parts: array<array<f32, ROWS>, WIDTH>;

// The grid has an upper limit, so each workgroup steps through the rows of W by the size of the grid.
@compute @workgroup_size(WIDTH)
fn linear(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let quads = (size.k + 3) / 4;
  for (var col = workgroup.x; col < size.n; col += workgroups.x) {
    let start = rowStart(col);
    var sums = array<vec4f, ROWS>(); // written out: Chromium 156 does not make zeros of a variable anew in a loop
    var quad = lane;
    for (; quad + 3 * WIDTH < quads; quad += 4 * WIDTH) {
      let w0 = wQuad(start, quad);
      let w1 = wQuad(start, quad + WIDTH);
      let w2 = wQuad(start, quad + 2 * WIDTH);
      let w3 = wQuad(start, quad + 3 * WIDTH);
      for (var row = 0u; row < ROWS; row++) {
        let at = rowStart(row);
        var sum = fma(xQuad(at, quad), w0, sums[row]);
        sum = fma(xQuad(at, quad + WIDTH), w1, sum);
        sum = fma(xQuad(at, quad + 2 * WIDTH), w2, sum);
        sums[row] = fma(xQuad(at, quad + 3 * WIDTH), w3, sum);
      }
    }
    for (; quad < quads; quad += WIDTH) {
      let w0 = wQuad(start, quad);
      for (var row = 0u; row < ROWS; row++) {
        sums[row] = fma(xQuad(rowStart(row), quad), w0, sums[row]);
      }
    }

    for (var row = 0u; row < ROWS; row++) {
      parts[lane][row] = (sums[row].x + sums[row].y) + (sums[row].z + sums[row].w);
    }
    for (var half = WIDTH / 2; half > 0; half /= 2) {
      workgroupBarrier();
      if (lane < half) {
        for (var row = 0u; row < ROWS; row++) {
          parts[lane][row] += parts[lane + half][row];
        }
      }
    }
    if (lane == 0) { // which wrote the sum itself
      for (var row = 0u; row < ROWS; row++) {
        y[row * size.n + col] = parts[0][row] + select(0.0, b[col], size.bias == 1);
      }
    }
    workgroupBarrier(); // before parts are written anew
  }
}
