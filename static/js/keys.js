// Single keys, off inside fields and for whoever switched them off: g and then b p l i t r go, j k move, Enter opens,
// x ticks, e leads to the evidence, / to the filter, ? shows them all, Escape closes one layer. Arrows move on the board.

const GO = {b: "board", p: "plan", l: "locations", i: "issues", t: "today", r: "readiness"};
const GO_MS = 1500;
const ITEMS = ".task__body, .need a, .listing a, .centre__name a, .place__name, .check .tick, .files a";
const FIELDS = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]";
let going = -Infinity;

const wanted = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
const shown = element => element.checkVisibility?.() ?? element.offsetParent !== null;

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!wanted() || event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  const act = performance.now() - going < GO_MS ? goTo : ACTS[event.key] ?? arrow;
  going = -Infinity;
  if (act(event.key)) event.preventDefault();
}

function goTo(key) {
  const ways = GO[key] ? [...document.querySelectorAll(".nav a, .tabs a")] : [];
  const way = ways.find(link => link.textContent.trim().toLowerCase().startsWith(GO[key]));
  if (way) location.assign(way.href);
  return true;
}

function move(step) {
  const items = [...document.querySelectorAll(`main :is(${ITEMS})`)].filter(shown);
  const row = document.activeElement?.closest("li, tbody");
  const at = items.findIndex(item => item === document.activeElement || row?.contains(item));
  return focus(items[at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step]);
}

function focus(element) {
  element?.focus();
  element?.scrollIntoView({block: "nearest"});
  return Boolean(element);
}

// On the board the arrows go from cell to cell, up and down to the same workstream of the next location.
function arrow(key) {
  const cell = document.activeElement?.closest(".board td, .board th");
  const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[key];
  if (!cell || !step) return false;
  const rows = [...cell.closest("table").querySelectorAll(".place__cells")];
  const row = rows.findIndex(one => one.parentElement.contains(cell));
  const cells = line => [...(line?.cells ?? [])];
  let y = row + step[0], x = Math.max(0, cells(rows[row]).indexOf(cell)) + step[1];
  for (; y >= 0 && y < rows.length && x >= 0 && x < rows[y].cells.length; y += step[0], x += step[1]) {
    const link = rows[y].cells[x].querySelector("a");
    if (link && shown(link)) return focus(link);
  }
  return true;
}

function press(selector) {
  const button = document.activeElement?.closest("li")?.querySelector(selector);
  button?.click();
  return Boolean(button);
}

function evidence() {
  const here = document.getElementById("evidence");
  if (here) return focus(here.querySelector("input:not([type=hidden]), a, summary"));
  const row = document.activeElement?.closest(".task")?.querySelector(".task__body");
  if (row) location.assign(`${row.getAttribute("href")}#evidence`);
  return Boolean(row);
}

function filter() {
  const field = document.querySelector(".filters input[type=search]") ?? document.querySelector(".filters select");
  if (field) return focus(field);
  document.dispatchEvent(new CustomEvent("palette:open"));
  return true;
}

function help() {
  document.getElementById("keys")?.showModal();
  return true;
}

const ACTS = {
  g: () => { going = performance.now(); return true; },
  j: () => move(1), k: () => move(-1), x: () => press(".tick"), e: evidence, "/": filter, "?": help,
};

// The switch on the account's page; it is kept in this browser only.
for (const choice of document.querySelectorAll("[data-keys-choice]")) {
  const box = choice.querySelector("input");
  box.checked = wanted();
  choice.hidden = false;
  box.addEventListener("change", () => {
    try { localStorage.setItem("keys", box.checked ? "on" : "off"); } catch { /* kept for this page only */ }
  });
}

if (document.body.dataset.stream) document.addEventListener("keydown", onKey);
