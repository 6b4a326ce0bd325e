/* Panelwright's reader: arrow keys, the remembered transcript, a bracket round the linked panel, one machine for
   all charts of a page. Everything works without it. Material calls us again after each instant navigation. */
(() => {
  const KEY = "panelwright.level";
  const store = { get: () => { try { return localStorage.getItem(KEY) } catch { return null } },
                  set: v => { try { localStorage.setItem(KEY, v) } catch { /* private window */ } } };

  function mark() {
    const id = location.hash.slice(1);
    for (const spot of document.querySelectorAll(".pw-spot"))
      spot.classList.toggle("is-on", spot.dataset.panel === id);
  }

  function begin() {
    const level = store.get();
    for (const radio of document.querySelectorAll("[name=pw-level]")) {
      if (level) radio.checked = radio.value === level;
      radio.addEventListener("change", () => store.set(radio.value));
    }
    mark();
  }

  addEventListener("hashchange", mark);
  addEventListener("change", ({ target }) => {
    if (target.name?.startsWith("pw-machine-"))
      for (const other of document.querySelectorAll("[name^=pw-machine-]"))
        if (other.value === target.value) other.checked = true;
  });
  addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    const box = event.target.closest("[tabindex]");
    if (event.target.closest("input, textarea, select, [contenteditable], .md-search")) return;
    if (box && box.scrollWidth > box.clientWidth) return; // a chart or a table that the keys move
    const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = way && document.querySelector(`[data-pw=${way}]`);
    if (link) { event.preventDefault(); link.click(); }
  });
  if (typeof document$ !== "undefined") document$.subscribe(begin);
  else if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
})();
