"use strict";
// What pages need to send something by themselves.

const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs https
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

// Answers `fetch`; what the server says beside the page, such as a toast, is told at once. What does
// not come from the server itself (a proxy says that there is none) counts as no answer.
const postTo = async (url, token, options = {}) => {
  const headers = { "HX-Request": "true", "X-CSRFToken": token };
  const answer = await fetch(url, { method: "POST", headers, ...options });
  if (!answer.headers.has("X-Request-ID")) throw new TypeError("not answered by the server");
  for (const [name, detail] of Object.entries(JSON.parse(answer.headers.get("HX-Trigger") ?? "{}"))) {
    document.dispatchEvent(new CustomEvent(name, { detail }));
  }
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) location.assign(elsewhere);
  return { ok: answer.ok, status: answer.status, moved: Boolean(elsewhere), html: await answer.text() };
};
