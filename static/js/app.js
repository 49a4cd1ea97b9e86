"use strict";

// The shell's behaviours. Each hangs on a data-* attribute and listens on the document, so content
// that htmx or the socket brings later behaves like the first page.
{
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const isTouch = matchMedia("(pointer: coarse)");

  const on = (type, selector, handler, capture = false) =>
    document.addEventListener(
      type,
      (event) => {
        const element = event.target.closest?.(selector);
        if (element) handler(event, element);
      },
      capture,
    );

  // Code in attributes (hx-on, js:, trigger filters) is off; the content security policy agrees.
  const refuse = function () {
    throw new Error("htmx may not evaluate code here");
  };
  htmx.registerExtension("no-eval", { init: (api) => api.initSecurity(null, refuse, refuse) });

  // Theme: the cookie is read by the server, so the next page is right from its first paint.
  on("change", "[data-theme-switch]", ({ target }) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${target.value}; path=/; max-age=${target.value ? 31536000 : 0}; samesite=lax${secure}`;
    if (target.value) root.dataset.theme = target.value;
    else delete root.dataset.theme;
  });

  // Drawer: on a small screen the side bar is a popover and modal: what lies under it is out of reach.
  const side = byId("side");
  if (side) {
    side.addEventListener("beforetoggle", (event) => {
      if (event.target !== side) return;
      const isOpen = event.newState === "open";
      byId("main").inert = isOpen;
      side.role = isOpen ? "dialog" : "complementary";
      side.ariaModal = isOpen ? "true" : null;
    });
    side.addEventListener("toggle", (event) => {
      if (event.target === side && event.newState === "open") side.querySelector("a, button").focus();
    });
    matchMedia("(max-width: 44rem)").addEventListener("change", () => side.hidePopover());
    // A form marked data-closes-side has done its work there once it was taken.
    document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
      if (ctx.response?.status < 400 && ctx.sourceElement.matches("[data-closes-side]")) side.hidePopover();
    });
  }

  // Menus: placed by CSS anchors, and by hand where the browser has none.
  if (!CSS.supports("position-area: bottom")) {
    document.addEventListener(
      "toggle",
      (event) => {
        const menu = event.target;
        if (event.newState !== "open" || !menu.matches?.(".menu")) return;
        const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
        const { offsetWidth: width, offsetHeight: height } = menu;
        const isBelow = !menu.classList.contains("above") && button.bottom + height + 12 < innerHeight;
        const left = menu.classList.contains("end") ? button.right - width : button.left;
        menu.style.setProperty("top", `${Math.max(4, isBelow ? button.bottom : button.top - height - 12)}px`);
        menu.style.setProperty("left", `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
      },
      true,
    );
  }

  // No receipt is shown while another comes.
  byId("bill")?.addEventListener("beforetoggle", ({ newState, target }) => newState === "open" && target.replaceChildren());

  // Dialogs: <button commandfor="id" command="show-modal">, with help for older browsers.
  if (!("commandForElement" in HTMLButtonElement.prototype)) {
    on("click", "button[commandfor]", (_, button) => {
      const dialog = byId(button.getAttribute("commandfor"));
      if (button.getAttribute("command") === "show-modal") dialog.showModal();
      else dialog.close();
    });
  }

  // Confirm: hx-confirm on what htmx sends, data-confirm on a plain form; data-danger for the red button.
  const ask = (text, { confirmLabel, danger }) => {
    const dialog = byId("confirm");
    const yes = dialog.querySelector("[value=yes]");
    dialog.querySelector("h2").textContent = text;
    yes.textContent = confirmLabel || yes.dataset.label;
    yes.classList.toggle("danger", danger !== undefined);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  };
  document.addEventListener("htmx:confirm", async (event) => {
    event.preventDefault();
    const { ctx, issueRequest, dropRequest } = event.detail;
    if (await ask(ctx.confirm, ctx.sourceElement.dataset)) issueRequest();
    else dropRequest();
  });
  const confirmed = new WeakSet();
  on(
    "submit",
    "form[data-confirm]",
    async (event, form) => {
      if (confirmed.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await ask(form.dataset.confirm, form.dataset))) return;
      confirmed.add(form);
      form.requestSubmit(event.submitter);
    },
    true,
  );

  // A form marked data-once is sent once until its answer is here, however often one clicks.
  on(
    "submit",
    "form[data-once]",
    (event, form) => {
      if (form.ariaBusy === "true") {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else {
        form.ariaBusy = "true";
      }
    },
    true,
  );
  const release = (element) => {
    if (element.matches?.("form[data-once]")) element.ariaBusy = null;
  };
  document.addEventListener("htmx:finally:request", ({ detail }) => release(detail.ctx.sourceElement));
  addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach(release));

  // Toasts: Django's messages are in the page, later ones come as {"toast": {"messages": [...]}}.
  const toasts = byId("toasts");
  const retire = (toast) => {
    if (toast.matches(".error, .warning")) return;
    setTimeout(() => (toast.matches(":hover, :focus-within") ? retire(toast) : toast.remove()), 6000);
  };
  const show = ({ level = "info", text, request_id: requestId }) => {
    const toast = byId("toast-template").content.firstElementChild.cloneNode(true);
    toast.classList.add(level);
    if (level === "error") toast.role = "alert";
    toast.querySelector("span").textContent = text;
    if (requestId) toast.querySelector("code").textContent = requestId;
    toasts.append(toast);
    retire(toast);
  };
  toasts?.querySelectorAll("[data-toast]").forEach(retire);
  on("click", "[data-dismiss]", (_, button) => button.closest("[data-toast]").remove());
  document.addEventListener("toast", ({ detail }) => detail.messages.forEach(show));
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const { status } = ctx.response;
    const isShown = ctx.sourceElement.matches("[data-quiet]") || ctx.hx.trigger || (status < 500 && !htmx.config.noSwap.includes(status));
    if (!isShown) show({ level: "error", text: toasts.dataset.error });
  });
  document.addEventListener("htmx:error", ({ detail: { ctx, error } }) => {
    if (ctx?.sourceElement.matches("[data-quiet]")) return; // nobody asked for it
    if (ctx && !ctx.response && error.name !== "AbortError") show({ level: "error", text: toasts.dataset.offline });
  });

  // Copy: data-copy="#id" copies that field, element or template; data-copy="code" the code around it.
  const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.body.appendChild(document.createElement("textarea")); // plain http on a home network
    area.className = "sr-only";
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  };
  on("click", "[data-copy]", async (_, button) => {
    const { copy: what } = button.dataset;
    const from = what === "code" ? button.closest(".code").querySelector("pre") : document.querySelector(what);
    await copy(from.value ?? (from.content ?? from).textContent);
    const announcer = byId("announcer");
    announcer.textContent = announcer.dataset.copied;
    button.dataset.copied = "";
    setTimeout(() => {
      delete button.dataset.copied;
      announcer.textContent = "";
    }, 1500);
  });

  // Composer: Enter sends, Shift+Enter breaks the line; under a finger Enter breaks it too.
  on("keydown", "[data-composer] textarea", (event, area) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || isTouch.matches) return;
    event.preventDefault();
    const send = area.form.querySelector(".send:enabled");
    if (send && area.value.trim()) area.form.requestSubmit(send);
  });
  on("click", "[data-fill]", (_, button) => {
    const area = document.querySelector(button.dataset.fill);
    area.value = button.textContent.trim();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  });
  if (!CSS.supports("field-sizing: content")) {
    const grow = (area) => {
      area.style.setProperty("height", "auto");
      area.style.setProperty("height", `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`);
    };
    on("input", "textarea", (_, area) => grow(area));
    document.querySelectorAll("textarea").forEach(grow);
  }

  // Stick to the end while one is there; who scrolled up to read is left alone and gets a way back.
  for (const content of document.querySelectorAll("[data-stick]")) {
    const scroll = content.closest(".scroll");
    const jump = document.querySelector("[data-jump]");
    let isAtEnd = !location.hash;
    let last = 0;
    const toEnd = () => {
      isAtEnd = true;
      scroll.scrollTop = scroll.scrollHeight;
    };
    const look = () => {
      // Only a move up means that one wants to read: text growing faster than frames does not.
      if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 48) isAtEnd = true;
      else if (scroll.scrollTop < last) isAtEnd = false;
      last = scroll.scrollTop;
      if (jump) jump.hidden = isAtEnd;
    };
    const observer = new ResizeObserver(() => (isAtEnd ? toEnd() : look()));
    observer.observe(scroll);
    observer.observe(content);
    scroll.addEventListener("scroll", look, { passive: true });
    jump?.addEventListener("click", toEnd);
    on("submit", "[data-composer]", toEnd);
    look();
  }

  // Elapsed time: data-elapsed holds the seconds gone when the page was made.
  const began = new WeakMap();
  const tick = () => {
    for (const element of document.querySelectorAll("[data-elapsed]")) {
      if (!began.has(element)) began.set(element, performance.now() - element.dataset.elapsed * 1000);
      const seconds = Math.floor((performance.now() - began.get(element)) / 1000);
      element.textContent = seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
    }
  };
  setInterval(tick, 1000);
  tick();

  // The purse, which the header repeats on a phone: other tabs are told of a change, and look.
  if (byId("purse")) {
    const tabs = new BroadcastChannel("purse");
    const look = async () => {
      const { href, dataset } = byId("purse");
      if (document.hidden) return;
      const answer = await fetch(`${href}purse/?seen=${dataset.seen}`).catch(() => null);
      if (answer?.status === 200 && !answer.redirected) byId("purse").outerHTML = await answer.text();
    };
    new MutationObserver(() => {
      const purse = byId("purse");
      const copy = document.querySelector("[data-purse-copy]");
      copy.textContent = purse.querySelector("b").dataset.short;
      tabs.postMessage(purse.dataset.seen);
    }).observe(byId("purse").parentElement, { childList: true });
    tabs.onmessage = ({ data }) => data === byId("purse").dataset.seen || look();
    document.addEventListener("visibilitychange", look);
    setInterval(look, 30_000);
  }

  // Shapes of pictures, for browsers without typed attr() in CSS.
  if (!CSS.supports("width", "attr(data-width px, 1px)")) {
    const shape = (parent) => {
      for (const tile of parent.querySelectorAll(".tile[data-width]")) {
        tile.style.setProperty("--ratio", tile.dataset.width / tile.dataset.height);
      }
    };
    shape(document);
    document.addEventListener("htmx:after:process", ({ target }) => shape(target.parentNode ?? document));
  }

  // Shortcuts: data-key="j" is Ctrl J, or ⌘ J on a Mac; its <kbd> says which.
  const isMac = /Mac|iP/.test(navigator.platform);
  for (const key of document.querySelectorAll("[data-key] > kbd")) {
    key.textContent = `${isMac ? "⌘" : "Ctrl"} ${key.parentElement.dataset.key.toUpperCase()}`;
  }
  document.addEventListener("keydown", (event) => {
    if (!(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}
