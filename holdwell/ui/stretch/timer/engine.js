// The running routine: time, holds and records, without any element of the page. Elapsed time is
// always the difference of two readings of performance.now(), never a count of ticks.

import { KeptSwitch } from "../../runtime/browser_storage.js";
import { announce, giveDueCues, LAST_S } from "./announcements.js";
import { ScreenLock } from "./screen_lock.js";
import { Sounds } from "./sounds.js";
import { readRoutine, reportOf, writeRoutine } from "./storage.js";
import { Tabs } from "./tabs.js";
import { Ticker } from "./ticker.js";

// If the ticker is silent for longer than this, the device slept. Without a worker, the timers of a
// hidden tab may be a minute apart.
const SLEPT_MS = 10_000;
const SLEPT_WITHOUT_WORKER_MS = 90_000;
const EXTEND_MS = 10_000;
// After this time in a hold, Back repeats it; earlier, Back goes to the hold before it.
const BACK_MS = 2_000;
const SAVE_EVERY_MS = 1000;
// A hold waits at most this long for the words before it: a browser may never report their end.
const WORDS_MS = 10_000;
// A step is shown for as long as its words take to read, and for this long after the voice ends.
const STEP_PAUSE_MS = 2_500;
const STEP_LONGEST_MS = 60_000;
const READING_MS = 70; // for each letter, about as long as the voice takes
const SHORTEST_STEP_MS = 4_000;

export class Engine {
  constructor(data) {
    this.plan = data.plan;
    this.holds = data.routine.holds;
    this.id = data.routine.id;
    this.words = data.words;
    this.sounds = new Sounds(data.sounds, () => this.changed());
    this.ticker = new Ticker(() => this.tick());
    this.screen = new ScreenLock(() => this.changed());
    this.breathing = new KeptSwitch("holdwell.breathing", true); // spoken, and shown by timer.css
    this.listeners = new Set();
    this.send = () => {};
    this.records = new Map((data.done ?? []).map((r) => [r.id, r]));
    this.phase = "waiting"; // waiting, running, paused, done, stopped
    this.pauseReason = ""; // "" for the user, restored, slept, left, elsewhere
    this.home = null; // the path of the page it runs on
    this.owner = false; // whether this tab runs the routine
    this.whose = data.whose;
    this.startedAt = data.started_at ?? null;
    this.endedAt = null;
    this.index = 0;
    this.part = "lead"; // rest, then teach or lead, hold, out
    this.teaching = false; // whether the steps before each hold are taught
    this.step = 0; // which step is taught
    this.clear();
    this.restore(data);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.tick(); else this.save();
    });
    window.addEventListener("pagehide", () => this.save());
    // The browser kept this page while another was shown, and restored it: nobody held meanwhile.
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) this.pauseAtLastTick("left"); });
    this.tabs = new Tabs((message) => this.hear(message));
  }

  get current() { return this.holds[this.index]; }
  get place() { return `${this.current.name}. ${this.current.side_text}.`; }
  get active() { return this.phase === "running" || this.phase === "paused"; }
  get over() { return this.phase === "done" || this.phase === "stopped"; }
  get steps() { return (this.teaching && this.current.steps) || []; }
  // Whether only the way out of the last hold is left: all that counts is done.
  get leaving() { return this.part === "out" && this.index === this.holds.length - 1; }

  // The length of a part in ms.
  planned(part) {
    if (part !== "teach") return 1000 * (this.current[`${part}_s`] ?? 0);
    const step = this.steps[this.step];
    return step ? Math.max(SHORTEST_STEP_MS, READING_MS * step.spoken.length) + STEP_PAUSE_MS : 0;
  }

  // The part that follows a part; null after the last part of a hold.
  after(part) {
    if (part === "rest") return this.steps.length > 0 ? "teach" : "lead";
    return { teach: "hold", lead: "hold", hold: "out" }[part] ?? null;
  }

  clear() {
    this.before = 0; // ms of this part before the last resume
    this.since = null; // performance.now() at the last resume, null when not running
    this.target = this.index < this.holds.length ? this.planned(this.part) : 0;
    this.beganAt = null;
    this.said = new Set();
    this.waited = false; // whether the hold has waited for the words before it
  }

  elapsed(now = performance.now()) { return Math.min(this.target, this.elapsedOpen(now)); }

  // The same, not limited to the planned length of the part.
  elapsedOpen(now) { return this.before + (this.since === null ? 0 : now - this.since); }

  remaining() { return Math.max(0, this.target - this.elapsed()); }

  // -- a routine that was interrupted -------------------------------------------------------
  restore(data) {
    const saved = readRoutine(this.id);
    if (saved?.startedAt) {
      this.load(saved);
    } else if (data.started_at) {
      // Begun on another device, or the browser kept nothing: continue at the first hold not done.
      while (this.index < this.holds.length && this.records.has(this.current.id)) this.index += 1;
      this.clear();
      this.phase = this.index < this.holds.length ? "paused" : "done";
      this.pauseReason = "restored";
    }
  }

  load(saved) {
    for (const record of saved.records) this.records.set(record.id, record);
    Object.assign(this, {
      startedAt: saved.startedAt, endedAt: saved.endedAt, index: saved.index, part: saved.part,
      teaching: saved.teaching === true, step: saved.step ?? 0,
    });
    this.clear();
    Object.assign(this, { before: saved.before, target: saved.target, beganAt: saved.beganAt });
    for (const cue of saved.said ?? []) this.said.add(cue);
    this.phase = saved.phase === "running" ? "paused" : saved.phase;
    this.pauseReason = "restored";
  }

  save() {
    if (this.phase === "waiting" || !this.owner) return;
    this.savedAt = performance.now();
    // A user who closes the page on the way out of the last hold has finished.
    const end = this.leaving && this.active ? { phase: "done", endedAt: new Date().toISOString() } : {};
    writeRoutine(this.id, { ...this.snapshot(), ...end });
  }

  snapshot() {
    return {
      whose: this.whose, plan: this.plan, startedAt: this.startedAt, endedAt: this.endedAt,
      index: this.index, part: this.part, teaching: this.teaching, step: this.step, before: this.elapsed(), target: this.target, beganAt: this.beganAt,
      said: [...this.said], phase: this.phase, records: [...this.records.values()],
    };
  }

  // -- several tabs -------------------------------------------------------------------------
  // Make this tab the one that runs the routine.
  own() {
    if (!this.owner && this.pauseReason === "elsewhere") {
      const saved = readRoutine(this.id);
      if (saved?.startedAt) this.load(saved);
    }
    this.owner = true;
    // Noted at the tap, as the address may change before the page does.
    this.home = location.pathname;
    this.tabs.tell({ id: this.id, over: this.over ? this.phase : null });
  }

  hear(message) {
    if (message.id !== this.id) return;
    // What the browser kept of an ended routine is deleted once Python has saved it.
    const saved = message.saved ?? readRoutine(this.id);
    this.owner = false;
    this.sounds.rest();
    if (message.over && saved?.startedAt) {
      this.halt();
      this.load(saved);
      this.report();
    } else if (this.active) {
      this.halt();
      this.phase = "paused";
      this.pauseReason = "elsewhere";
    }
    this.changed();
  }

  // -- what the user can do ----------------------------------------------------------------
  // If `teaching`, the steps into each position are taught before its first hold.
  begin(teaching = false) {
    if (this.phase !== "waiting") return;
    this.teaching = teaching;
    this.startedAt = new Date().toISOString();
    this.sounds.unlock();
    this.phase = "running";
    this.own();
    this.enter("rest", performance.now());
    this.report();
  }

  pause(reason = "") {
    if (this.phase !== "running") return;
    this.tick();
    if (this.phase !== "running") return;
    if (reason === "left" && this.leaving) { this.finish("done"); return; }
    this.halt();
    this.phase = "paused";
    this.pauseReason = reason;
    if (reason === "left") this.sounds.rest();
    this.save();
    this.changed();
  }

  resume() {
    if (this.phase !== "paused") return;
    this.own();
    if (this.phase !== "paused") { this.changed(); return; }
    this.sounds.unlock();
    this.phase = "running";
    this.pauseReason = "";
    this.since = performance.now();
    this.run();
    if (this.before === 0) announce(this);
    this.changed();
  }

  toggle() { if (this.phase === "running") this.pause(); else this.resume(); }

  extend() {
    if (!this.active) return;
    this.own();
    this.sounds.unlock();
    this.target += EXTEND_MS;
    if (this.part === "hold") for (let n = 1; n <= LAST_S; n += 1) this.said.delete(n);
    if (this.phase === "running") this.run();
    this.save();
    this.changed();
  }

  // Go on to the next step if steps are taught, else to the next hold.
  skip() {
    if (!this.active) return;
    this.own();
    this.sounds.unlock();
    const now = performance.now();
    if (this.part === "teach") { this.nextStep(now); return; }
    if (this.part !== "out") this.credit(this.part === "hold" ? this.elapsed(now) : 0);
    this.next(now);
    if (!this.over) this.report();
  }

  // Go back to the start of this hold or, near its start, to the hold before. What was held counts.
  // If a step is taught, repeat it or, near its start, go to the step before.
  back() {
    if (!this.active) return;
    this.own();
    this.sounds.unlock();
    const now = performance.now();
    if (this.part === "teach") {
      this.enterStep(this.elapsed(now) > BACK_MS ? this.step : Math.max(0, this.step - 1), now);
      return;
    }
    const held = this.part === "hold" ? this.elapsed(now) : 0;
    if (held > 0) this.credit(held);
    if (held <= BACK_MS && this.part !== "out") this.index = Math.max(0, this.index - 1);
    this.enter("lead", now);
    this.report();
  }

  stop() {
    if (!this.active) return;
    this.own();
    if (this.part === "hold" && this.elapsed() > 0) this.credit(this.elapsed());
    this.finish("stopped");
  }

  // -- the passing of time ------------------------------------------------------------------
  run() {
    this.lastTick = performance.now();
    this.lastWall = Date.now();
    this.ticker.start(this.remaining());
    this.screen.want(true);
  }

  // Stop the clock, as of a time.
  halt(at = performance.now()) {
    this.before = this.elapsed(at);
    this.since = null;
    this.ticker.stop();
    this.screen.want(false);
    this.sounds.hush();
  }

  tick() {
    if (this.phase !== "running") return;
    const now = performance.now();
    const wall = Date.now();
    const silence = this.ticker.worker ? SLEPT_MS : SLEPT_WITHOUT_WORKER_MS;
    // Some systems stop the monotonic clock while the device sleeps; only the wall clock shows it.
    if (now - this.lastTick > silence || wall - this.lastWall > silence) {
      this.pauseAtLastTick("slept");
      this.sounds.cue("slept", `${this.words.paused_slept}. ${this.place}`);
      return;
    }
    this.lastTick = now;
    this.lastWall = wall;
    if (this.part === "teach" && this.sounds.speaking) {
      // The pause comes after the words, however long this voice takes.
      this.target = Math.max(this.target, Math.min(STEP_LONGEST_MS, this.elapsedOpen(now) + STEP_PAUSE_MS));
    }
    while (this.phase === "running" && this.before + (now - this.since) >= this.target) {
      // The exact end of the part: if this tick is late, the time since then belongs to the next.
      const endedAt = this.since + (this.target - this.before);
      const wordsLast = ["lead", "out"].includes(this.part) && this.sounds.speaking;
      if (wordsLast && now < endedAt + WORDS_MS) { this.waited = true; break; }
      this.go(this.waited ? now : endedAt);
    }
    if (this.phase !== "running") return;
    giveDueCues(this);
    if (now - (this.savedAt ?? 0) > SAVE_EVERY_MS) this.save();
    this.ticked();
  }

  // Go from the part that has ended to the next.
  go(at) {
    if (this.part === "teach") { this.nextStep(at); return; }
    if (this.part === "hold") this.credit(this.target);
    const part = this.after(this.part);
    const held = this.part === "hold";
    if (part === null) this.next(at); else this.enter(part, at);
    if (held && !this.over) this.report();
  }

  nextStep(at) {
    if (this.step + 1 < this.steps.length) this.enterStep(this.step + 1, at);
    else this.enter("hold", at);
  }

  enterStep(step, at) {
    this.step = step;
    this.enter("teach", at);
  }

  // The device slept or another page was shown: the hold counts up to the last tick, and the time
  // since does not.
  pauseAtLastTick(reason) {
    if (this.phase !== "running") return;
    this.halt(this.lastTick);
    this.phase = "paused";
    this.pauseReason = reason;
    this.save();
    this.changed();
  }

  // Begin a part at a time, which may be a little in the past. A part without length is skipped.
  enter(part, at) {
    this.part = part;
    if (part !== "hold" && this.planned(part) === 0) {
      const next = this.after(part);
      if (next === null) this.next(at); else this.enter(next, at);
      return;
    }
    this.clear();
    if (part === "hold") this.beganAt = new Date(Date.now() - (performance.now() - at)).toISOString();
    if (this.phase === "running") {
      this.since = at;
      this.run();
      announce(this);
    }
    this.save();
    this.changed();
  }

  next(at) {
    if (this.index + 1 >= this.holds.length) { this.finish("done"); return; }
    this.index += 1;
    this.step = 0;
    this.enter("rest", at);
  }

  // Add the time held to the record of the hold: after Back, it may have been held before.
  credit(ms) {
    const hold = this.current;
    const known = this.records.get(hold.id);
    const held = Math.round(1000 * (known?.held_s ?? 0) + ms);
    this.records.set(hold.id, {
      id: hold.id,
      held_s: held / 1000,
      outcome: held <= 0 ? "skipped" : held + 1 >= this.planned("hold") ? "finished" : "shortened",
      started_at: known?.started_at ?? (ms > 0 ? this.beganAt : null),
    });
  }

  finish(phase) {
    this.halt();
    this.phase = phase;
    this.endedAt = new Date().toISOString();
    if (phase === "done") this.sounds.cue("done", this.words.say_done);
    this.sounds.rest();
    this.save();
    this.tabs.tell({ id: this.id, over: phase, saved: this.snapshot() });
    this.report();
    this.changed();
  }

  report() {
    this.save();
    this.send(reportOf(this.snapshot()));
  }

  changed() { for (const listener of this.listeners) listener(true); }
  ticked() { for (const listener of this.listeners) listener(false); }
}
