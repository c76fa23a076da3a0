// Says when this page no longer follows: no connection and since when, how old it is, what was not sent, signed out.

const PATIENCE_MS = 3000, OLD_MS = 120000, LOOK_MS = 5000;
const region = document.getElementById("connection");
const own = {heard: Date.now(), lost: null, gone: false, held: false, unsent: 0};

function show(name, wanted, words = {}) {
  const notice = region.querySelector(`[data-when="${name}"]`);
  for (const [slot, text] of Object.entries(words)) {
    const place = notice.querySelector(`[data-slot="${slot}"]`);
    if (place.textContent !== text) place.textContent = text;
  }
  if (notice.hidden === wanted) notice.hidden = !wanted;
}

const clock = at => new Date(at).toLocaleTimeString("en-GB", {hour: "2-digit", minute: "2-digit"});
const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function look() {
  const now = Date.now(), age = now - own.heard;
  const lost = own.lost !== null && !own.gone && (!navigator.onLine || now - own.lost >= PATIENCE_MS);
  const unsent = `${counted(own.unsent, "change")} ${own.unsent === 1 ? "is" : "are"}`;
  show("lost", lost, {since: clock(own.lost ?? now), waiting: own.unsent ? ` ${unsent} not sent.` : ""});
  show("old", !own.gone && age >= OLD_MS, {age: counted(Math.floor(age / 60000), "minute")});
  show("gone", own.gone);
  show("held", own.held);
  show("unsent", !lost && own.unsent > 0, {count: unsent});
}

function set(values) {
  Object.assign(own, values);
  look();
}

if (region) {
  const well = () => set({heard: Date.now(), lost: null, gone: false});
  for (const name of ["here", "change", "inbox", "open"]) document.addEventListener(`live:${name}`, well);
  document.addEventListener("live:lost", event => {
    set({lost: own.lost ?? event.detail});
    setTimeout(look, PATIENCE_MS);
  });
  document.addEventListener("live:moved", () => set({gone: true}));
  document.addEventListener("live:held", () => set({held: true}));
  document.addEventListener("send:unsent", event => { if (event.detail !== own.unsent) set({unsent: event.detail}); });
  document.addEventListener("htmx:afterSwap", () => { if (own.held) set({held: false}); });
  setInterval(look, LOOK_MS);
}
