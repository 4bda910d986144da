// An element at a time, for rows of any length. Stands before the kernels that have elements in Lanes.
alias Lanes = f32;
alias Orders = i32; // order.wgsl
alias Flags = bool;

const LANES = 1u;

fn sumOf(x: Lanes) -> f32 {
  return x;
}

fn highestOf(orders: Orders) -> i32 {
  return orders;
}
