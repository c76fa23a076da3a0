// The wall of a run: its clocks go on between two looks, it is fetched anew every minute, and it says how old it is.

const MINUTE_MS = 60000, OLD_MS = 20000, BEHIND_MS = 6000, SPREAD_MS = 2000;
const LIMIT_MS = 10 * MINUTE_MS;  // from here on seconds count
const fresh = document.getElementById("fresh");
const own = {heard: Date.now(), lost: null, behind: null, ahead: 0, minute: null};

const two = number => String(number).padStart(2, "0");
const hands = (ms, seconds) => {
  const whole = Math.floor(ms / 1000), hours = Math.floor(whole / 3600), rest = Math.floor(whole / 60) % 60;
  return `${two(hours)}:${two(rest)}${seconds ? `:${two(whole % 60)}` : ""}`;
};
const write = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };
const aged = ms => ms < 2 * MINUTE_MS ? `${Math.floor(ms / 1000)} s` : ms < 120 * MINUTE_MS ? `${Math.floor(ms / MINUTE_MS)} min` : `${Math.floor(ms / 3600000)} h`;

// By the clock of the server, in whole minutes but near a limit: every screen says the same.
function tellT(now) {
  const place = document.querySelector("[data-t]");
  if (!place) return;
  const zero = Date.parse(place.dataset.t), left = zero - now, near = left > 0 && left <= LIMIT_MS;
  const gap = Math.abs(zero - (near ? now : now - now % MINUTE_MS));
  place.toggleAttribute("data-seconds", near);
  if (gap < 100 * 60 * MINUTE_MS) {
    write(place.firstElementChild, left > 0 ? "T\u2212" : "T+");
    if (place.lastChild.data !== hands(gap, near)) place.lastChild.data = hands(gap, near);
  }
}

function tellClocks(now) {
  for (const place of document.querySelectorAll("[data-clock]")) {
    const form = {hour: "2-digit", minute: "2-digit", timeZone: place.dataset.clock, hourCycle: "h23"};
    try { write(place, new Intl.DateTimeFormat("en-GB", form).format(now)); } catch { /* a zone that the browser does not know */ }
  }
}

// The last ten minutes in which it can still be decided are counted by the second.
function tellLimit(now) {
  const item = document.querySelector(".decide__item[data-lead]"), at = item?.querySelector("time");
  const left = at ? Date.parse(at.dateTime) - now : 0;
  if (left > 0 && left <= LIMIT_MS) write(item.querySelector("em"), `in ${hands(left, true).slice(3)}`);
}

// Old is what nobody has heard of for a while, and what changed without being shown here.
function tellAge(now) {
  const late = own.behind !== null && now - own.behind >= BEHIND_MS;
  const age = now - (late ? own.behind : own.heard), stale = late || own.lost !== null || age >= OLD_MS;
  for (const part of fresh.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== (stale ? "stale" : "fresh");
  for (const part of fresh.querySelectorAll("[data-slot=age]")) write(part, stale ? aged(age) : `${aged(age)} ago`);
}

function again() {
  if (own.lost === null) document.dispatchEvent(new CustomEvent("live:again", {detail: {kind: "run", id: fresh.dataset.run}}));
}

function tick() {
  const now = Date.now(), there = now + own.ahead, minute = Math.floor(there / MINUTE_MS);
  tellT(there);
  tellClocks(there);
  tellLimit(there);
  tellAge(now);
  if (own.minute !== null && minute !== own.minute) setTimeout(again, Math.random() * SPREAD_MS);
  own.minute = minute;
}

// The answer says what time it is on the server, to the second.
function learn({detail}) {
  if (detail.elt.id !== "main" || !(detail.successful || detail.xhr.status === 304)) return;
  const told = Date.parse(detail.xhr.getResponseHeader("Date"));
  const off = told + 500 - Date.now();
  if (told && Math.abs(off - own.ahead) > 1500) own.ahead = off;
  Object.assign(own, {heard: Date.now(), behind: null});
  tick();
}

if (fresh && document.body.dataset.stream) {
  const well = () => { own.heard = Date.now(); own.lost = null; };
  for (const name of ["here", "inbox"]) document.addEventListener(`live:${name}`, well);
  document.addEventListener("live:change", ({detail}) => {
    well();
    if (detail.kind === "run" && String(detail.id) === fresh.dataset.run) own.behind ??= Date.now();
  });
  document.addEventListener("live:open", () => { well(); own.behind ??= Date.now(); });
  document.addEventListener("live:lost", ({detail}) => { own.lost ??= detail; tick(); });
  document.addEventListener("htmx:afterRequest", learn);
  document.addEventListener("htmx:afterSwap", tick);
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, 1000);
  tick();
  again();
}
