"use strict";
// Follows the replies of a conversation over its socket, and sends prompts. The server renders;
// here HTML is only put in its place, so a reply shown twice or late ends as the same page.
(() => {
  const thread = document.getElementById("thread");
  const composer = document.querySelector("[data-composer]");
  const replies = new Map(); // message id → its turn, its growing text, and whether that is whole
  const numbers = new Map(); // a reply's number on this socket → its message id

  const fragment = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
  };

  const htmlOf = (elements) => Array.from(elements, (element) => element.outerHTML).join("");

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

  const lives = () => [...(thread?.querySelectorAll('[data-state="streaming"]') ?? [])];

  // One button at a time: Send, or Stop for the newest answer until one has pressed it.
  const showBusy = () => {
    const newest = lives().at(-1);
    for (const name of ["hidden", "disabled"]) {
      composer?.querySelector(".send").toggleAttribute(name, Boolean(newest));
      composer?.querySelector(".stop").toggleAttribute(name, !newest);
    }
    if (newest?.matches("[data-stopping]")) composer.querySelector(".stop").disabled = true;
  };

  const isNewer = (turn, present) => {
    const attempts = Number(turn.dataset.attempt) - Number(present.dataset.attempt);
    const hasEnded = present.dataset.state === "streaming" && turn.dataset.state !== "streaming";
    return attempts > 0 || (attempts === 0 && hasEnded);
  };

  // What stood after the same turn before is another branch: it makes room.
  const append = (turn) => {
    const { parent } = turn.dataset;
    const above = parent && document.getElementById(`m-${parent}`);
    if (parent && !above && thread.querySelector(".turn")) location.reload(); // too far apart
    while (above?.nextElementSibling) above.nextElementSibling.remove();
    thread.append(turn);
  };

  // Put turns after the ones they follow; one that is there already stays, but for a newer state.
  const place = (html) => {
    const incoming = fragment(html);
    decorate(incoming);
    for (const turn of incoming.querySelectorAll(".turn")) {
      const present = document.getElementById(turn.id);
      if (!present) append(turn);
      else if (isNewer(turn, present)) {
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
    if (reply?.text.body !== body) {
      reply = { turn, text: growingBody(body, decorate), whole: false };
      replies.set(id, reply);
    }
    return reply;
  };

  const step = (frame) => {
    if (frame.reset) numbers.set(frame.n, frame.id);
    const reply = replyOf(numbers.get(frame.n));
    if (!reply) return;
    if (frame.reset) reply.text.reset();
    reply.text.apply(frame.change);
    reply.whole = Boolean(frame.whole);
    reply.turn.querySelector("[data-busy]")?.toggleAttribute("hidden", frame.notice !== "busy");
  };

  const shortStep = ([number, ...parts]) => {
    replyOf(numbers.get(number))?.text.apply(parts);
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
      reply.text.close();
      wrapAround(turn, reply.text.body, fresh);
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

  // What begins elsewhere is told at once, but on a bad day that is lost.
  const beat = ({ tip }) => {
    if (tip && thread.lastElementChild?.id !== `m-${tip}`) connection.say(greet());
  };

  const handlers = { step, end, swap, turns, beat };

  // --- Connection --------------------------------------------------------------------------------

  const line = document.querySelector("[data-connection]");
  let last = null; // the newest turn when something was last heard: what began since is missing here

  const remember = () => {
    last = thread.lastElementChild?.id.slice(2) || null;
  };

  const greet = () => {
    return { watch: lives().map((turn) => turn.dataset.reply), last };
  };

  const hear = (frame) => {
    if (Array.isArray(frame)) return shortStep(frame);
    handlers[frame.t]?.(frame);
    remember();
  };

  const refused = (code) => {
    if (code === 4401) location.reload(); // asks to sign in
    line.textContent = code === 4404 ? line.dataset.gone : line.dataset.outdated;
    line.hidden = code === 4401;
  };

  // Where no socket gets through, the page is asked for instead: the answer then comes as a whole.
  const catchUp = async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (answer?.redirected) location.reload();
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    place(htmlOf(page.querySelectorAll("#thread > .turn")));
    swap({ html: htmlOf(page.querySelectorAll(".nav [id], #purse")) });
  };

  const follow = () => {
    const address = new URL(thread.dataset.socket, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    remember();
    return keepConnected(address, {
      greet,
      hear,
      refused,
      lost: (is) => line.toggleAttribute("hidden", !is),
      blocked: catchUp,
    });
  };

  if (thread) {
    decorate(thread);
    showBusy();
  }
  const connection = thread?.dataset.socket ? follow() : null;

  // --- Sending ---------------------------------------------------------------------------------------

  // Turns that came by the socket carry no token of their own; the composer's serves them all.
  const ask = (url, options) => postTo(url, composer.elements.csrfmiddlewaretoken.value, options);

  // A turn may come from another browser of the same person, whose token is no good here. And a
  // multipart form without a field is a bad request to Twisted, so never multipart.
  const post = (form, button) => {
    const body = new URLSearchParams(new FormData(form));
    body.delete("csrfmiddlewaretoken");
    return ask(button?.getAttribute("formaction") ?? form.action, { body });
  };

  const refuse = (html) => {
    document.querySelector("[data-refusal]").replaceChildren(fragment(html));
  };

  const tellOffline = (word) => {
    const told = document.createElement("p");
    told.className = "error";
    told.textContent = word ?? document.getElementById("toasts")?.dataset.offline ?? "";
    document.querySelector("[data-refusal]").replaceChildren(told);
  };

  // A prompt keeps its client_id until the server has it: sending again after a lost answer
  // buys nothing twice.
  const send = async (form) => {
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      const answer = await post(form);
      if (answer.moved) return;
      refuse(answer.ok ? "" : answer.html);
      if (answer.status === 409) form.elements.client_id.value = uuid(); // its id means another
      if (!answer.ok) return;
      form.elements.client_id.value = uuid();
      form.elements.text.value = "";
      form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
      place(answer.html);
    } catch {
      tellOffline();
    } finally {
      form.ariaBusy = null;
      form.elements.text.focus();
    }
  };

  // Any other form answers with turns: the next attempt, another answer, another version.
  const submit = async (form, button) => {
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      const answer = await post(form, button);
      refuse(answer.ok ? "" : answer.html);
      if (answer.ok) place(answer.html);
    } catch {
      tellOffline();
    } finally {
      form.ariaBusy = null;
    }
  };

  const showStopping = (turn, is) => {
    turn.toggleAttribute("data-stopping", is);
    turn.querySelector("[data-stops]")?.toggleAttribute("hidden", !is);
    showBusy();
  };

  // Shown at once; the answer itself ends over the socket, with the words that came until then.
  const stop = async () => {
    const turn = lives().at(-1);
    if (!turn || turn.matches("[data-stopping]")) return;
    showStopping(turn, true);
    try {
      const within = AbortSignal.timeout(10_000);
      const answer = await ask(`${composer.action}${turn.dataset.reply}/stop/`, { signal: within });
      if (!answer.ok) showStopping(turn, false);
      else if (connection.isOpen()) refuse("");
      else await catchUp();
    } catch {
      showStopping(turn, false);
      tellOffline(composer.dataset.notStopped);
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form !== composer && !form.matches("[data-turns]")) return;
    event.preventDefault();
    (form === composer ? send : submit)(form, event.submitter);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-stop]")) stop();
  });
})();
