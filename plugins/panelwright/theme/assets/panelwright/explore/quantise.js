/* Rounding weights in blocks. The scheme is that of explore/quantise.py. */
import { boxes, explore, figure, num } from "./common.js";

/** Distance of two neighbours of a block's grid. */
export const step = (block, bits) => block.reduce((most, w) => Math.max(most, Math.abs(w)), 0) / (2 ** (bits - 1) - 1);

export function rounded(weights, bits, size) {
  const out = [];
  for (let i = 0; i < weights.length; i += size) {
    const block = weights.slice(i, i + size), one = step(block, bits);
    for (const w of block) out.push(Math.floor(w / one + 0.5) * one);
  }
  return out;
}

/** Root mean square of the differences over that of the weights. */
export function error(weights, found) {
  let lost = 0, kept = 0;
  weights.forEach((w, i) => { lost += (w - found[i]) ** 2; kept += w * w; });
  return Math.sqrt(lost / kept);
}

/** A few weights far out, spread evenly, none in the first block. */
export function withOutliers(weights, n, far) {
  const out = [...weights], every = weights.length / n;
  for (let i = 0; i < n; i++) out[Math.floor((i + 0.5) * every)] = i % 2 ? -far : far;
  return out;
}

explore("quantise", ({ numbers, controls, plots }) => {
  const plain = numbers.weights.map(w => w / 1000), n = plain.length, whole = "one block";
  const sets = { none: plain, [`${numbers.outliers} of ${n}`]: withOutliers(plain, numbers.outliers, numbers.outlier) };
  const bits = controls.slider("Bits", numbers.bits, numbers.bit);
  const block = controls.slider("Weights in a block", numbers.blocks, numbers.block, b => b === n ? whole : String(b));
  const far = controls.choice(`Outliers at ${numbers.outlier} standard deviations`, Object.keys(sets), "none");
  return () => {
    const weights = sets[far.value], size = block.value, b = bits.value, found = rounded(weights, b, size);
    const share = 100 * error(weights, found), cost = b + numbers.scale_bits / size;
    for (const plot of plots) draw(plot, numbers, weights, found, step(weights.slice(0, size), b), b);
    return `${b} bits in ${size === n ? whole : `blocks of ${size}`}: ${2 ** b - 1} levels, an error of ${figure(share)}\u00a0% of ` +
      `the weights (root mean square), ${figure(cost)} bits a weight with the scales, ${figure(100 * cost / 16)}\u00a0% of 16 bits.`;
  };
});

function draw(plot, { bins, reach, places }, weights, found, step, bits) {
  const [top, middle, lower, bottom] = places, { x } = plot, most = 2 ** (bits - 1) - 1;
  const heaps = (values, base, height) => {
    const counts = Array(bins).fill(0);
    for (const v of values) {
      const i = Math.floor((v + reach) / (2 * reach) * bins);
      if (i >= 0 && i < bins) counts[i]++;
    }
    const wide = (x.end - x.start) / bins, tall = height / Math.max(...counts);
    return boxes(counts.flatMap((c, i) => c ? [[x.start + i * wide, base - c * tall, wide - 0.6, c * tall]] : []));
  };
  let levels = "";
  for (let k = -most; k <= most; k++)
    if (Math.abs(k * step) <= reach) levels += `M${num(x(k * step))} ${top - 4}V${middle + 6}`;
  plot.set("weights", { d: heaps(weights, middle, middle - top) });
  plot.set("levels", { d: levels });
  plot.set("errors", { d: heaps(weights.map((w, i) => found[i] - w), bottom, bottom - lower) });
}
