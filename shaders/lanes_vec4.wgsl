// Four elements at a time, for rows whose length is a multiple of 4. Stands before the kernels that have elements in Lanes.
alias Lanes = vec4f;
alias Orders = vec4i; // order.wgsl
alias Flags = vec4<bool>;

const LANES = 4u;

fn sumOf(x: Lanes) -> f32 {
  return (x.x + x.y) + (x.z + x.w);
}

fn highestOf(orders: Orders) -> i32 {
  return max(max(orders.x, orders.y), max(orders.z, orders.w));
}
