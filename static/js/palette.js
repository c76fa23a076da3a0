// Find or do: Ctrl K opens it anywhere. What is found comes from the server, the ways stand in the page already.

const KEYS = {board: "b", plan: "p", locations: "l", issues: "i", today: "t", readiness: "r"};
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");

// The ways of this page, each with the key that goes there.
function addWays() {
  const template = list.querySelector("template"), seen = new Set();
  for (const link of document.querySelectorAll(".nav a, .tabs a")) {
    if (seen.has(link.href)) continue;
    seen.add(link.href);
    const way = template.content.firstElementChild.cloneNode(true), text = link.textContent.trim();
    const key = KEYS[text.split(/\s/)[0].toLowerCase()];
    way.id = `palette-way-${seen.size}`;
    way.dataset.href = link.getAttribute("href");
    way.querySelector(".palette__text").textContent = text;
    if (key) way.querySelector("kbd").textContent = `g ${key}`;
    else way.querySelector("kbd").remove();
    template.before(way);
  }
}

const options = () => [...list.querySelectorAll("[role=option]")].filter(option => !option.hidden);

function open(event) {
  event?.preventDefault();
  if (dialog.open || document.querySelector("dialog[open]")) return;
  dialog.showModal();
  input.select();
  sift();
}

// The ways whose every word fits what was typed; groups without one are gone.
function sift() {
  const words = input.value.toLowerCase().split(/\s+/);
  for (const way of list.querySelectorAll("[data-way]"))
    way.hidden = !words.every(word => way.textContent.toLowerCase().includes(word));
  for (const group of list.querySelectorAll("[role=group]")) group.hidden = !group.querySelector("[role=option]:not([hidden])");
  choose(options()[0]);
}

function choose(option) {
  for (const one of list.querySelectorAll("[aria-selected=true]")) one.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({block: "nearest"});
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function onKey(event) {
  const all = options(), at = all.findIndex(option => option.getAttribute("aria-selected") === "true");
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step) choose(all[(at + step + all.length) % all.length]);
  else if (event.key === "Enter" && at >= 0) go(all[at], event);
  else if (event.key === "Escape") dialog.close();  // which would only empty the field
  else return;
  event.preventDefault();
}

function go(option, event) {
  const {href, opens} = option.dataset;
  if (event.ctrlKey || event.metaKey) return window.open(href, "_blank", "noopener");
  dialog.close();
  if (opens) document.getElementById(opens).showModal();
  else location.assign(href);
}

if (dialog) {
  addWays();
  document.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") open(event);
  });
  document.addEventListener("palette:open", () => open());
  dialog.addEventListener("keydown", onKey);
  input.addEventListener("input", sift);
  dialog.addEventListener("htmx:afterSwap", sift);
  document.addEventListener("click", event => { if (event.target.closest?.("[data-palette]") && !event.ctrlKey && !event.metaKey) open(event); });
  list.addEventListener("click", event => {
    const option = event.target.closest("[role=option]");
    if (option) go(option, event);
  });
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close(); });
}
