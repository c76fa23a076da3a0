// Comfort only: every page works without this file.

const TOAST_MS = 8000;
const BUSY_MS = 10000;

// A toast leaves after eight seconds, but not from under a hand or a focus; a new one starts the count again.
function watchToasts(region) {
  let timer;
  const leave = () => {
    if (region.querySelector(":is(.toast:hover, .toast:focus-within)")) timer = setTimeout(leave, 1000);
    else region.replaceChildren();
  };
  const wait = () => {
    clearTimeout(timer);
    if (region.childElementCount) timer = setTimeout(leave, TOAST_MS);
  };
  new MutationObserver(wait).observe(region, {childList: true, subtree: true, characterData: true});
  wait();
}

// A link or button with data-dialog opens that dialog instead of going to the page that asks the same.
function openDialog(event) {
  const opener = event.target.closest?.("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
}

// Menus close on Escape and on a press elsewhere.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (event.type === "keydown") {
      if (event.key !== "Escape") continue;
      menu.querySelector("summary").focus();
    } else if (menu.contains(event.target)) continue;
    menu.open = false;
  }
}

// The button that sent a form says so until the answer is there; a second press meanwhile does nothing.
function markBusy(event) {
  const form = event.target, button = event.submitter;
  if (form.method === "dialog" || button?.formMethod === "dialog") return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "yes";
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => markFree(form), BUSY_MS);  // an answer may be a download, which leaves the page standing
}

function markFree(scope) {
  const forms = scope instanceof Element && scope.matches("form") ? [scope] : document.forms;
  for (const form of forms) {
    delete form.dataset.sending;
    form.querySelectorAll("[aria-busy]").forEach(button => button.removeAttribute("aria-busy"));
  }
}

// What was sent is listed on the page now; it would be sent once more if it stayed chosen. What was refused stays.
function emptyFiles(event) {
  if (!event.detail.successful || event.detail.xhr.status >= 400) return;
  for (const input of event.detail.elt.querySelectorAll("input[type=file]")) input.value = "";
}

// A refusal that is no answer to the form is a page of its own: it is shown, or the button would seem to do nothing.
function showRefusal({detail}) {
  if (detail.requestConfig.verb === "get" || ![403, 404, 413].includes(detail.xhr.status)) return;
  const target = document.getElementById("main");
  Object.assign(detail, {shouldSwap: true, target, selectOverride: "#main", swapOverride: "outerHTML"});
}

// Filters answer as soon as they are changed.
function sendFilters(event) {
  const form = event.target.closest?.("form.filters");
  if (form && event.target.matches("select, input[type=radio]")) form.requestSubmit();
}

// A swap that replaced the focused element gives the focus to its successor.
let focused = null;
function rememberFocus() { focused = document.activeElement?.id || null; }
function returnFocus(event) {
  const wanted = event.target.closest?.("[data-focus]") || event.target.querySelector?.("[data-focus]");
  if (wanted) wanted.focus();
  else if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({preventScroll: true});
}

function offerThemes() {
  for (const choice of document.querySelectorAll("[data-theme-choice]")) {
    const now = document.documentElement.dataset.theme || "system";
    for (const radio of choice.querySelectorAll("input")) radio.checked = radio.value === now;
    choice.hidden = false;
    choice.addEventListener("change", event => chooseTheme(event.target.value));
  }
}

function chooseTheme(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try { localStorage.setItem("theme", theme); } catch { /* kept for this page only */ }
}

document.addEventListener("click", openDialog);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.addEventListener("submit", markBusy, true);
document.addEventListener("change", sendFilters);
document.addEventListener("htmx:beforeSwap", rememberFocus);
document.addEventListener("htmx:beforeSwap", showRefusal);
document.addEventListener("htmx:afterSettle", returnFocus);
document.addEventListener("htmx:afterRequest", event => markFree(event.detail.elt));
document.addEventListener("htmx:afterRequest", emptyFiles);
window.addEventListener("pageshow", () => markFree());
watchToasts(document.getElementById("toasts"));
offerThemes();
document.querySelector("[data-focus]")?.focus();
