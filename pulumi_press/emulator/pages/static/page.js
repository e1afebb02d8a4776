// Keep the page as the server would send it now: after each change it is fetched again, and what differs is replaced.
"use strict";

const root = document.documentElement;
const connection = document.getElementById("connection");
const channel = new BroadcastChannel("local-press");
const LIVE = { text: "live", kind: "good" };
const LOST = { text: "no connection; trying again", kind: "bad" };
const PATIENCE = 1500; // Milliseconds without a connection after which that is said.
const PAUSE = 2000; // Milliseconds after which a stream is asked for again that was refused.

let wanted = root.dataset.version; // The version of the content that the server has by now.
let isBusy = false;

// --- The stream: a browser opens few connections to one server, so one of the tabs that are seen has it for all.

let source = null;
let turn = null; // Aborts the waiting for the stream.
let giveUp = null; // Lets another tab have the stream.
let timer = null;

function follow() {
  leave();
  if (document.hidden) return;
  channel.postMessage({ isQuestion: true });
  catchUp();
  if (!navigator.locks) return connect(); // They are for secure addresses only, such as 127.0.0.1.
  turn = new AbortController();
  const keep = () => new Promise((resolve) => { giveUp = resolve; connect(); });
  navigator.locks.request("local-press", { signal: turn.signal }, keep).catch(() => {});
}

function leave() {
  turn?.abort();
  disconnect();
  giveUp?.();
  turn = giveUp = null;
}

function connect() {
  disconnect();
  source = new EventSource("/_emulator/changes");
  source.onopen = () => {
    clearTimeout(timer);
    timer = null;
    tell({ state: LIVE });
  };
  source.onmessage = (event) => tell({ version: event.data });
  source.onerror = () => {
    timer ??= setTimeout(() => tell({ state: LOST }), PATIENCE);
    // A browser tries again by itself, unless it was answered with something else than a stream.
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && connect(), PAUSE);
  };
}

function disconnect() {
  clearTimeout(timer);
  timer = null;
  source?.close();
  source = null;
}

function tell(news) {
  channel.postMessage(news);
  hear(news);
}

function hear({ isQuestion, version, state }) {
  if (isQuestion && source?.readyState === EventSource.OPEN) channel.postMessage({ version: wanted, state: LIVE });
  if (state) {
    connection.textContent = state.text;
    connection.dataset.kind = state.kind;
  }
  if (version) {
    wanted = version;
    catchUp();
  }
}

// --- The page.

async function catchUp() {
  if (isBusy || document.hidden) return;
  isBusy = true;
  try {
    while (root.dataset.version !== wanted) {
      const asked = wanted;
      const answer = await fetch(location.href, { cache: "no-store" });
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      // The page may be newer than the event that it was fetched for; the next event then has nothing to add.
      if (wanted === asked) wanted = root.dataset.version;
    }
  } catch {
    // The server is away; the first event after its return tells the version again.
  } finally {
    isBusy = false;
  }
}

function show(next) {
  const keys = (page) => Array.from(page.querySelectorAll("[data-live]"), (part) => part.dataset.live).join();
  if (keys(document) === keys(next)) {
    for (const part of document.querySelectorAll("[data-live]")) {
      replace(part, next.querySelector(`[data-live="${part.dataset.live}"]`));
    }
  } else {
    replace(document.querySelector("main"), next.querySelector("main"));
  }
  document.title = next.title;
  root.dataset.version = next.documentElement.dataset.version;
}

function replace(old, part) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  // An opened part is no difference.
  const isOpen = new Map(Array.from(old.querySelectorAll("details[id]"), (details) => [details.id, details.open]));
  for (const details of part.querySelectorAll("details[id]")) {
    if (isOpen.has(details.id)) details.open = isOpen.get(details.id);
  }
  if (active?.matches("input, select, button") || old.outerHTML === part.outerHTML) return;
  const place = active && find(active);
  old.replaceWith(part);
  if (place) part.querySelector(place)?.focus({ preventScroll: true });
}

// Return a selector for the same element in the next version of the page.
function find(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.hasAttribute("href")) return `[href="${CSS.escape(element.getAttribute("href"))}"]`;
  const details = element.closest("details[id]");
  return details && element.matches("summary") ? `#${CSS.escape(details.id)} > summary` : null;
}

channel.onmessage = (event) => hear(event.data);
document.addEventListener("visibilitychange", follow);
window.addEventListener("pagehide", leave);
window.addEventListener("pageshow", (event) => event.persisted && follow());
follow();
