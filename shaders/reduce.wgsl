// Sums and maxima over a workgroup, each by a tree: a value goes in from every invocation, and the result comes out for
// all of them. Maxima are of orders (order.wgsl), among which a NaN cannot get lost. Stands before the kernels of rows.
// Every invocation has to call these together, for they wait.

override WIDTH: u32; // of a workgroup, a power of two

var<workgroup> partials: array<f32, WIDTH>;
var<workgroup> orders: array<i32, WIDTH>;

fn sumOfAll(value: f32, invocation: u32) -> f32 {
  partials[invocation] = value;
  workgroupBarrier();
  for (var count = WIDTH / 2; count > 0; count /= 2) {
    if (invocation < count) {
      partials[invocation] += partials[invocation + count];
    }
    workgroupBarrier();
  }
  let sum = partials[0];
  workgroupBarrier(); // nobody starts the next one before all have read
  return sum;
}

fn maxOfAll(order: i32, invocation: u32) -> i32 {
  orders[invocation] = order;
  workgroupBarrier();
  for (var count = WIDTH / 2; count > 0; count /= 2) {
    if (invocation < count) {
      orders[invocation] = max(orders[invocation], orders[invocation + count]);
    }
    workgroupBarrier();
  }
  let top = orders[0];
  workgroupBarrier(); // nobody starts the next one before all have read
  return top;
}
