// `@` and the first letters of a name open a list of the people who may be called. Without this file names are typed out.

const AT = /(^|[^\p{L}\p{N}])@([\p{L}\p{N}'’. -]{0,60})$/u;
const GATHER_MS = 150;

let box = null, asked = 0, timer = null;

const listOf = textarea => document.getElementById(textarea.getAttribute("aria-controls"));
const typed = textarea => AT.exec(textarea.value.slice(0, textarea.selectionStart));

function close() {
  clearTimeout(timer);
  asked++;
  if (!box) return;
  const list = listOf(box);
  if (list) list.hidden = true;
  box.removeAttribute("aria-activedescendant");
  box = null;
}

async function offer(textarea) {
  const found = typed(textarea), mine = ++asked;
  if (!found) return close();
  const answer = await fetch(`${textarea.dataset.mentions}?q=${encodeURIComponent(found[2].trimStart())}`,
    {headers: {"HX-Request": "true"}}).catch(() => null);
  if (mine !== asked) return;
  if (!answer?.ok) return close();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const people = [...page.querySelectorAll("[role=option]")];
  if (mine !== asked) return;
  if (!people.length) return close();
  box = textarea;
  const list = listOf(textarea);
  list.replaceChildren(...people);
  list.hidden = false;
  choose(people[0]);
}

function choose(option) {
  for (const one of listOf(box).children) one.setAttribute("aria-selected", String(one === option));
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({block: "nearest"});
}

// The name takes the place of what was typed after the sign.
function take(option) {
  const found = typed(box);
  if (found) {
    const from = box.selectionStart - found[2].length;
    box.setRangeText(`${option.dataset.name} `, from, box.selectionStart, "end");
  }
  close();
}

function onKey(event) {
  if (!box || event.target !== box) return;
  const all = [...listOf(box).children], at = all.findIndex(one => one.getAttribute("aria-selected") === "true");
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step) choose(all[(at + step + all.length) % all.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) take(all[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("input", event => {
  if (!event.target.matches?.("[data-mentions]")) return;
  clearTimeout(timer);
  timer = setTimeout(offer, GATHER_MS, event.target);
});
document.addEventListener("keydown", onKey, true);
document.addEventListener("pointerdown", event => {
  if (!box) return;
  const option = event.target.closest?.("[role=option]"), textarea = box;
  if (!option || !listOf(box).contains(option)) return close();
  event.preventDefault();
  take(option);
  textarea.focus();
});
document.addEventListener("focusout", event => { if (event.target === box) close(); });
