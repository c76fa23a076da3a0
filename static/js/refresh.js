// What listens is fetched anew when it changed: an element with data-live="task-12 rollout-x" and hx-trigger="live".
// A burst is one fetch, nothing moves under a hand, and what somebody typed, opened or focused stays as it is.

const GATHER_MS = 80, JITTER_MS = 220, HAND_MS = 1200, AGAIN_MS = 3000, CHANGED_MS = 2000;
const TIMEOUT_MS = 15000, TICK_MS = 60000;
const EASE = 3;  // rest this many times as long as the last fetch took: a slow page is not asked without end
const ROWS = ".task, .check, .centre, .place, .history li";

const heard = new Set(), waiting = new Set(), readyAt = new WeakMap(), began = new WeakMap();
let gathering = null, timer = null, hand = -Infinity, morphing = false, changed = [];

// What each element was last sent, so that an unchanged one is not sent again; forgotten as soon as anything else was
// put into the page.
let etags = new WeakMap();

const isLive = detail => detail.requestConfig?.triggeringEvent?.type === "live";

function note({rollout, location, kind, id}) {
  if (kind !== "person") heard.add("change");
  for (const name of [kind, `${kind}-${id}`, `rollout-${rollout}`, `location-${location}`]) heard.add(name);
  soon();
}

function soon() {
  gathering ??= setTimeout(gather, GATHER_MS + Math.random() * JITTER_MS);
}

// The bell of every page, and the inbox itself.
function noteInbox() {
  heard.add("inbox");
  soon();
}

// What counts minutes.
function tick() {
  if (!navigator.onLine) return;
  heard.add("minute");
  soon();
}

function gather() {
  gathering = null;
  for (const element of document.querySelectorAll("[data-live]"))
    if (heard.has("everything") || element.dataset.live.split(/\s+/).some(name => heard.has(name))) waiting.add(element);
  heard.clear();
  work();
}

function everything() {
  etags = new WeakMap();
  heard.add("everything");
  gathering ??= setTimeout(gather, Math.random() * JITTER_MS);
}

function work() {
  clearTimeout(timer);
  if (document.hidden) return;  // looked at again when somebody looks at it
  let wait = Infinity;
  for (const element of waiting) {
    if (!element.isConnected) waiting.delete(element);
    else if (holdsAnswer(element)) document.dispatchEvent(new CustomEvent("live:held"));
    else {
      const until = Math.max(hand + HAND_MS, readyAt.get(element) ?? 0) - performance.now();
      if (until > 0) wait = Math.min(wait, until);
      else start(element);
    }
  }
  if (wait < Infinity) timer = setTimeout(work, wait);
}

function start(element) {
  waiting.delete(element);
  began.set(element, performance.now());
  readyAt.set(element, performance.now() + TIMEOUT_MS);
  element.dispatchEvent(new CustomEvent("live"));
}

// A refusal with what was typed stands until its reader has dealt with it.
const holdsAnswer = element => element.querySelector(".conflict, .error-summary, [data-invalid], [aria-invalid=true]");

function ask({detail}) {
  if (detail.triggeringEvent?.type !== "live") return;
  detail.timeout = TIMEOUT_MS;
  const etag = etags.get(detail.elt);
  if (etag) detail.headers["If-None-Match"] = etag;
  if (detail.elt.id === "main") detail.headers["HX-Boosted"] = "true";  // the whole page, of which hx-select takes a part
}

function ended({detail}) {
  if (!isLive(detail)) return;
  const element = detail.elt, now = performance.now();
  readyAt.set(element, now + (detail.successful ? (now - began.get(element)) * EASE : AGAIN_MS));
  if (!detail.successful) waiting.add(element);
  else if (detail.xhr.status === 200) etags.set(element, detail.xhr.getResponseHeader("ETag"));
  work();
}

// Where the page is no longer this person's to see, or has moved on, it goes; but never with a text half typed.
function beforeSwap(event) {
  const {xhr, requestConfig} = event.detail;
  if (!isLive(event.detail)) return;
  const asked = new URL(requestConfig.path, location.href).pathname;
  const moved = xhr.responseURL && new URL(xhr.responseURL).pathname !== asked;
  if (moved || [401, 403, 404].includes(xhr.status)) {
    event.detail.shouldSwap = false;
    waiting.clear();
    leave();
  } else morphing = event.detail.shouldSwap;
}

function leave() {
  if ([...document.querySelectorAll("main form")].some(holds)) document.dispatchEvent(new CustomEvent("live:moved"));
  else location.reload();
}

function afterSwap({detail}) {
  if (!isLive(detail)) etags = new WeakMap();
  morphing = false;
  for (const id of changed) {
    const row = document.getElementById(id);
    if (!row) continue;
    row.dataset.changed = "";
    setTimeout(() => delete row.dataset.changed, CHANGED_MS);
  }
  changed = [];
}

// --- what survives ---

function touched(field) {
  if (["hidden", "submit", "button", "reset"].includes(field.type) || !("value" in field)) return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex(one => one.defaultSelected));
  return field === document.activeElement || field.value !== field.defaultValue;
}

const holds = form => [...form.elements].some(touched);

// A form that is being filled in keeps its version too: what was typed against an older state must be told so.
const inUse = form => form.dataset.sending || (!form.querySelector(".task") && holds(form));

function mayMorph(old, fresh) {
  if (!morphing || old.nodeType !== Node.ELEMENT_NODE) return true;
  if (old.matches("form") && inUse(old)) return false;
  if (old.matches("input, textarea, select") && touched(old)) return false;
  if ("unsent" in old.dataset && !hasArrived(old, fresh)) return false;
  if (old.id && old.matches(ROWS) && old.textContent !== fresh.textContent) changed.push(old.id);
  return true;
}

// A row that says "not sent" stays, unless the server turns out to have it.
function hasArrived(old, fresh) {
  const pressed = row => row.querySelector(".tick")?.getAttribute("aria-pressed");
  return pressed(old) !== pressed(fresh);
}

function mayRemove(node) {
  if (!morphing || node.nodeType !== Node.ELEMENT_NODE) return true;
  const forms = node.matches("form") ? [node] : [...node.querySelectorAll("form")];
  return !forms.some(holds);
}

const mayUpdate = (name, node) => !(morphing && name === "open" && node.matches("details, dialog"));

if (document.body.dataset.stream && window.htmx && window.Idiomorph) {
  Object.assign(Idiomorph.defaults.callbacks, {
    beforeNodeMorphed: mayMorph, beforeNodeRemoved: mayRemove, beforeAttributeUpdated: mayUpdate,
  });
  for (const name of ["change", "again"]) document.addEventListener(`live:${name}`, event => note(event.detail));
  document.addEventListener("live:inbox", noteInbox);
  setInterval(tick, TICK_MS);
  document.addEventListener("live:open", everything);
  document.addEventListener("live:gone", leave);
  document.addEventListener("visibilitychange", work);
  document.addEventListener("pointerdown", () => { hand = performance.now(); }, {capture: true, passive: true});
  document.addEventListener("htmx:configRequest", ask);
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSwap", afterSwap);
  document.addEventListener("htmx:swapError", () => { morphing = false; });
  document.addEventListener("htmx:afterRequest", ended);
  document.addEventListener("htmx:afterSettle", work);
}
