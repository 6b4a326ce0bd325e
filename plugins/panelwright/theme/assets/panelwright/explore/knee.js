/* Where more batching stops paying. The rules are those of benchdata/knee.py. */
import { dots, explore, figure, line, whole } from "./common.js";

const best = (values, better) => values.reduce((at, v, i) => better(v, values[at]) ? i : at, 0);
const more = (a, b) => a > b, less = (a, b) => a < b;
const chord = ({ batch, throughput }) => {
  const low = Math.min(...throughput), rise = Math.max(...throughput) - low, run = batch.at(-1) - batch[0];
  return rise && run ? throughput.map((u, i) => (u - low) / rise - (batch[i] - batch[0]) / run) : [];
};

/** By name: where the knee is (an index, or -1), and what the rule looks at, as shares. */
export const rules = {
  "nearest crossing": s => {
    const low = Math.max(...s.latency), high = Math.max(...s.throughput), curve = s.throughput.map(u => 1 - u / high);
    return [best(s.latency.map((t, i) => Math.abs(t / low - curve[i])), less), curve];
  },
  power: s => {
    const power = s.throughput.map((u, i) => u / s.latency[i]), most = Math.max(...power);
    return [best(power, more), power.map(p => p / most)];
  },
  kneedle: s => {
    const rise = chord(s), at = best(rise, more);
    return [rise[at] > 0.05 ? at : -1, rise];
  },
  objective: (s, limit) => {
    let at = -1;
    s.latency.forEach((t, i) => { if (t <= limit && (at < 0 || s.throughput[i] >= s.throughput[at])) at = i; });
    return [at, []];
  },
};
export const cut = (s, n) =>
  ({ ...s, batch: s.batch.slice(0, n), latency: s.latency.slice(0, n), throughput: s.throughput.slice(0, n) });

explore("knee", ({ numbers, controls, plots, drag, show }) => {
  const { sweeps, fewest, helpers } = numbers, labels = sweeps.map(s => s.label), objective = numbers.rules[3];
  const which = controls.choice("Data", labels, labels[0]);
  const rule = controls.choice("Rule", numbers.rules, numbers.rules[0]);
  const ends = s => s.batch.slice(fewest - 1);
  const end = controls.slider("The sweep ends at a batch of", ends(sweeps[0]), sweeps[0].batch.at(-1));
  const limit = controls.slider("Latency limit", [sweeps[0].limit], sweeps[0].limit);
  let last = null;
  const chosen = () => sweeps[labels.indexOf(which.value)];
  drag(x => {
    const far = b => Math.abs(Math.log(b / x));
    end.value = ends(chosen()).reduce((near, b) => far(b) < far(near) ? b : near);
  });
  return () => {
    const full = chosen(), at = labels.indexOf(which.value), name = rule.value;
    if (at !== last) {
      end.fill(ends(full), full.batch.at(-1));
      const most = Math.max(...full.latency), steps = Array.from({ length: 40 }, (_, i) => Number((most * (i + 1) / 40).toPrecision(2)));
      limit.fill([...new Set([...steps, full.limit])].sort((a, b) => a - b), full.limit, v => `${figure(v, 2)} ${full.units[0]}`);
      show(at);
    }
    last = at;
    limit.row.hidden = name !== objective;
    const sweep = cut(full, full.batch.indexOf(end.value) + 1);
    const [found, curve] = rules[name](sweep, limit.value);
    const most = Math.max(...sweep.latency), share = name === objective ? Math.min(1.04, limit.value / most) : null;
    for (const plot of plots)
      if (plot.case === at) draw(plot, sweep, found, curve, helpers[numbers.rules.indexOf(name)], share);
    return says(sweep, found, name === objective ? `at most ${figure(limit.value, 2)}\u00a0${sweep.units[0]}` : `the rule “${name}”`);
  };
});

function says({ batch, latency, throughput, units }, found, judged) {
  const where = `A sweep that ends at ${whole(batch.at(-1))}, ${judged}: `;
  return found < 0 ? `${where}no knee.` : `${where}the knee is a batch of ${whole(batch[found])}, with ` +
    `${figure(latency[found])}\u00a0${units[0]} and ${figure(throughput[found])}\u00a0${units[1]}.`;
}

function draw(plot, sweep, found, curve, helper, limit) {
  const { x, y } = plot, { batch } = sweep, { start: bottom, end: top } = y;
  const placed = values => values.map((v, i) => [x(batch[i]), y(v)]);
  for (const name of ["latency", "throughput"]) {
    const most = Math.max(...sweep[name]), places = placed(sweep[name].map(v => v / most));
    plot.set(name, { d: line(places) });
    plot.set(`${name}-points`, { d: dots(places) });
  }
  plot.set("helper", { d: line(limit === null ? placed(curve) : [[x.start, y(limit)], [x.end, y(limit)]]) });
  plot.words("helper-words", helper || "latency limit");
  const at = found < 0 ? x.start : x(batch[found]), right = at > (x.start + 2 * x.end) / 3;
  plot.set("knee", { d: found < 0 ? "" : line([[at, top - 8], [at, bottom]]) });
  plot.words("knee-words", found < 0 ? "no knee" : `knee ${whole(batch[found])}`,
    { x: at + (right ? -6 : 6), "text-anchor": right ? "end" : "start" });
  plot.set("cut", { d: line([[x(batch.at(-1)), top - 14], [x(batch.at(-1)), bottom]]) });
  plot.set("grip", { d: dots([[x(batch.at(-1)), top - 14]]) });
}
