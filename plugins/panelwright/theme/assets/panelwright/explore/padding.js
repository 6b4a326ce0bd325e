/* The padding grid. The rules are those of explore/padding.py. */
import { boxes, explore, figure, whole } from "./common.js";

const sorted = order => order.startsWith("sorted");

export function batches(lengths, batch, order) {
  const row = sorted(order) ? [...lengths].sort((a, b) => a - b) : lengths;
  return Array.from({ length: Math.ceil(row.length / batch) }, (_, i) => row.slice(i * batch, (i + 1) * batch));
}

/** [cells, cells that hold a token] of all batches. */
export function counted(groups) {
  let cells = 0, tokens = 0;
  for (const group of groups) {
    cells += group.length * Math.max(...group);
    for (const length of group) tokens += length;
  }
  return [cells, tokens];
}

explore("padding", ({ numbers, controls, plots }) => {
  const size = controls.slider("Requests in a batch", numbers.sizes, numbers.batch);
  const order = controls.choice("Order", numbers.orders, numbers.orders[0]);
  return () => {
    const groups = batches(numbers.lengths, size.value, order.value);
    for (const plot of plots) draw(plot, groups);
    const [cells, tokens] = counted(groups);
    const who = size.value === 1 ? "Requests one by one" : `Batches of ${size.value}`;
    return `${who}, ${order.value}: ${whole(cells - tokens)} of ${whole(cells)} cells are padding, ` +
      `${figure(100 * (1 - tokens / cells))}\u00a0%.`;
  };
});

function draw(plot, groups) {
  const filled = [], empty = [], frames = [];
  let row = 0;
  const box = (x, y, w, h) => [plot.x(x), plot.y(y), plot.x(x + w) - plot.x(x), plot.y(y + h) - plot.y(y)];
  for (const group of groups) {
    const long = Math.max(...group);
    frames.push(box(0, row, long, group.length));
    for (const length of group) {
      filled.push(box(0, row, length, 1));
      if (length < long) empty.push(box(length, row, long - length, 1));
      row++;
    }
  }
  for (const [name, found] of Object.entries({ tokens: filled, padding: empty, frames })) plot.set(name, { d: boxes(found) });
}
