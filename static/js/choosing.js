"use strict";
// A button with data-model chooses that model in the composer, before it submits anything.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-model]");
  if (!button) return;
  const picker = document.getElementById("model");
  picker.value = button.dataset.model;
  picker.dispatchEvent(new Event("change", { bubbles: true }));
});
