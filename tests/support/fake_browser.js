// A browser for the timer's own code, in a bare JavaScript engine: a clock that a test moves, and
// stand-ins for what the timer asks of a page. Nothing here draws.

var clock = { monotonic: 1000, wall: 1_800_000_000_000, timers: new Map(), last: 0 };

// Move the clock on, firing every timer on the way in its order.
clock.run = (ms) => {
  const end = clock.monotonic + ms;
  for (;;) {
    let next = null;
    for (const timer of clock.timers.values()) {
      if (timer.due <= end && (next === null || timer.due < next.due)) next = timer;
    }
    if (next === null) break;
    clock.advance(Math.max(0, next.due - clock.monotonic));
    if (next.every === null) clock.timers.delete(next.id);
    else next.due += Math.max(1, next.every);
    next.act();
  }
  clock.advance(end - clock.monotonic);
};
clock.advance = (ms) => { clock.monotonic += ms; clock.wall += ms; };
// A sleep of the device: time passes and no timer fires. `monotonic` says whether that clock saw it.
clock.sleep = (ms, monotonic = true) => {
  clock.wall += ms;
  if (!monotonic) return;
  clock.monotonic += ms;
  for (const timer of clock.timers.values()) timer.due = Math.max(timer.due, clock.monotonic);
};
clock.set = (act, ms, every) => {
  clock.last += 1;
  clock.timers.set(clock.last, { id: clock.last, act, due: clock.monotonic + Math.max(0, ms ?? 0), every });
  return clock.last;
};
setTimeout = (act, ms) => clock.set(act, ms, null);
setInterval = (act, ms) => clock.set(act, ms, ms);
clearTimeout = clearInterval = (id) => { clock.timers.delete(id); };

var performance = { now: () => clock.monotonic };
Date = class extends Date {
  constructor(...given) { if (given.length > 0) super(...given); else super(clock.wall); }
  static now() { return clock.wall; }
};

class Event {
  constructor(type, more = {}) { Object.assign(this, { type }, more); }
}
class CustomEvent extends Event {}
class EventTarget {
  constructor() { this.acts = new Map(); }
  addEventListener(type, act) { this.acts.set(type, [...(this.acts.get(type) ?? []), act]); }
  removeEventListener(type, act) {
    this.acts.set(type, (this.acts.get(type) ?? []).filter((one) => one !== act));
  }
  dispatchEvent(event) {
    this[`on${event.type}`]?.(event);
    for (const act of this.acts.get(event.type) ?? []) act(event);
  }
}

var window = new EventTarget();
var document = Object.assign(new EventTarget(), { visibilityState: "visible" });
document.show = (shown) => {
  document.visibilityState = shown ? "visible" : "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
};
var location = { pathname: "/stretch", search: "", href: "http://localhost/stretch" };
var navigator = {};
var crypto = { randomUUID: () => `tab-${(clock.last += 1)}` };
var localStorage = new Proxy({}, {
  get: (kept, name) => ({
    getItem: (key) => kept[key] ?? null,
    setItem: (key, text) => { kept[key] = String(text); },
    removeItem: (key) => { delete kept[key]; },
  })[name] ?? kept[name],
});

// Tabs hear one another a moment later, as structured clones.
class BroadcastChannel extends EventTarget {
  static open = [];
  constructor() { super(); BroadcastChannel.open.push(this); }
  postMessage(message) {
    const data = JSON.stringify(message);
    for (const other of BroadcastChannel.open) {
      if (other === this) continue;
      setTimeout(() => other.dispatchEvent(new Event("message", { data: JSON.parse(data) })), 0);
    }
  }
}

// A worker has timers of its own. `Worker.allowed` false is a browser that has none.
class Blob { constructor(parts) { this.text = parts.join(""); } }
var URL = { createObjectURL: (blob) => blob.text, revokeObjectURL() {} };
class Worker {
  static allowed = true;
  constructor(text) {
    if (!Worker.allowed) throw new Error("no workers");
    this.scope = { onmessage: null, postMessage: (data) => this.onmessage?.({ data }) };
    new Function("scope", `with (scope) { ${text} }`)(this.scope);
  }
  postMessage(data) { this.scope.onmessage({ data }); }
}

// What was heard: [cue, seconds since the start].
var cues = [];
document.addEventListener("holdwell-cue", ({ detail }) =>
  cues.push([detail.ticking ? "tick" : detail.name, (clock.monotonic - 1000) / 1000, detail.words]));
