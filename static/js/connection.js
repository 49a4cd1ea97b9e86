"use strict";
// A websocket that comes back by itself: after a cut, a sleep, a restart, and when it died without
// a word. What goes over it is its owner's business, who gives these functions:
//   greet()       what to say first on every new socket, as an object
//   hear(frame)   something arrived
//   lost(is)      whether to show that the connection is gone: only once it has been for a while
//   refused(code) the server does not want us back
//   blocked()     again and again no socket came about
const keepConnected = (address, { greet, hear, lost, refused, blocked }) => {
  const FINAL_CODES = [4400, 4401, 4404];
  const NOTICE = 2000; // milliseconds, as all of these
  const SILENCE = 40_000; // the server beats each 15 s
  const PATIENCE = 10_000; // for a socket to come about
  const LOOK = 5000;
  const LONGEST_PAUSE = 10_000;
  const MANY = 4;

  let socket = null;
  let heard = 0;
  let tries = 0; // since something was heard
  let isOver = false;
  let retryTimer = 0;
  let noticeTimer = 0;

  const showLost = (is) => {
    if (is) {
      noticeTimer ||= setTimeout(lost, NOTICE, true); // the next failed try is no new loss
    } else {
      clearTimeout(noticeTimer);
      noticeTimer = 0;
      lost(false);
    }
  };

  const connect = () => {
    clearTimeout(retryTimer);
    showLost(true);
    const opened = new WebSocket(address);
    socket = opened;
    heard = Date.now();
    opened.onopen = () => {
      if (socket !== opened) return;
      showLost(false);
      opened.send(JSON.stringify(greet()));
    };
    opened.onmessage = (event) => {
      if (socket !== opened) return;
      heard = Date.now();
      tries = 0;
      hear(JSON.parse(event.data));
    };
    opened.onclose = ({ code }) => {
      if (socket === opened) end(code);
    };
  };

  const end = (code) => {
    isOver = FINAL_CODES.includes(code);
    if (isOver) {
      showLost(false);
      refused(code);
      return;
    }
    showLost(true);
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** tries++);
    retryTimer = setTimeout(connect, pause * (0.5 + Math.random() / 2)); // not all browsers at once
    if (tries >= MANY) blocked();
  };

  const isOpen = () => socket?.readyState === WebSocket.OPEN;
  const isClosed = () => socket.readyState > WebSocket.OPEN;

  const renew = () => {
    const stale = socket;
    socket = null;
    stale.close();
    if (stale.readyState === WebSocket.CONNECTING) tries++;
    connect();
  };

  // A clock set back counts as silence too: else it would hide any.
  const look = () => {
    if (isOver || isClosed()) return;
    const silence = Math.abs(Date.now() - heard);
    if (silence > (isOpen() ? SILENCE : PATIENCE)) renew();
  };

  // Somebody looks at the page again.
  const wake = () => {
    if (isOver || document.hidden) return;
    if (isClosed()) connect();
    else look();
  };

  connect();
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("pageshow", wake);
  window.addEventListener("online", () => isOver || renew()); // what is open belonged to another network
  setInterval(look, LOOK);
  return { isOpen, say: (frame) => socket.send(JSON.stringify(frame)) };
};
