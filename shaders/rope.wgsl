// Rotary position embedding: the pair (a, b) of a head becomes (a·cos − b·sin, b·cos + a·sin), with the angle of its
// position and of its place in the head. Su et al. 2021, arXiv:2104.09864.
//
// Angles come from a table: WGSL's own sin and cos are exact to 5e-4 only, and only between −π and π. Lanes come from
// lanes_*.wgsl: four elements turn at once where they and those of their pairs lie beside each other.

struct Size {
  t: u32,
  heads: u32,
  headDim: u32,
  rotated: u32, // columns of a head that turn; the others are copied
  offset: u32, // where in a head they begin
  start: u32, // position of the first token
  interleaved: u32, // 1 where 2i and 2i + 1 are a pair, 0 where i and i + rotated/2 are
}

@group(0) @binding(0) var<storage, read> x: array<Lanes>; // [T, H·headDim]
@group(0) @binding(1) var<storage, read> table: array<Lanes>; // [positions, rotated]: cosines, then sines
@group(0) @binding(2) var<storage, read_write> y: array<Lanes>; // [T, H·headDim]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn rope(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let headLanes = size.headDim / LANES;
  let width = size.heads * headLanes;
  let pairs = size.rotated / 2 / LANES;
  let apart = select(pairs, 1, size.interleaved == 1);
  for (var row = id.y; row < size.t; row += workgroups.y) {
    for (var col = id.x; col < width; col += workgroups.x * WIDTH) {
      let at = row * width + col;
      let turned = col % headLanes - size.offset / LANES; // what is before wraps around to a large number
      if (turned >= 2 * pairs) {
        y[at] = x[at];
        continue;
      }
      let pair = select(turned % pairs, turned / 2, size.interleaved == 1);
      let angle = (size.start + row) * 2 * pairs + pair;
      let cosine = table[angle];
      let sine = table[angle + pairs];
      if (turned / apart % 2 == 0) {
        y[at] = x[at] * cosine - x[at + apart] * sine;
      } else {
        y[at] = x[at] * cosine + x[at - apart] * sine;
      }
    }
  }
}
