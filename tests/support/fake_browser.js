// A simulated browser that runs the timer's own code in a bare JavaScript engine: a clock that a
// test moves, and stand-ins for the browser APIs that the timer uses. Nothing is drawn.

var clock = { monotonic: 1000, wall: 1_800_000_000_000, timers: new Map(), last: 0 };

// Move the clock on and fire every timer that falls due, in order.
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
// Let the device sleep: time passes and no timer fires. `monotonic`: whether that clock also counts it.
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

// Messages reach the other tabs a moment later, as structured clones.
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

// A worker has its own timers. `Worker.allowed` is false for a browser without workers.
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

// -- how browsers and devices differ, according to bug reports of their users -----------------
// A test changes these before or while the timer runs. By default all works well.
var device = {
  silentSwitch: false, // an iPhone in silent mode: only an audio session of type "playback" is heard
  resume: "works", // AudioContext.resume() outside a tap: works, never (no answer), refuses
  dead: false, // a context that was interrupted never runs again, even after a tap
  speakerSleeps: false, // a Bluetooth speaker that sleeps after 5 s and loses half a second as it wakes
  voices: [{ name: "Near", voiceURI: "near", lang: "en-GB", localService: true, default: true }],
  swallows: false, // cancel() while nothing is spoken loses the next words
  speaksAfterTap: false, // speaks only after speak() was once called in a tap
  msPerLetter: 70, // how fast it speaks
  ends: true, // whether it reports that words have ended and that nothing is being spoken
  wakeLock: "none", // none (plain http), works, refuses
  video: "works", // works, refuses
  throws: false, // whether making a sound or a vibration throws an error
};
function mayThrow() { if (device.throws) throw new Error("InvalidStateError"); }
var heard = { tones: [], words: [], rejections: 0 };
var gesture = false;
// Simulate a tap: code that runs in it may use sound, video and voice.
function tap(act) { gesture = true; try { act(); } finally { gesture = false; } }

// -- sound: Web Audio, the silent switch, a Bluetooth speaker ----------------------------------
var speaker = { awakeUntil: 0, wakesAt: 0 };
// Send the speaker a signal from now until a time; return whether its beginning is heard.
speaker.signal = (until) => {
  const now = clock.monotonic;
  if (now > speaker.awakeUntil) speaker.wakesAt = now + 500;
  speaker.awakeUntil = Math.max(speaker.awakeUntil, until + 5000);
  return !device.speakerSleeps || now >= speaker.wakesAt;
};

// A rejected promise that its caller has to handle; `heard.rejections` counts the unhandled ones.
class Refusal extends Promise {
  static get [Symbol.species]() { return Promise; }
  then(kept, refused) {
    if (refused) heard.rejections -= 1;
    return super.then(kept, refused);
  }
}
function refuse(name) {
  heard.rejections += 1;
  return new Refusal((_, no) => no(new Error(name)));
}

class AudioContext extends EventTarget {
  static all = [];
  constructor() {
    super();
    mayThrow();
    this.state = gesture ? "running" : "suspended";
    this.destination = {};
    this.madeAt = clock.monotonic;
    AudioContext.all.push(this);
  }
  get currentTime() { return (clock.monotonic - this.madeAt) / 1000; }
  interrupt(state) {
    this.state = state;
    this.interrupted = true;
    this.dispatchEvent(new Event("statechange"));
  }
  resume() {
    if (this.dead || (device.dead && this.interrupted)) return refuse("InvalidStateError");
    if (!gesture && device.resume === "never") return new Promise(() => {});
    if (!gesture && device.resume === "refuses") return refuse("NotAllowedError");
    this.state = "running";
    return Promise.resolve();
  }
  close() {
    this.state = "closed";
    return device.dead ? refuse("InvalidStateError") : Promise.resolve();
  }
  createGain() {
    mayThrow();
    const gain = { loudest: 0, connect: (next) => next };
    gain.gain = {
      setValueAtTime(value) { gain.loudest = Math.max(gain.loudest, value); },
      exponentialRampToValueAtTime(value) { gain.loudest = Math.max(gain.loudest, value); },
    };
    return gain;
  }
  createOscillator() {
    const made = { frequency: { value: 0 }, connect: (next) => { made.gain = next; return next; } };
    made.start = (at) => {
      const start = () => this.emit(made, made.stopsAt === undefined ? Infinity : made.stopsAt - at);
      // The length is known only after the caller has also called stop().
      Promise.resolve().then(() => setTimeout(start, 1000 * (at - this.currentTime)));
    };
    made.stop = (at) => { made.stopsAt = at ?? this.currentTime; };
    return made;
  }
  emit(made, lasts) {
    if (this.state !== "running") return;
    const until = clock.monotonic + 1000 * lasts;
    const clear = speaker.signal(Math.min(until, clock.monotonic + 1e9));
    made.sounding = { pitch: made.frequency.value, gain: made.gain.loudest, at: clock.monotonic, until };
    const silent = device.silentSwitch && navigator.audioSession?.type !== "playback";
    if (clear && !silent) heard.tones.push(made.sounding);
    }
}
window.AudioContext = AudioContext;

// -- the voice ---------------------------------------------------------------------------------
class SpeechSynthesisUtterance { constructor(text) { this.text = text; } }
class SpeechSynthesis extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { queue: [], unlocked: false, swallow: false, cancels: 0 });
  }
  // The device goes on speaking while the page is busy, so `speaking` goes by the time; the `end`
  // event comes from a timer.
  get speaking() {
    const [words] = this.queue;
    return words !== undefined && !(device.ends && clock.monotonic >= words.begunAt + words.lasts);
  }
  get pending() { return this.queue.length > 1; }
  getVoices() { return device.voices; }
  resume() {}
  speak(words) {
    mayThrow();
    if (gesture) this.unlocked = true;
    if (device.speaksAfterTap && !this.unlocked) return;
    if (this.swallow && words.text) { this.swallow = false; return; }
    this.queue.push(words);
    if (this.queue.length === 1) this.next();
  }
  next() {
    const [words] = this.queue;
    if (!words) return;
    const lasts = device.msPerLetter * words.text.length;
    Object.assign(words, { begunAt: clock.monotonic, lasts });
    words.clear = words.text === "" || speaker.signal(clock.monotonic + lasts);
    words.timer = setTimeout(() => {
      if (words.text && !device.ends) return;
      words.endedAt = clock.monotonic;
      this.queue.shift();
      words.onend?.({});
      this.next();
    }, lasts);
    if (words.text) heard.words.push(words);
  }
  cancel() {
    this.cancels += 1;
    if (this.queue.length === 0) { this.swallow = device.swallows; return; }
    const [words] = this.queue;
    this.queue = [];
    clearTimeout(words.timer);
    Object.assign(words, { endedAt: clock.monotonic, broken: true });
    words.onerror?.({ error: "canceled" });
  }
}
var speechSynthesis = new SpeechSynthesis();
window.speechSynthesis = speechSynthesis;

// -- the screen --------------------------------------------------------------------------------
navigator.screenOn = () => screenLocks.some((lock) => !lock.released) || videos.some((one) => one.awake());
var screenLocks = [];
var videos = [];
// Over plain http the browser has no screen lock.
function giveWakeLock(how) {
  device.wakeLock = how;
  navigator.wakeLock = how === "none" ? undefined : { request: async () => {
    if (device.wakeLock === "refuses") throw new Error("NotAllowedError");
    const lock = new EventTarget();
    lock.release = async () => { lock.released = true; lock.dispatchEvent(new Event("release")); };
    screenLocks.push(lock);
    return lock;
  } };
}
class Video extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { style: {}, attributes: {}, paused: true, currentTime: 0, shown: false });
    this.loop = false;
    this.muted = false;
    this.volume = 1;
    videos.push(this);
  }
  setAttribute(name, value) { this.attributes[name] = value; }
  remove() { this.shown = false; }
  pause() {
    if (this.paused) return;
    this.paused = true;
    clearInterval(this.beat);
    this.dispatchEvent(new Event("pause"));
  }
  async play() {
    // Video with sound starts only in a tap.
    if (device.video === "refuses" || !(gesture || this.played)) throw new Error("NotAllowedError");
    if (!this.paused) return;
    this.played = true;
    this.paused = false;
    this.beat = setInterval(() => {
      this.currentTime += 0.25;
      if (this.currentTime >= 20) { this.pause(); this.dispatchEvent(new Event("ended")); }
      this.dispatchEvent(new Event("timeupdate"));
    }, 250);
  }
  // Whether WebKit, Blink and Gecko would all keep the screen on for this video.
  awake() {
    const sounds = !this.muted && this.volume > 0;
    const inline = this.playsInline && "playsinline" in this.attributes;
    return this.shown && !this.paused && sounds && inline && !this.loop
      && this.src.startsWith("data:video/mp4") && document.visibilityState === "visible";
  }
}
document.createElement = (tag) => { if (tag !== "video") throw new Error(tag); return new Video(); };
document.body = { append: (video) => { video.shown = true; } };

// The cues so far: [name, seconds since the start, words].
var cues = [];
document.addEventListener("holdwell-cue", ({ detail }) =>
  cues.push([detail.ticking ? "tick" : detail.name, (clock.monotonic - 1000) / 1000, detail.words]));
