"use strict";

// Pictures: keys, ranges of ticks, the way back, the slider that compares.
{
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");

  // Keys: data-hotkey="f" is pressed by f, unless somebody is writing.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    const target = document.querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });

  // Back to the place in the grid that one came from: the browser still has it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-back]");
    if (!link || !document.referrer || history.length < 2) return;
    const from = new URL(document.referrer);
    if (from.origin !== location.origin || from.pathname !== new URL(link.href).pathname) return;
    event.preventDefault();
    history.back();
  });

  // Shift ticks all between this one and the one before.
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!box.matches?.("input[name=pick]")) return;
    const boxes = [...document.querySelectorAll("input[name=pick]")];
    if (event.shiftKey && last?.isConnected) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    count();
  });
  const count = () => {
    const shown = document.querySelector("[data-ticked]");
    if (shown) shown.textContent = document.querySelectorAll("input[name=pick]:checked").length;
  };
  document.addEventListener("htmx:after:swap", count);

  const compare = document.querySelector("[data-compare]");
  compare?.querySelector("input").addEventListener("input", ({ target }) => {
    compare.style.setProperty("--seen", `${target.value}%`);
  });
}
