// One stream of what changed for all tabs of this browser: one of them listens, all of them hear. It says which thing
// changed and where; what is shown is fetched anew by refresh.js. Events on the document: live:change (one change),
// live:inbox (a line came to it or was seen), live:open (fetch everything), live:here (all is well), live:lost (since
// when), live:gone (signed out).

const RETRY_MS = [300, 1000, 2000, 4000, 8000, 15000];
const REFUSED_MS = 60000;
const OVER = [401, 404];  // signed out, or a link that was ended
const SILENCE_MS = 40000;
const FRESH_MS = 60000;

const address = document.body.dataset.stream;
const own = address === "/live" ? "live" : `live ${address}`;  // a screen that a link opened hears of something else
const channel = address && "BroadcastChannel" in window ? new BroadcastChannel(own) : null;
let leading = false, lost = null, wake = null, line = null;

function tell(name, data) {
  if (name === "lost") lost ??= data;
  else if (name !== "ask") lost = null;
  document.dispatchEvent(new CustomEvent(`live:${name}`, {detail: data}));
}

function share(name, data) {
  tell(name, data);
  channel?.postMessage({name, data});
}

// The last event that this browser heard of, so that nothing is missed between one page and the next.
function lastHeard() {
  try {
    const [id, at] = (localStorage.getItem(own) || "").split(" ");
    return Date.now() - at < FRESH_MS ? id : "";
  } catch { return ""; }
}

function keepLast(id) {
  try { localStorage.setItem(own, `${id} ${Date.now()}`); } catch { /* then the next page begins with a refresh */ }
}

function take(block, state) {
  const fields = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    fields[line.slice(0, colon)] = line.slice(colon + 2);
  }
  if (fields.id) state.id = fields.id;
  if (state.id) keepLast(state.id);
  if (fields.event === "change") share("change", JSON.parse(fields.data));
  else if (fields.event === "inbox") share("inbox");
  else if (fields.event === "anew" || (fields.event === "hello" && state.again)) share("open");
  else share("here");
  if (fields.event === "hello") state.again = false, state.tries = 0;
}

// Follows the stream to its end; gives the status of a refusal, 0 for a line that broke or fell silent.
async function follow(state) {
  const stop = line = new AbortController();
  let silence = setTimeout(() => stop.abort(), SILENCE_MS);
  try {
    const after = state.id || lastHeard();
    state.again ||= !after;
    const headers = {Accept: "text/event-stream", "HX-Request": "true"};
    const answer = await fetch(after ? `${address}?after=${after}` : address, {headers, cache: "no-store", signal: stop.signal});
    if (!answer.ok) return answer.status;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ;) {
      const {done, value} = await reader.read();
      if (done) return 0;
      clearTimeout(silence);
      silence = setTimeout(() => stop.abort(), SILENCE_MS);
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) take(block, state);
    }
  } catch {
    return 0;
  } finally {
    clearTimeout(silence);
  }
}

function pause(ms) {
  return new Promise(resolve => {
    wake = resolve;
    setTimeout(resolve, ms * (0.75 + Math.random() / 2));
  });
}

// Holds the lock while the tab lives, or until nobody is signed in any more.
async function lead() {
  leading = true;
  const state = {id: "", again: false, tries: 0};
  for (;;) {
    const status = await follow(state);
    if (OVER.includes(status)) break;
    state.again = true;
    share("lost", Date.now());
    await pause(status === 429 ? REFUSED_MS : RETRY_MS[Math.min(state.tries++, RETRY_MS.length - 1)]);
  }
  leading = false;
  share("gone");
}

function hear({data: {name, data}}) {
  if (name !== "ask") tell(name, data);
  else if (leading) channel.postMessage(lost ? {name: "lost", data: lost} : {name: "here"});
}

if (address) {
  if (channel) {
    channel.onmessage = hear;
    channel.postMessage({name: "ask"});
  }
  if (navigator.locks) navigator.locks.request(own, lead);
  else lead();
  window.addEventListener("online", () => wake?.());
  window.addEventListener("offline", () => {
    line?.abort();  // it may hang for minutes before it knows
    tell("lost", Date.now());
  });
  window.addEventListener("pageshow", event => { if (event.persisted) tell("open"); });
}
