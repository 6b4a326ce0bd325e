/* What the explorables share: a live copy of the static picture, controls, and marks that can be moved.
   The picture that was built stays in the page: it is what is printed, and what is there without scripts. */

/** As Python's `figure`: so many significant digits, no exponents, narrow spaces between thousands. */
export function figure(value, digits = 3) {
  if (!value || !Number.isFinite(value)) return String(value);
  const shown = rounded(value, digits), decimals = digits - 1 - Number(shown.toExponential().split("e")[1]);
  return grouped(shown.toFixed(Math.max(0, decimals)));
}
/** Halves go to the even digit, as in Python; measured values of four digits often end in a half. */
function rounded(value, digits) {
  const [all, power] = value.toExponential(60).split("e"), sign = all.startsWith("-") ? "-" : "";
  const written = all.replace(/[-.]/g, ""), kept = written.slice(0, digits), rest = written.slice(digits);
  if (/^50*$/.test(rest) && Number(kept.at(-1)) % 2 === 0) return Number(`${sign}${kept}e${Number(power) - digits + 1}`);
  return Number(value.toPrecision(digits));
}
export const whole = value => grouped(value.toFixed(0));
function grouped(text) {
  const [count, rest] = text.split(".");
  return count.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (rest ? `.${rest}` : "");
}

/** As in the built picture: one decimal, halves up. */
export const num = value => String(Math.floor(value * 10 + 0.5) / 10 + 0);
export const rect = ([x, y, w, h]) => `M${num(x)} ${num(y)}H${num(x + w)}V${num(y + h)}H${num(x)}Z`;
export const boxes = all => all.map(rect).join("");
export const line = places => places.length ? "M" + places.map(([x, y]) => `${num(x)} ${num(y)}`).join("L") : "";
export const dots = places => places.map(([x, y]) => `M${num(x)} ${num(y)}h0`).join("");

/** Values to places and back; `told`: "log 1 128 52 622", as the SVG carries it. */
export function scale(told) {
  const [kind, ...numbers] = told.split(" ");
  const [low, high, start, end] = numbers.map(Number);
  const bend = kind === "log" ? Math.log : v => v, unbend = kind === "log" ? Math.exp : v => v;
  const a = bend(low), b = bend(high);
  const at = value => start + (bend(value) - a) / (b - a) * (end - start);
  return Object.assign(at, { low, high, start, end, back: x => unbend(a + (x - start) / (end - start) * (b - a)) });
}

/** One SVG. `set` changes a mark's attributes; `words` its text. */
class Plot {
  constructor(svg) {
    this.svg = svg;
    this.case = Number(svg.dataset.case);
    this.x = scale(svg.dataset.x);
    this.y = scale(svg.dataset.y);
    this.marks = Object.fromEntries([...svg.querySelectorAll("[data-mark]")].map(m => [m.dataset.mark, m]));
  }
  set(name, attributes) {
    for (const [key, value] of Object.entries(attributes))
      this.marks[name].setAttribute(key, typeof value === "number" ? num(value) : value);
  }
  words(name, words, attributes = {}) {
    this.marks[name].textContent = words;
    this.set(name, attributes);
  }
}

let count = 0;
function make(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

/** The controls of one explorable, in the order in which they are made. Values are given and taken as they are. */
class Controls {
  constructor(box, changed) { Object.assign(this, { box, changed }); }

  /** A slider over a list; `say`: how a value is shown and read out. */
  slider(label, values, at, say = whole) {
    const id = `pw-explore-${++count}`;
    const input = make("input", { type: "range", id, min: 0, max: values.length - 1, step: 1 });
    const shown = make("span", { "aria-hidden": "true" });
    const row = make("div", { class: "pw-explore__slide" }, make("label", { for: id }, label), shown, input);
    const control = {
      input, row,
      get value() { return values[Number(input.value)]; },
      set value(value) {
        input.value = values.indexOf(value);
        input.setAttribute("aria-valuetext", shown.textContent = say(value));
      },
      fill(list, value, how = say) {
        values = list;
        say = how;
        input.max = list.length - 1;
        control.value = value;
      },
    };
    control.value = at;
    input.addEventListener("input", () => { control.value = control.value; this.changed(); });
    this.box.append(row);
    return control;
  }

  /** One of a few. */
  choice(label, options, at) {
    const name = `pw-explore-${++count}`, long = options.length > 3 ? " is-long" : "";
    const set = make("fieldset", { class: `pw-explore__choice${long}` }, make("legend", {}, label));
    const seg = make("div", { class: "pw-seg" }), inputs = options.map((option, i) => {
      const input = make("input", { type: "radio", name, value: i });
      input.checked = option === at;
      input.addEventListener("change", () => this.changed());
      seg.append(make("label", {}, input, option));
      return input;
    });
    set.append(seg);
    this.box.append(set);
    return { inputs, row: set, get value() { return options[inputs.findIndex(input => input.checked)]; } };
  }

  button(label, pressed) {
    const button = make("button", { type: "button", class: "pw-explore__button" }, label);
    button.addEventListener("click", () => { pressed(); this.changed(); });
    this.box.append(button);
    return button;
  }
}

/** Calls `moved(x value)` while the pointer drags sideways over a plot. Up and down still scrolls the page. */
function drag(plot, moved) {
  const at = event => {
    const box = plot.svg.getBoundingClientRect(), view = plot.svg.viewBox.baseVal;
    const style = getComputedStyle(plot.svg), left = parseFloat(style.paddingLeft), right = parseFloat(style.paddingRight);
    const x = (event.clientX - box.left - left) / (box.width - left - right) * view.width;
    moved(plot.x.back(Math.min(Math.max(x, plot.x.start), plot.x.end)));
  };
  plot.svg.classList.add("is-draggable");
  plot.svg.addEventListener("pointerdown", event => {
    if (event.button) return;
    plot.svg.setPointerCapture(event.pointerId);
    event.preventDefault();
    at(event);
  });
  plot.svg.addEventListener("pointermove", event => { if (plot.svg.hasPointerCapture(event.pointerId)) at(event); });
}

function begin(frame, setUp) {
  const fixed = frame.querySelector(".pw-explore__static");
  const live = fixed.cloneNode(true), art = live.querySelector("[role=img]"), says = make("output", { class: "pw-explore__says" });
  const box = make("div", { class: "pw-explore__controls" });
  live.className = "pw-explore__live";
  live.querySelector("p").replaceWith(box, says);
  const plots = [...live.querySelectorAll("svg")].map(svg => new Plot(svg));
  const title = frame.querySelector("b").textContent;
  let update = () => {};
  const controls = new Controls(box, () => update());
  const draw = setUp({
    numbers: JSON.parse(frame.querySelector("template").content.textContent), controls, plots,
    drag: moved => plots.forEach(plot => drag(plot, value => { moved(value); update(); })),
    /** Shows the plots of one case only. */
    show: chosen => plots.forEach(plot => plot.svg.toggleAttribute("hidden", plot.case !== chosen)),
  });
  update = () => {
    const words = draw();
    if (says.textContent === words) return;
    says.textContent = words;
    art.setAttribute("aria-label", `${title}. ${words}`);
  };
  update();
  fixed.after(live);
  frame.classList.add("is-live");
}

/** Brings every figure of that name to life, now and after Material's instant navigation.
    `setUp` makes the controls and returns what draws: it moves the marks and returns the sentence below them. */
export function explore(name, setUp) {
  const all = () => document.querySelectorAll(`[data-explore="${name}"]:not(.is-live)`).forEach(f => begin(f, setUp));
  all();
  if (typeof document$ !== "undefined") document$.subscribe(all);
}
