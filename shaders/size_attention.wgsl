// The sizes of attention, as each of its kernels binds them. Stands before those kernels.
struct Size {
  t: u32,
  heads: u32,
  group: u32, // query heads that read one key/value head
  keyDim: u32,
  valueDim: u32, // columns of a head of v that are taken
  valueStride: u32, // columns that it has
  start: u32, // position of the first query
  causal: u32, // 1 where a query sees only keys up to its own position
  window: u32, // keys that a query sees, its own the last
  scale: f32,
}
