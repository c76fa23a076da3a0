// A change is not saved before the server says so. Until then its form waits; what was not sent says so beside it and
// goes again only when somebody asks. The version in the form makes a repeat count once. Nothing is kept for later.

const LATE_MS = 700, GIVE_UP_MS = 15000;
const timers = new WeakMap(), unsent = new Map();
const hostOf = form => form.closest(".task, .check") ?? form;
const changes = ({requestConfig}) => requestConfig?.elt instanceof HTMLFormElement && requestConfig.verb !== "get";

function mark(form, kind) {
  clear(form);
  const source = document.getElementById(kind);
  if (!source) return;
  const host = hostOf(form), note = source.content.firstElementChild.cloneNode(true);
  host.append(note);
  if (kind === "unsent") {
    host.dataset.unsent = "";
    unsent.set(form, note);
    note.querySelector("[data-send]").addEventListener("click", () => send(form));
    count();
  } else timers.set(form, {...timers.get(form), note});
}

function clear(form) {
  const waiting = timers.get(form);
  clearTimeout(waiting?.timer);
  waiting?.note?.remove();
  timers.delete(form);
  unsent.get(form)?.remove();
  if (unsent.delete(form)) delete hostOf(form).dataset.unsent;
  count();
}

function send(form) {
  if (form.isConnected) form.requestSubmit();
}

function count() {
  for (const form of [...unsent.keys()]) if (!form.isConnected || !unsent.get(form).isConnected) unsent.delete(form);
  document.dispatchEvent(new CustomEvent("send:unsent", {detail: unsent.size}));
}

function beginning({detail}) {
  if (!changes(detail)) return;
  const form = detail.requestConfig.elt;
  clear(form);
  timers.set(form, {timer: setTimeout(() => mark(form, "pending"), LATE_MS)});
}

function limit({detail}) {
  const uploads = detail.elt.querySelector?.("input[type=file]");
  if (detail.verb !== "get" && detail.elt instanceof HTMLFormElement && !uploads) detail.timeout = GIVE_UP_MS;
}

function answered({detail}) {
  if (!changes(detail)) return;
  const form = detail.requestConfig.elt, status = detail.xhr.status;
  if (!detail.successful && (status === 0 || status >= 500 || status === 429)) mark(form, "unsent");
  else clear(form);
}

// A form that would leave the page stays on it while there is no network at all: its text would be lost.
function keepHere(event) {
  const form = event.target;
  if (navigator.onLine || form.matches("[hx-post], [method=dialog]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  mark(form, "unsent");
}

document.addEventListener("submit", keepHere, true);
document.addEventListener("htmx:configRequest", limit);
document.addEventListener("htmx:beforeRequest", beginning);
document.addEventListener("htmx:afterRequest", answered);
document.addEventListener("htmx:afterSettle", count);
document.addEventListener("click", event => {
  if (event.target.closest?.("[data-send-all]")) for (const form of [...unsent.keys()]) send(form);
});
window.addEventListener("beforeunload", event => { if (unsent.size) event.preventDefault(); });
