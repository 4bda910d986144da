// y = [a | b] head by head: the columns of a head of b stand behind those of the same head of a.

struct Size {
  m: u32,
  heads: u32,
  left: u32, // columns of a head of a
  right: u32, // and of b
  forAll: u32, // 1 where b has one head, which stands behind every head of a
}

@group(0) @binding(0) var<storage, read> a: array<f32>; // [M, H·left]
@group(0) @binding(1) var<storage, read> b: array<f32>; // [M, H·right], or [M, right]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [M, H·(left + right)]
@group(0) @binding(3) var<uniform> size: Size;

override WIDTH: u32; // of a workgroup

// The grid has an upper limit, so each invocation steps through y by the size of the grid.
@compute @workgroup_size(WIDTH)
fn concatPerHead(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) workgroups: vec3u) {
  let headWidth = size.left + size.right;
  let width = size.heads * headWidth;
  for (var row = id.y; row < size.m; row += workgroups.y) {
    for (var col = id.x; col < width; col += workgroups.x * WIDTH) {
      let head = row * size.heads + col / headWidth;
      let within = col % headWidth;
      if (within < size.left) {
        y[row * width + col] = a[head * size.left + within];
      } else {
        let headOfB = select(head, row, size.forAll == 1);
        y[row * width + col] = b[headOfB * size.right + within - size.left];
      }
    }
  }
}
