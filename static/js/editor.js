// The editor of playbooks: numbers and mistakes beside the lines, and a list of what fits at the caret.
// Without this file the same form checks and keeps the same text, page by page.

import {Offers} from "./offers.js";

const OFFER_PAUSE_MS = 150;
const DRAFT = "playbook-draft";
const SHAPES = {error: "blocked", warning: "risk", note: "track"};

const make = (tag, name, text = "") => {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
};

function sign(kind) {
  const place = make("div", "editor__sign");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "mark");
  use.setAttribute("href", `/static/icons/sprite.svg#m-${SHAPES[kind]}`);
  svg.append(use);
  place.append(svg);
  place.dataset.kind = kind;
  return place;
}

class Editor {
  constructor(box) {
    this.box = box;
    this.text = box.querySelector("textarea");
    this.numbers = box.querySelector(".editor__gutter pre");
    this.signs = box.querySelector(".editor__gutter").appendChild(make("div", "editor__layer"));
    this.marks = box.querySelector(".editor__marks").appendChild(make("div", "editor__layer"));
    this.foot = box.parentElement.querySelector(".editor__foot");
    this.offers = new Offers(this);
    this.lines = 0;
    this.problems = new Map();
    box.dataset.live = "";
    this.measure();
    this.number();
    this.mark();
    this.listen();
  }

  listen() {
    const text = this.text;
    text.addEventListener("scroll", () => this.follow());
    text.addEventListener("input", event => this.typed(event));
    text.addEventListener("keydown", event => this.pressed(event));
    text.addEventListener("blur", () => this.drop());
    document.addEventListener("selectionchange", () => document.activeElement === text && this.say());
    document.addEventListener("htmx:afterSwap", () => this.mark());
    document.addEventListener("click", event => this.jump(event));
    window.addEventListener("resize", () => { this.measure(); this.mark(); });
  }

  measure() {
    const style = getComputedStyle(this.text), probe = make("span", "", "0".repeat(100));
    probe.style.position = "absolute";
    this.marks.append(probe);
    this.width = probe.getBoundingClientRect().width / 100;
    probe.remove();
    this.height = parseFloat(style.lineHeight);
    this.top = parseFloat(style.paddingTop);
    this.left = parseFloat(style.paddingLeft);
  }

  number() {
    const count = this.text.value.split("\n").length;
    if (count === this.lines) return;
    this.lines = count;
    this.numbers.textContent = Array.from({length: count}, (_, at) => at + 1).join("\n");
  }

  // The mistakes that the last check found, each beside its line.
  mark() {
    const found = document.getElementById(this.box.dataset.target);
    const rows = this.text.value.split("\n");
    this.problems = new Map();
    for (const one of JSON.parse(found?.dataset.problems || "[]")) {
      this.problems.set(one.line, [...this.problems.get(one.line) || [], one]);
    }
    this.signs.replaceChildren();
    this.marks.replaceChildren();
    for (const [line, problems] of this.problems) {
      const worst = Object.keys(SHAPES).find(kind => problems.some(one => one.kind === kind));
      const top = `${this.top + (line - 1) * this.height}px`;
      const mark = make("div", "editor__mark"), more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
      const note = make("span", "editor__note", `${problems[0].id} ${problems[0].message}${more}`);
      mark.dataset.kind = worst;
      mark.style.top = top;
      note.dataset.end = this.left + ((rows[line - 1] || "").length + 2) * this.width;
      note.dataset.line = line;
      mark.append(note);
      this.marks.append(mark);
      const beside = sign(worst);
      beside.style.top = top;
      this.signs.append(beside);
    }
    this.say();
    this.follow();
  }

  follow() {
    const {scrollTop, scrollLeft} = this.text;
    this.numbers.style.transform = this.signs.style.transform = `translateY(${-scrollTop}px)`;
    this.marks.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
    this.marks.style.width = `${Math.max(this.text.scrollWidth, this.text.clientWidth)}px`;
    this.place();
    if (this.offers.open) this.offers.hang();
  }

  // A mistake stands behind its line; behind a line that is too long, at the edge, but never over what is being written.
  place() {
    const {line} = this.caret(), edge = this.text.scrollLeft + this.text.clientWidth;
    for (const note of this.marks.querySelectorAll(".editor__note")) {
      const behind = Number(note.dataset.end), pinned = Number(note.dataset.line) !== line;
      note.style.left = `${pinned ? Math.min(behind, Math.max(edge - note.offsetWidth, edge / 2)) : behind}px`;
    }
  }

  caret() {
    const before = this.text.value.slice(0, this.text.selectionEnd);
    const start = before.lastIndexOf("\n") + 1;
    return {line: before.split("\n").length, column: before.length - start + 1, start, row: before.slice(start)};
  }

  say() {
    const {line, column} = this.caret();
    const words = (this.problems.get(line) || []).map(one => `${one.id} ${one.message}`).join("; ");
    const [place, told] = this.foot.children;
    place.textContent = `Line ${line}, column ${column}`;
    if (told.textContent !== words) told.textContent = words;
    const field = document.getElementById("f-line");
    if (field && document.activeElement !== field) field.value = line;
    if (line !== this.here) this.place();
    this.here = line;
  }

  // A link of the list of mistakes puts the caret there.
  jump(event) {
    const link = event.target.closest?.(`#${this.box.dataset.target} a[href^="#L"]`);
    if (!link) return;
    event.preventDefault();
    const [line, column] = link.textContent.split(/[:,]/).map(Number);
    this.go(line, column || 1);
  }

  go(line, column) {
    const rows = this.text.value.split("\n"), before = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0);
    const at = before + Math.min(column - 1, (rows[line - 1] || "").length);
    this.text.focus();
    this.text.setSelectionRange(at, at);
    this.text.scrollTop = (line - 1) * this.height - this.text.clientHeight / 3;
    const right = this.left + column * this.width;
    this.text.scrollLeft = right < this.text.clientWidth * 0.9 ? 0 : right - this.text.clientWidth * 0.6;
    this.box.scrollIntoView({block: "nearest"});
    this.say();
  }

  typed(event) {
    this.number();
    this.say();
    try { sessionStorage.setItem(DRAFT, this.text.value); } catch { /* kept on this page only */ }
    const {row} = this.caret();
    const asks = event.inputType?.startsWith("insert") && /[\w-]$|(?:: |- |[[{,] ?)$/.test(row);
    clearTimeout(this.waiting);
    if (asks && !this.quiet) this.waiting = setTimeout(() => this.offers.ask(), OFFER_PAUSE_MS);
    else this.drop();
  }

  drop() {
    clearTimeout(this.waiting);
    this.offers.close();
  }

  pressed(event) {
    if (event.isComposing) return;
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.offers.ask();
    } else if (this.offers.open && this.offers.steer(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const {row} = this.caret(), deeper = row.trimEnd().endsWith(":") ? "  " : "";
      this.insert(`\n${row.match(/^ */)[0]}${deeper}`);
    }
  }

  // As if typed, so that the browser can undo it.
  insert(words) {
    this.text.focus();
    if (!document.execCommand("insertText", false, words)) {
      this.text.setRangeText(words, this.text.selectionStart, this.text.selectionEnd, "end");
      this.text.dispatchEvent(new InputEvent("input", {bubbles: true, inputType: "insertText"}));
    }
    this.reveal();
  }

  // Browsers bring the caret into sight for what a hand types, not for what a script does.
  reveal() {
    const {line} = this.caret(), top = (line - 1) * this.height, room = this.text.clientHeight - 3 * this.height;
    if (top < this.text.scrollTop) this.text.scrollTop = top;
    else if (top > this.text.scrollTop + room) this.text.scrollTop = top - room;
  }

  replace(words) {
    this.text.select();
    this.insert(words);
    this.go(1, 1);
  }
}

// What was typed in this tab and neither kept nor thrown away is offered back, also after a sign-in that had ended.
function offerDraft(editor) {
  const notice = document.querySelector("[data-draft]");
  let kept = null;
  try { kept = sessionStorage.getItem(DRAFT); } catch { /* no storage, nothing to offer */ }
  if (!notice || !kept || kept === editor.text.value) return;
  notice.hidden = false;
  notice.addEventListener("click", event => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (!act) return;
    if (act === "take") editor.replace(kept);
    else sessionStorage.removeItem(DRAFT);
    notice.hidden = true;
    editor.text.focus();
  });
}

for (const box of document.querySelectorAll("[data-editor]")) offerDraft(new Editor(box));
