/* Percentiles of measured latencies. The methods are those of benchdata/stats.py. */
import { boxes, dots, explore, figure, line, whole } from "./common.js";

/** By linear interpolation between order statistics (Hyndman-Fan 7); `ordered`: sorted samples. */
export function percentile(ordered, q) {
  const at = (ordered.length - 1) * q / 100, low = Math.floor(at), high = Math.min(low + 1, ordered.length - 1);
  return ordered[low] + (ordered[high] - ordered[low]) * (at - low);
}

/** [low, high] from order statistics, or null: the sample is too small. */
export function interval(ordered, q, level = 0.95) {
  const n = ordered.length, p = q / 100, tail = (1 - level) / 2;
  let low = null, high = null, below = 0, log = n * Math.log1p(-p);
  for (let k = 0; k <= n; k++) {
    const chance = Math.exp(log);
    if (low === null && below + chance > tail) low = k - 1;
    below += chance;
    if (high === null && below >= 1 - tail) high = k;
    log += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return low === null || low < 0 || high === null || high >= n ? null : [ordered[low], ordered[high]];
}

/** `n` of the samples, without putting back; the same seed takes the same (mulberry32). */
export function drawn(samples, n, seed) {
  const deck = [...samples];
  if (n < deck.length) for (let i = 0; i < n; i++) {
    let t = seed = seed + 0x6D2B79F5 | 0;
    t = Math.imul(t ^ t >>> 15, t | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    const j = i + Math.floor(((t ^ t >>> 14) >>> 0) / 4294967296 * (deck.length - i));
    [deck[i], deck[j]] = [deck[j], deck[i]];
  }
  return deck.slice(0, n).sort((a, b) => a - b);
}

explore("tail", ({ numbers, controls, plots, drag }) => {
  let seed = 1;
  const { sizes, quantiles, samples, unit } = numbers;
  const name = q => `P${q}`;
  const q = controls.slider("Percentile", quantiles, numbers.percentile, name);
  const size = controls.slider("Requests in the sample", sizes, sizes.at(-1));
  const again = controls.button("Draw another sample", () => seed++);
  let sample = [], last = "";
  drag(x => {
    const share = 100 * sample.filter(v => v <= x).length / sample.length;
    q.value = quantiles.reduce((best, v) => Math.abs(v - share) < Math.abs(best - share) ? v : best);
  });
  return () => {
    const n = size.value, key = `${n} ${seed}`;
    if (key !== last) sample = drawn(samples, n, seed * 9973 + n);
    last = key;
    again.disabled = n === samples.length;
    const value = percentile(sample, q.value), span = interval(sample, q.value);
    const mean = sample.reduce((sum, v) => sum + v, 0) / n;
    for (const plot of plots) draw(plot, numbers, sample, q.value, value, span, mean);
    const sure = span ? span.map(v => figure(v)).join(" to ") : "not estimable";
    return `Of ${whole(n)} requests, P${q.value} is ${figure(value)}\u00a0${unit} (95\u00a0% interval: ${sure}); ` +
      `the mean is ${figure(mean)}\u00a0${unit}.`;
  };
});

function draw(plot, { bins, top, bottom }, sample, q, value, span, mean) {
  const { x, y } = plot, counts = Array(bins).fill(0), end = x.high;
  for (const v of sample) if (v <= end) counts[Math.min(bins - 1, Math.floor(v / end * bins))]++;
  const most = Math.max(...counts), below = [], above = [];
  counts.forEach((count, i) => {
    if (!count) return;
    const left = x(end * i / bins), right = x(end * (i + 1) / bins), wide = right - left - 1;
    (left + wide / 2 <= x(value) ? below : above).push([left, y(count / most), wide, bottom - y(count / most)]);
  });
  plot.set("below", { d: boxes(below) });
  plot.set("above", { d: boxes(above) });
  plot.set("interval", { d: span ? boxes([[x(span[0]), top - 22, x(span[1]) - x(span[0]), bottom - top + 22]]) : "" });
  plot.set("mean", { d: line([[x(mean), top - 2], [x(mean), bottom]]) });
  plot.set("line", { d: line([[x(value), top - 22], [x(value), bottom]]) });
  plot.set("grip", { d: dots([[x(value), top - 22]]) });
  const anchor = at => {
    const share = (x(at) - x.start) / (x.end - x.start);
    return share < 0.12 ? "start" : share > 0.88 ? "end" : "middle";
  };
  plot.words("mean-words", `mean ${figure(mean)}`, { x: x(mean), "text-anchor": anchor(mean) });
  plot.words("line-words", `P${q} ${figure(value)}`, { x: x(value), "text-anchor": anchor(value) });
}
