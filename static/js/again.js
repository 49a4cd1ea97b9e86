"use strict";
// One menu of models serves all turns: it belongs to the one whose button opened it.
{
  const menu = document.querySelector("[data-again-menu]");
  let form = null;

  const open = (button) => {
    form = document.getElementById(button.dataset.again);
    const { value } = form.elements.model;
    for (const model of menu.querySelectorAll("button")) model.ariaCurrent = model.value === value ? "true" : null;
  };

  const choose = (model) => {
    menu.hidePopover();
    form.elements.model.value = model.value;
    form.requestSubmit();
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-again]");
    const model = target.closest("[data-again-menu] button");
    if (button) open(button);
    if (model) choose(model);
  });
}
