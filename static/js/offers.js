// The list of what fits at the caret of an editor: asked for, hung under the word, walked through and taken from.

const LIST_PX = 248;

export class Offers {
  constructor(editor) {
    this.editor = editor;
    this.list = editor.box.querySelector("[role=listbox]");
    this.list.addEventListener("mousedown", event => {
      event.preventDefault();
      const offer = event.target.closest("[role=option]");
      if (offer) this.take(offer);
    });
  }

  get open() { return !this.list.hidden; }

  // One question at a time: a long text takes the server a while.
  async ask() {
    this.wanted = true;
    this.dropped = false;
    if (this.asking) return;
    this.asking = true;
    while (this.wanted) {
      this.wanted = false;
      const {line, column, start} = this.editor.caret(), found = await this.fetch(line, column), now = this.editor.caret();
      if (this.wanted || this.dropped || now.line !== line || now.column !== column) continue;
      if (found === null || document.activeElement !== this.editor.text) continue;
      this.list.innerHTML = found;
      this.show(start, line);
    }
    this.asking = this.dropped = false;
  }

  async fetch(line, column) {
    const form = new FormData();
    form.set("text", this.editor.text.value);
    form.set("line", line);
    form.set("column", column);
    try {
      const answer = await fetch(this.editor.box.dataset.offers, {method: "POST", body: form, headers: {"HX-Request": "true"}});
      return answer.ok && !answer.redirected ? await answer.text() : null;
    } catch {
      return null;  // no connection: the check says so
    }
  }

  show(start, line) {
    const {column, until} = this.list.firstElementChild.dataset;
    this.from = start + Number(column) - 1;
    this.to = start + Number(until) - 1;
    this.options = [...this.list.querySelectorAll("[role=option]")];
    if (!this.options.length) return this.close();
    this.line = line;
    this.column = Number(column);
    this.list.hidden = false;
    this.hang();
    this.choose(0);
  }

  // The list hangs under the word, above it where there is more room, and never beyond the text.
  hang() {
    const below = this.editor.top + this.line * this.editor.height - this.editor.text.scrollTop, above = below - this.editor.height;
    const room = this.editor.text.clientHeight - below, down = room >= Math.min(this.list.scrollHeight, LIST_PX) || room >= above;
    const left = this.editor.left + (this.column - 1) * this.editor.width - this.editor.text.scrollLeft;
    this.list.style.maxHeight = `${Math.max(LIST_PX / 3, Math.min(LIST_PX, down ? room : above))}px`;
    this.list.style.top = `${down ? below : above - this.list.offsetHeight}px`;
    this.list.style.left = `${Math.max(0, Math.min(left, this.editor.text.clientWidth - this.list.offsetWidth))}px`;
  }

  choose(at) {
    this.at = (at + this.options.length) % this.options.length;
    this.options.forEach((option, index) => option.setAttribute("aria-selected", index === this.at));
    this.options[this.at].scrollIntoView({block: "nearest"});
    this.editor.text.setAttribute("aria-activedescendant", this.options[this.at].id);
  }

  close() {
    this.wanted = false;
    this.dropped = this.asking;
    this.list.hidden = true;
    this.editor.text.removeAttribute("aria-activedescendant");
  }

  // A key while the list is open; false where it is the text's.
  steer(event) {
    const steps = {ArrowDown: 1, ArrowUp: -1};
    if (steps[event.key]) this.choose(this.at + steps[event.key]);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) return this.take(this.options[this.at]);
    else return false;
    return true;
  }

  // False where the word stands there already, so that Enter ends the line.
  take(option) {
    const key = "key" in option.dataset, word = option.dataset.text;
    const {from, to} = this, there = this.editor.text.value.slice(from, to);
    this.close();
    if (!key && there === word) return false;
    const colon = key && this.editor.text.value[to] !== ":" ? ": " : "";
    this.editor.text.setSelectionRange(from, to);
    this.editor.quiet = !key;
    this.editor.insert(word + colon);
    this.editor.quiet = false;
    return true;
  }
}
