// The hold timer. It runs wholly in the browser, on performance.now(), so that neither a rerun of
// the page nor a slow computer moves it. Python hears of it at the edges, through one state value,
// "report", that says everything each time: saying it twice changes nothing.

const TICK_MS = 100;
// Browsers slow a hidden tab's timers to once a minute at worst; a longer silence is a sleep.
const SLEPT_MS = 90_000;
const EXTEND_MS = 10_000;
// A page change and back within this time is a redraw, not a departure.
const LEFT_MS = 400;
const SAVE_EVERY_MS = 1000;
const STORE_PREFIX = "holdwell.routine.";

// Engines outlive redraws of the page; one for each routine.
const engines = (window.__holdwellEngines ??= new Map());
const views = new WeakMap();

const storage = {
  read(id) {
    try { return JSON.parse(localStorage.getItem(STORE_PREFIX + id)); } catch { return null; }
  },
  write(id, value) {
    try { localStorage.setItem(STORE_PREFIX + id, JSON.stringify(value)); } catch { /* private mode */ }
  },
  drop(id) {
    try { localStorage.removeItem(STORE_PREFIX + id); } catch { /* private mode */ }
  },
};

// What Python is told of a routine, from what is kept of it.
function reportOf(saved) {
  return {
    plan: saved.plan,
    phase: saved.phase === "done" || saved.phase === "stopped" ? saved.phase : "running",
    started_at: saved.startedAt,
    ended_at: saved.endedAt,
    utc_offset: -new Date(saved.startedAt).getTimezoneOffset(),
    holds: saved.records,
  };
}

class Sounds {
  constructor() { this.context = null; this.tones = true; this.voice = true; }

  // Browsers allow sound only after a tap, so this is called from the Begin and Resume buttons.
  unlock() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!this.context && Context) this.context = new Context();
    this.context?.resume?.();
  }

  cue(name) {
    document.dispatchEvent(new CustomEvent("holdwell-cue", { detail: name }));
    const notes = {
      tick: [[660, 0, 0.07]],
      begin: [[523, 0, 0.14], [784, 0.15, 0.3]],
      halfway: [[587, 0, 0.18]],
      end: [[784, 0, 0.14], [523, 0.15, 0.32]],
      done: [[523, 0, 0.18], [659, 0.18, 0.18], [784, 0.36, 0.5]],
    }[name] ?? [];
    if (this.tones && this.context) {
      for (const [pitch, after, lasts] of notes) this.tone(pitch, after, lasts);
    }
    if (name !== "tick" && name !== "halfway") navigator.vibrate?.(name === "done" ? [120, 80, 120] : 120);
  }

  tone(pitch, after, lasts) {
    const at = this.context.currentTime + after;
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts);
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start(at);
    oscillator.stop(at + lasts + 0.05);
  }

  say(text) {
    const synth = window.speechSynthesis;
    if (!this.voice || !synth || !text) return;
    // Only voices on this device: a remote voice would send the words to another host.
    const local = synth.getVoices().filter((v) => v.localService);
    const voice = local.find((v) => v.lang.startsWith("en")) ?? local[0];
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.rate = 0.95;
    synth.cancel();
    synth.speak(words);
  }

  hush() { window.speechSynthesis?.cancel(); }
}

// The routine itself: knows time, holds and records; knows no element of the page.
class Engine {
  constructor(data) {
    this.plan = data.plan;
    this.holds = data.routine.holds;
    this.id = data.routine.id;
    this.words = data.words;
    this.sounds = new Sounds();
    this.sounds.tones = data.sound;
    this.sounds.voice = data.voice;
    this.listeners = new Set();
    this.send = () => {};
    this.sendPreferences = () => {};
    this.records = new Map((data.done ?? []).map((r) => [r.id, r]));
    this.phase = "waiting"; // waiting, running, paused, done, stopped
    this.why = ""; // why it is paused: "", "restored", "slept", "left"
    this.startedAt = data.started_at ?? null;
    this.endedAt = null;
    this.index = 0;
    this.part = "lead"; // lead, hold
    this.clear();
    this.restore(data);
    this.wake = null;
    this.ticker = null;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") { this.tick(); this.holdScreen(); }
      else this.save();
    });
    window.addEventListener("pagehide", () => this.save());
  }

  get current() { return this.holds[this.index]; }
  get active() { return this.phase === "running" || this.phase === "paused"; }

  clear() {
    this.before = 0; // ms of this part before the last resume
    this.since = null; // performance.now() at the last resume, null when not running
    this.target = this.index < this.holds.length
      ? 1000 * (this.part === "lead" ? this.current.lead_s : this.current.hold_s) : 0;
    this.beganAt = null;
    this.said = new Set();
  }

  elapsed(now = performance.now()) {
    return Math.min(this.target, this.before + (this.since === null ? 0 : now - this.since));
  }

  remaining() { return Math.max(0, this.target - this.elapsed()); }

  // -- a routine that was interrupted -------------------------------------------------------
  restore(data) {
    const saved = storage.read(this.id);
    if (saved && saved.startedAt) {
      for (const record of saved.records) this.records.set(record.id, record);
      Object.assign(this, {
        startedAt: saved.startedAt, endedAt: saved.endedAt, index: saved.index, part: saved.part,
      });
      this.clear();
      this.before = saved.before; this.target = saved.target; this.beganAt = saved.beganAt;
      this.phase = saved.phase === "running" ? "paused" : saved.phase;
      this.why = "restored";
    } else if (data.started_at) {
      // Taken up on another device, or the browser kept nothing: go on at the first hold not done.
      while (this.index < this.holds.length && this.records.has(this.current.id)) this.index += 1;
      this.clear();
      this.phase = this.index < this.holds.length ? "paused" : "done";
      this.why = "restored";
    }
  }

  save() {
    if (this.phase === "waiting") return;
    this.savedAt = performance.now();
    storage.write(this.id, this.snapshot());
  }

  snapshot() {
    return {
      plan: this.plan, startedAt: this.startedAt, endedAt: this.endedAt, index: this.index,
      part: this.part, before: this.elapsed(), target: this.target, beganAt: this.beganAt,
      phase: this.phase, records: [...this.records.values()],
    };
  }

  // -- what she can do ----------------------------------------------------------------------
  begin() {
    if (this.phase !== "waiting") return;
    this.startedAt = new Date().toISOString();
    this.sounds.unlock();
    this.phase = "running";
    this.enter(performance.now());
    this.report();
  }

  pause(why = "") {
    if (this.phase !== "running") return;
    this.tick();
    if (this.phase !== "running") return;
    this.before = this.elapsed();
    this.since = null;
    this.phase = "paused";
    this.why = why;
    this.sounds.hush();
    this.stopTicking();
    this.save();
    this.changed();
  }

  resume() {
    if (this.phase !== "paused") return;
    this.sounds.unlock();
    this.phase = "running";
    this.why = "";
    this.since = performance.now();
    this.lastTick = this.since;
    this.startTicking();
    if (this.before === 0) this.announce();
    this.changed();
  }

  toggle() { if (this.phase === "running") this.pause(); else this.resume(); }

  extend() {
    if (!this.active) return;
    this.target += EXTEND_MS;
    this.save();
    this.changed();
  }

  skip() {
    if (!this.active) return;
    const now = performance.now();
    const held = this.part === "hold" ? this.elapsed(now) : 0;
    this.record(held);
    this.next(now);
  }

  stop() {
    if (!this.active) return;
    if (this.part === "hold" && this.elapsed() > 0) this.record(this.elapsed());
    this.finish("stopped");
  }

  // -- the passing of time ------------------------------------------------------------------
  startTicking() {
    this.stopTicking();
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    this.holdScreen();
  }

  stopTicking() {
    clearInterval(this.ticker);
    this.ticker = null;
    this.wake?.release?.().catch(() => {});
    this.wake = null;
  }

  tick() {
    if (this.phase !== "running") return;
    const now = performance.now();
    if (now - this.lastTick > SLEPT_MS) {
      // The computer slept. What was held up to the last tick counts, the hours after do not.
      this.before += this.lastTick - this.since;
      this.since = null;
      this.phase = "paused";
      this.why = "slept";
      this.stopTicking();
      this.save();
      this.changed();
      return;
    }
    this.lastTick = now;
    while (this.phase === "running" && this.before + (now - this.since) >= this.target) {
      // The part ended at this exact time, however late this tick is: what is over is the next's.
      const endedAt = this.since + (this.target - this.before);
      if (this.part === "lead") this.enterHold(endedAt);
      else { this.record(this.target); this.next(endedAt); }
    }
    if (this.phase !== "running") return;
    this.cues();
    if (now - (this.savedAt ?? 0) > SAVE_EVERY_MS) this.save();
    this.ticked();
  }

  cues() {
    const left = Math.ceil(this.remaining() / 1000);
    const last = this.part === "lead" ? 3 : 5;
    if (left <= last && left >= 1 && this.target > 1000 * last && !this.said.has(left)) {
      this.said.add(left);
      this.sounds.cue("tick");
    }
    if (this.part === "hold" && this.elapsed() >= this.target / 2 && !this.said.has("half")) {
      this.said.add("half");
      this.sounds.cue("halfway");
      this.sounds.say(this.words.say_halfway);
    }
  }

  enter(at) {
    this.part = "lead";
    this.clear();
    if (this.current.lead_s === 0) { this.enterHold(at); return; }
    this.since = at;
    this.lastTick = performance.now();
    if (this.phase === "running") { this.startTicking(); this.announce(); }
    else this.since = null;
    this.save();
    this.changed();
  }

  enterHold(at) {
    this.part = "hold";
    this.clear();
    this.since = this.phase === "running" ? at : null;
    this.lastTick = performance.now();
    this.beganAt = new Date(Date.now() - (performance.now() - at)).toISOString();
    if (this.phase === "running") {
      this.startTicking();
      this.sounds.cue("begin");
      this.sounds.say(this.current.lead_s === 0 ? this.current.spoken : this.words.say_begin);
    }
    this.save();
    this.changed();
  }

  announce() {
    if (this.part === "lead") this.sounds.say(`${this.words[`say_${this.current.lead}`]} ${this.current.spoken}`);
  }

  next(at) {
    this.index += 1;
    if (this.index >= this.holds.length) { this.finish("done"); return; }
    if (this.phase === "running") this.sounds.cue("end");
    this.enter(at);
    this.report();
  }

  record(heldMs) {
    const hold = this.current;
    const outcome = heldMs <= 0 ? "skipped" : heldMs + 1 >= 1000 * hold.hold_s ? "finished" : "shortened";
    this.records.set(hold.id, {
      id: hold.id, held_s: Math.round(heldMs) / 1000, outcome, started_at: heldMs > 0 ? this.beganAt : null,
    });
  }

  finish(phase) {
    this.phase = phase;
    this.endedAt = new Date().toISOString();
    this.since = null;
    this.stopTicking();
    if (phase === "done") { this.sounds.cue("done"); this.sounds.say(this.words.say_done); }
    else this.sounds.hush();
    this.save();
    this.report();
    this.changed();
  }

  report() {
    this.save();
    this.send(reportOf(this.snapshot()));
  }

  async holdScreen() {
    if (this.phase !== "running" || document.visibilityState !== "visible") return;
    try { this.wake ??= await navigator.wakeLock?.request("screen"); } catch { this.wake = null; }
    this.wake?.addEventListener?.("release", () => { this.wake = null; });
  }

  changed() { for (const listener of this.listeners) listener(true); }
  ticked() { for (const listener of this.listeners) listener(false); }
}

function make(tag, className, parent, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  parent?.append(node);
  return node;
}

function button(className, parent, text, act) {
  const node = make("button", `hw-button ${className}`, parent, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

// What is on the page for one engine.
class View {
  constructor(root, data, engine) {
    this.words = data.words;
    this.engine = engine;
    this.asking = false;
    root.querySelector(".hw-timer")?.remove();
    this.box = make("section", "hw-timer", root);
    this.box.setAttribute("aria-label", this.words.label);
    const top = make("div", "hw-top", this.box);
    this.count = make("p", "hw-count", top);
    button("hw-quiet hw-signs-open", top, this.words.stop_signs, () => this.openSigns());
    this.name = make("h2", "hw-name", this.box);
    this.side = make("p", "hw-side", this.box);
    this.picture = make("div", "hw-picture", this.box);
    this.summary = make("p", "hw-summary", this.box, data.summary);
    this.phase = make("p", "hw-phase", this.box);
    this.digits = make("p", "hw-digits", this.box);
    this.digits.setAttribute("role", "timer");
    this.digits.setAttribute("aria-live", "off");
    const track = make("div", "hw-track", this.box);
    this.bar = make("div", "hw-bar", track);
    this.cue = make("p", "hw-cue", this.box);
    this.main = button("hw-main", this.box, "", () => this.mainTap());
    this.row = make("div", "hw-row", this.box);
    button("", this.row, this.words.extend, () => engine.extend());
    button("", this.row, this.words.skip, () => engine.skip());
    button("", this.row, this.words.stop, () => this.ask(true));
    this.toggles = make("div", "hw-row hw-toggles", this.box);
    this.toggle("tones", "sound", this.words.sound);
    this.toggle("voice", "voice", this.words.voice);
    this.confirm = make("div", "hw-confirm", this.box);
    make("p", "", this.confirm, this.words.stop_question);
    const answers = make("div", "hw-row", this.confirm);
    button("hw-yes", answers, this.words.stop_yes, () => { this.ask(false); engine.stop(); });
    button("", answers, this.words.stop_no, () => { this.ask(false); engine.resume(); });
    this.live = make("p", "hw-live", this.box);
    this.live.setAttribute("role", "status");
    this.signs = this.buildSigns(data.safety);
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.listen = (whole) => this.draw(whole);
    engine.listeners.add(this.listen);
    this.draw(true);
    this.toTop();
  }

  // The page may have been scrolled down to a button that led here.
  toTop() { document.querySelector('[data-testid="stMain"]')?.scrollTo?.(0, 0); }

  toggle(field, name, words) {
    const node = button("hw-quiet", this.toggles, "", () => {
      this.engine.sounds[field] = !this.engine.sounds[field];
      if (!this.engine.sounds[field]) this.engine.sounds.hush();
      show();
      this.engine.sendPreferences();
    });
    const show = () => {
      const on = this.engine.sounds[field];
      node.textContent = on ? words.on : words.off;
      node.setAttribute("aria-pressed", String(on));
    };
    node.dataset.name = name;
    show();
  }

  buildSigns(safety) {
    const dialog = make("dialog", "hw-dialog", this.box);
    dialog.setAttribute("aria-label", safety.title);
    this.signsText = make("div", "hw-dialog-text", dialog);
    this.signsText.tabIndex = 0; // so that the keyboard can scroll it
    make("h2", "", this.signsText, safety.title);
    make("p", "", this.signsText, safety.lead);
    for (const group of safety.groups) {
      make("h3", "", this.signsText, group.title);
      const list = make("ul", "", this.signsText);
      for (const sign of group.signs) make("li", "", list, sign);
      make("p", "hw-whom", this.signsText, group.whom);
    }
    make("h3", "", this.signsText, safety.stretch.title);
    make("p", "", this.signsText, safety.stretch.text);
    button("hw-main", dialog, this.words.stop_signs_close, () => dialog.close());
    return dialog;
  }

  openSigns() { this.engine.pause(); this.signs.showModal(); this.signsText.scrollTop = 0; }

  ask(on) {
    if (on) this.engine.pause();
    this.asking = on;
    this.draw(true);
    if (on) this.confirm.querySelector("button").focus();
  }

  mainTap() {
    if (this.engine.phase === "waiting") { this.engine.begin(); this.toTop(); }
    else this.engine.toggle();
  }

  key(event) {
    if (!this.engine.active || this.signs.open || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (target.closest?.("input, textarea, select, [contenteditable]")) return;
    if (event.key === " " && !target.closest?.("button, a")) this.engine.toggle();
    else if (event.key === "ArrowRight") this.engine.skip();
    else if (event.key === "+") this.engine.extend();
    else return;
    event.preventDefault();
  }

  draw(whole) {
    const { engine, words } = this;
    const seconds = Math.ceil(engine.remaining() / 1000);
    if (this.digits.textContent !== String(seconds)) this.digits.textContent = String(seconds);
    const share = engine.target > 0 ? engine.elapsed() / engine.target : 0;
    this.bar.style.width = `${(100 * share).toFixed(1)}%`;
    if (!whole) return;
    const over = engine.phase === "done" || engine.phase === "stopped";
    const hold = engine.holds[Math.min(engine.index, engine.holds.length - 1)];
    this.box.dataset.phase = this.asking ? "asking" : engine.phase;
    this.box.dataset.part = engine.part;
    this.count.textContent = words.count
      .replace("{number}", Math.min(engine.index + 1, engine.holds.length)).replace("{total}", engine.holds.length);
    this.name.textContent = hold.name;
    this.side.textContent = hold.side_text;
    if (this.picture.dataset.hold !== hold.id) {
      this.picture.dataset.hold = hold.id;
      this.picture.innerHTML = hold.picture; // our own drawing, from content/
      this.picture.classList.toggle("hw-mirrored", hold.side === "right");
    }
    this.cue.textContent = hold.cue;
    let phase = engine.part === "hold" ? words.phase_hold : words[`phase_${hold.lead}`];
    if (engine.phase === "waiting") phase = words.phase_waiting;
    if (engine.phase === "paused") phase = words[`paused_${engine.why}`] ?? words.paused_;
    if (over) phase = words.phase_done;
    this.phase.textContent = phase;
    this.main.textContent = engine.phase === "waiting" ? words.begin
      : engine.phase === "running" ? words.pause : words.resume;
    const spoken = over ? phase : `${phase}. ${hold.name}, ${hold.side_text}.`;
    if (this.live.textContent !== spoken) this.live.textContent = spoken;
  }

  leave() {
    document.removeEventListener("keydown", this.keys);
    this.engine.listeners.delete(this.listen);
  }
}

// Routines that this browser kept and that Python may not have heard the end of.
function keptRoutines(currentId) {
  const found = [];
  for (let i = 0; i < localStorage.length; i += 1) {
    const key = localStorage.key(i);
    if (!key?.startsWith(STORE_PREFIX) || key === STORE_PREFIX + currentId) continue;
    const saved = storage.read(key.slice(STORE_PREFIX.length));
    if (saved?.startedAt) found.push(reportOf(saved));
  }
  return found;
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  for (const id of data.at_rest ?? []) storage.drop(id);
  let engine = engines.get(data.routine.id);
  if (!engine) {
    engine = new Engine(data);
    engines.set(engine.id, engine);
  }
  engine.send = (report) => setStateValue("report", report);
  engine.sendPreferences = () =>
    setStateValue("preferences", { sound: engine.sounds.tones, voice: engine.sounds.voice });
  let view = views.get(parentElement);
  if (view?.engine !== engine) {
    view?.leave();
    view = new View(parentElement, data, engine);
    views.set(parentElement, view);
    // Python may have missed the end of it (server gone, page closed): say it again.
    const known = new Set((data.done ?? []).map((r) => r.id));
    const unsaid = [...engine.records.keys()].some((id) => !known.has(id));
    if (engine.startedAt && (unsaid || !engine.active)) engine.report();
    try {
      const kept = keptRoutines(engine.id);
      if (kept.length) setStateValue("kept", kept);
    } catch { /* no storage in this browser */ }
  }
  return () => {
    view.leave();
    views.delete(parentElement);
    setTimeout(() => { if (engine.listeners.size === 0) engine.pause("left"); }, LEFT_MS);
  };
}
