/* A decode step on the roofline. The formulas are those of benchdata/floor.py. */
import { dots, explore, figure, line, whole } from "./common.js";

/** [operations, bytes] of making one token for each of `batch` requests of `context` tokens. */
export function step({ shape: s }, batch, context) {
  const weights = s.layer_weights + s.head_weights;
  return [
    2 * weights * batch + 4 * s.layers * s.width * context * batch,
    weights * s.weight_bytes + batch * context * s.kv_bytes,
  ];
}
export function seconds(machine, batch, context) {
  const [operations, read] = step(machine, batch, context);
  return Math.max(operations / machine.flops, read / machine.bandwidth);
}
const intensity = (machine, batch, context) => step(machine, batch, context).reduce((operations, read) => operations / read);

explore("roofline", ({ numbers, controls, plots, drag, show }) => {
  const { machines, batches, contexts } = numbers, labels = machines.map(m => m.label);
  const which = machines.length > 1 ? controls.choice("Machine and model", labels, labels[0]) : { value: labels[0] };
  const batch = controls.slider("Requests at once", batches, numbers.batch);
  const context = controls.slider("Tokens in each", contexts, numbers.context);
  const chosen = () => machines[labels.indexOf(which.value)];
  drag(x => {
    const far = b => Math.abs(Math.log(intensity(chosen(), b, context.value) / x));
    batch.value = batches.reduce((best, b) => far(b) < far(best) ? b : best);
  });
  return () => {
    const machine = chosen(), at = labels.indexOf(which.value);
    show(at);
    for (const plot of plots) if (plot.case === at) draw(plot, machine, batches, batch.value, context.value);
    return says(machine, batch.value, context.value);
  };
});

function draw(plot, machine, batches, batch, context) {
  const ridge = machine.flops / machine.bandwidth;
  const place = v => [plot.x(v), plot.y(Math.min(machine.flops, machine.bandwidth * v))];
  const ends = [batches[0], batches.at(-1)].map(b => intensity(machine, b, context));
  if (ends[0] < ridge && ridge < ends[1]) ends.splice(1, 0, ridge);
  const at = place(intensity(machine, batch, context));
  plot.set("trail", { d: line(ends.map(place)) });
  plot.set("drop", { d: line([at, [at[0], plot.y.start]]) });
  plot.set("point", { d: dots([at]) });
}

export function says(machine, batch, context) {
  const [operations, read] = step(machine, batch, context), rate = batch / seconds(machine, batch, context);
  const weights = step(machine, 0, 0)[1], ridge = machine.flops / machine.bandwidth;
  const who = batch === 1 ? "One request" : `${whole(batch)} requests`;
  const each = batch === 1 ? "" : `, ${figure(rate / batch)} for each request`;
  return `${who} of ${whole(context)} tokens: a step reads ${figure(weights / 1e9)}\u00a0GB of weights and ` +
    `${figure((read - weights) / 1e9)}\u00a0GB of KV cache and does ${figure(operations / 1e9)}\u00a0GFLOP, ` +
    `${figure(operations / read)} per byte. The ridge is at ${figure(ridge)}: ` +
    `${operations / read > ridge ? "arithmetic" : "memory"} is the limit. At best ${figure(rate)}\u00a0tokens/s${each}.`;
}
