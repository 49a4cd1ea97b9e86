"use strict";
// Follows the replies of a conversation over its socket, and sends prompts. The server renders;
// here HTML is only put in its place, so a reply shown twice or late ends as the same page.
(() => {
  const thread = document.getElementById("thread");
  const composer = document.querySelector("[data-composer]");
  const replies = new Map(); // message id → where its open block begins and what it shows

  const fragment = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  const announce = (word) => {
    const region = document.querySelector("[data-announce]");
    if (region) region.textContent = region.dataset[word] ?? "";
  };

  // --- Turns -------------------------------------------------------------------------------------

  const decorate = (root) => {
    const button = document.getElementById("copy-code");
    for (const header of root.querySelectorAll(".code > header")) {
      if (button && !header.querySelector("button")) header.append(button.content.cloneNode(true));
    }
  };

  const showBusy = () => {
    const busy = Boolean(thread?.querySelector('[data-state="streaming"]'));
    for (const name of ["hidden", "disabled"]) {
      composer?.querySelector(".send").toggleAttribute(name, busy);
      composer?.querySelector(".stop").toggleAttribute(name, !busy);
    }
  };

  // Put turns at the end of the thread; one that is there already stays, but for a new attempt.
  const place = (html) => {
    const incoming = fragment(html);
    for (const turn of incoming.querySelectorAll(".turn")) {
      const present = document.getElementById(turn.id);
      if (!present) thread.append(turn);
      else if (Number(turn.dataset.attempt) > Number(present.dataset.attempt)) {
        replies.delete(turn.dataset.reply);
        present.replaceWith(turn);
      }
    }
    window.htmx?.process(thread);
    showBusy();
  };

  const replyOf = (id) => {
    const turn = document.getElementById(`m-${id}`);
    const body = turn?.querySelector(".body");
    if (!body) return null;
    let reply = replies.get(id);
    if (reply?.body !== body) {
      reply = { turn, body, edge: document.createComment(""), open: "", whole: false };
      body.append(reply.edge);
      replies.set(id, reply);
    }
    return reply;
  };

  const step = (frame) => {
    const reply = replyOf(frame.id);
    if (!reply) return;
    if (frame.reset) {
      reply.body.replaceChildren(reply.edge);
      reply.open = "";
    }
    if (frame.done) {
      const done = fragment(frame.done);
      decorate(done);
      reply.edge.before(done);
    }
    reply.open = (frame.done ? "" : reply.open.slice(0, frame.keep)) + frame.tail;
    while (reply.edge.nextSibling) reply.edge.nextSibling.remove();
    reply.body.append(fragment(reply.open));
    reply.whole = Boolean(frame.whole);
    reply.turn.querySelector("[data-busy]")?.toggleAttribute("hidden", frame.notice !== "busy");
  };

  // The finished turn. Its text is on the page already and stays untouched, so that a selection
  // in it survives; what stands around it is new.
  const end = (frame) => {
    const fresh = fragment(frame.html).firstElementChild;
    const turn = document.getElementById(fresh.id);
    if (!turn) return;
    const reply = replies.get(frame.id);
    replies.delete(frame.id);
    if (reply?.whole) {
      reply.edge.remove();
      wrapAround(turn, reply.body, fresh);
    } else {
      decorate(fresh);
      turn.replaceWith(fresh);
    }
    window.htmx?.process(document.getElementById(fresh.id));
    showBusy();
    announce(frame.ok ? "done" : "failed");
  };

  const wrapAround = (turn, body, fresh) => {
    turn.dataset.state = fresh.dataset.state;
    turn.removeAttribute("aria-busy");
    for (const child of [...turn.children]) if (child !== body) child.remove();
    let before = true;
    for (const child of [...fresh.children]) {
      if (child.matches(".body")) before = false;
      else if (before) body.before(child);
      else turn.append(child);
    }
  };

  const swap = (frame) => {
    for (const fresh of fragment(frame.html).querySelectorAll("[id]")) {
      document.getElementById(fresh.id)?.replaceWith(fresh);
    }
  };

  const turns = (frame) => {
    place(frame.html);
    announce("started");
  };

  const handlers = { step, end, swap, turns, beat: () => {} };

  // --- Socket --------------------------------------------------------------------------------------

  const FINAL_CODES = [4400, 4401, 4404];
  const SILENCE = 40_000; // the server beats each 15 s
  let socket = null;
  let tries = 0;
  let heard = 0;
  let retryTimer = 0;
  let noticeTimer = 0;

  const showLost = (lost) => {
    clearTimeout(noticeTimer);
    const line = document.querySelector("[data-connection]");
    if (lost) noticeTimer = setTimeout(() => line?.removeAttribute("hidden"), 2000);
    else line?.setAttribute("hidden", "");
  };

  const connect = () => {
    clearTimeout(retryTimer);
    if (socket && socket.readyState <= WebSocket.OPEN) return;
    const url = new URL(thread.dataset.socket, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const opened = new WebSocket(url);
    socket = opened;
    heard = Date.now();
    opened.onmessage = (event) => {
      if (socket !== opened) return;
      heard = Date.now();
      tries = 0;
      showLost(false);
      const frame = JSON.parse(event.data);
      handlers[frame.t]?.(frame);
    };
    opened.onopen = () => {
      showLost(false);
      const live = thread.querySelectorAll('[data-state="streaming"]');
      opened.send(JSON.stringify({ watch: Array.from(live, (turn) => turn.dataset.reply) }));
    };
    opened.onclose = (event) => {
      if (socket !== opened) return;
      if (event.code === 4401) location.reload();
      if (FINAL_CODES.includes(event.code)) return;
      showLost(true);
      const longest = Math.min(10_000, 500 * 2 ** tries++);
      retryTimer = setTimeout(connect, longest * (0.5 + Math.random() / 2));
    };
  };

  // After sleep, a background tab or a restored page the socket may be dead without knowing.
  const wake = () => {
    if (document.hidden) return;
    if (Date.now() - heard > SILENCE) {
      const stale = socket;
      socket = null;
      stale?.close();
    }
    connect();
  };

  if (thread?.dataset.socket) {
    decorate(thread);
    showBusy();
    connect();
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("pageshow", wake);
    window.addEventListener("online", wake);
    setInterval(wake, 5000);
  }

  // --- Sending ---------------------------------------------------------------------------------------

  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs https
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  // Turns that came by the socket carry no token of their own; the composer's serves them all.
  const headers = () => ({
    "HX-Request": "true",
    "X-CSRFToken": composer.elements.csrfmiddlewaretoken.value,
  });

  const post = async (form) => {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)), // multipart without a field is a bad request to Twisted
      headers: headers(),
    });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    return { ok: answer.ok, moved: Boolean(elsewhere), html: await answer.text() };
  };

  const refuse = (html) => {
    document.querySelector("[data-refusal]").replaceChildren(fragment(html));
  };

  const offline = () => document.getElementById("toasts")?.dataset.offline ?? "";

  // A prompt keeps its client_id until the server has it: sending again after a lost answer
  // buys nothing twice.
  const send = async (form) => {
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      const answer = await post(form);
      if (answer.moved) return;
      refuse(answer.ok ? "" : answer.html);
      if (!answer.ok) return;
      form.elements.client_id.value = uuid();
      form.elements.text.value = "";
      form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
      place(answer.html);
    } catch {
      const line = document.createElement("p");
      line.className = "error";
      line.textContent = offline();
      document.querySelector("[data-refusal]").replaceChildren(line);
    } finally {
      form.ariaBusy = null;
      form.elements.text.focus();
    }
  };

  const stop = () => {
    const live = [...thread.querySelectorAll('[data-state="streaming"]')].at(-1);
    if (!live) return;
    fetch(`${composer.action}${live.dataset.reply}/stop/`, { method: "POST", headers: headers() });
    composer.querySelector(".stop").disabled = true;
  };

  document.addEventListener("submit", async (event) => {
    if (event.target === composer) {
      event.preventDefault();
      await send(composer);
    } else if (event.target.matches("[data-retry]")) {
      event.preventDefault();
      const answer = await post(event.target);
      if (answer.ok) place(answer.html);
      else refuse(answer.html);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-stop]")) stop();
  });
})();
