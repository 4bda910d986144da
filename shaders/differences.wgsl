// count += how many elements of a and b are not the same bits. For a tuner, which trusts no kernel that it did not compare.

@group(0) @binding(0) var<storage, read> a: array<u32>; // [length]
@group(0) @binding(1) var<storage, read> b: array<u32>; // [length]
@group(0) @binding(2) var<storage, read_write> count: atomic<u32>;

override WIDTH: u32;

// The grid has an upper limit, so each invocation steps through the elements by the size of the grid.
@compute @workgroup_size(WIDTH)
fn differences(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
) {
  var found = 0u;
  for (var i = id.x; i < arrayLength(&a); i += workgroups.x * WIDTH) {
    found += select(0u, 1u, a[i] != b[i]);
  }
  if (found > 0) {
    atomicAdd(&count, found);
  }
}
