// The elements on the page that show one engine.

import { Connection } from "../../runtime/connection.js";
import { button, isAtRest, make, makeStopSigns } from "../../runtime/elements.js";
import { LAST_S } from "./announcements.js";
import { BedMode } from "./bed_mode.js";
import { ARRIVED, drawing, fetchDrawings } from "./drawings.js";
import { Picture } from "./picture.js";
import { Settings } from "./settings.js";

// How often the end of a routine is told again, and how many times: Python answers it with another
// page, unless the session was deleted meanwhile.
const TELL_AGAIN_MS = 4000;
const TELL_AT_MOST = 5;

// Up to 99 s as seconds, longer as minutes and seconds.
function clockText(seconds) {
  return seconds < 100 ? String(seconds) : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export class View {
  constructor(root, data, engine, { prefer, ping }) {
    this.words = data.words;
    this.data = data;
    this.engine = engine;
    this.asking = false;
    this.bed = new BedMode();
    this.arrived = () => this.drawPicture();
    document.addEventListener(ARRIVED, this.arrived);
    this.prefer = prefer;
    root.querySelector(".hw-timer")?.remove();
    this.box = make("section", "hw-timer", root);
    this.box.setAttribute("aria-label", this.words.label);
    this.buildTop(data.summary);
    this.buildClock();
    this.buildControls();
    this.live = make("p", "hw-live", this.box);
    this.live.setAttribute("role", "status");
    this.buildSigns(data.safety, data.numbers ?? []);
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.listen = (whole) => this.draw(whole);
    engine.listeners.add(this.listen);
    this.connection = new Connection(() => { this.draw(true); this.fetchDrawings(); }, () => { if (engine.startedAt) engine.report(); else ping(); });
    this.connection.look();
    this.tellEndAgain();
    this.draw(true);
    this.fetchDrawings();
    this.toTop();
  }

  // On a busy computer the run that was to save the end may be stopped before it does.
  tellEndAgain() {
    let times = 0;
    this.telling = setInterval(() => {
      if (!this.engine.over || !isAtRest()) return;
      if (++times >= TELL_AT_MOST) clearInterval(this.telling);
      this.engine.report();
    }, TELL_AGAIN_MS);
  }

  buildTop(summary) {
    const top = make("div", "hw-top", this.box);
    this.count = make("p", "hw-count", top);
    this.dim = button("hw-quiet hw-dim", top, "", () => {
      this.bed.toggle();
      this.draw(true);
      this.main.focus(); // so that the space bar pauses
    });
    button("hw-quiet hw-signs-open", top, this.words.stop_signs, () => this.openSigns());
    const pose = make("div", "hw-pose", this.box);
    this.name = make("h2", "hw-name", pose);
    this.side = make("p", "hw-side", pose);
    this.picture = new Picture(pose);
    this.summary = make("p", "hw-summary", pose, summary);
  }

  buildClock() {
    const clock = make("div", "hw-clock", this.box);
    this.phase = make("p", "hw-phase", clock);
    this.digits = make("p", "hw-digits", clock);
    this.digits.setAttribute("role", "timer");
    this.digits.setAttribute("aria-live", "off");
    this.bar = make("div", "hw-bar", make("div", "hw-track", clock));
    this.cue = make("p", "hw-cue", clock);
    this.note = make("p", "hw-note", clock);
  }

  buildControls() {
    const { engine, words } = this;
    const controls = make("div", "hw-controls", this.box);
    this.main = button("hw-main", controls, "", () => this.mainTap());
    this.other = button("hw-other", controls, this.data.begin.other, () => this.begin(!this.data.begin.teach));
    const row = make("div", "hw-row hw-steps", controls);
    // After a tap the large button gets the focus, so that the space bar pauses.
    const step = (css, text, act, name) => {
      const node = button(css, row, text, (event) => { act(); if (event.detail > 0) this.main.focus(); });
      if (name) node.setAttribute("aria-label", name);
    };
    step("hw-for-holds", words.back, () => engine.back(), words.back_name);
    step("hw-for-holds", words.extend, () => engine.extend(), words.extend_name);
    step("hw-for-holds", words.skip, () => engine.skip(), words.skip_name);
    step("hw-for-steps", words.again, () => engine.back());
    step("hw-for-steps hw-pause", words.pause, () => engine.pause());
    button("", row, words.stop, () => this.ask(true));
    this.settings = new Settings(controls, engine, words, this.prefer);
    this.confirm = make("div", "hw-confirm", controls);
    make("p", "", this.confirm, words.stop_question);
    const answers = make("div", "hw-row", this.confirm);
    button("hw-yes", answers, words.stop_yes, () => { this.ask(false); engine.stop(); });
    button("", answers, words.stop_no, () => { this.ask(false); engine.resume(); });
  }

  // The stop signs: a dialog over the timer.
  buildSigns({ title, lead, groups, stretch }, numbers) {
    const dialog = this.signs = make("dialog", "hw-dialog", this.box);
    dialog.setAttribute("aria-label", title);
    const text = make("div", "hw-dialog-text", dialog);
    text.tabIndex = 0; // so that the keyboard can scroll it
    make("h2", "", text, title);
    make("p", "", text, lead);
    for (const [label, href] of numbers) make("a", "", text, label).href = href;
    makeStopSigns(text, groups);
    make("h3", "", text, stretch.title);
    make("p", "", text, stretch.text);
    button("hw-main", dialog, this.words.stop_signs_close, () => dialog.close());
  }

  openSigns() {
    this.engine.pause();
    this.signs.showModal();
    this.signs.firstChild.scrollTop = 0;
  }

  ask(on) {
    if (on) this.engine.pause();
    this.asking = on;
    this.draw(true);
    (on ? this.confirm.querySelector("button") : this.main).focus();
  }

  mainTap() {
    if (this.engine.phase === "waiting") this.begin(this.data.begin.teach);
    else this.goOn();
  }

  begin(teaching) {
    this.engine.begin(teaching);
    this.toTop();
    this.main.focus();
  }

  // Pause or resume; while a step is taught, go on to the next one.
  goOn() {
    const { engine } = this;
    if (engine.phase === "running" && engine.part === "teach") engine.skip();
    else engine.toggle();
  }

  // The page may be scrolled down, to the button that led here.
  toTop() { document.querySelector('[data-testid="stMain"]')?.scrollTo?.(0, 0); }

  key(event) {
    const { engine } = this;
    if (!engine.active || this.asking || this.signs.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (target.closest?.("input, textarea, select, [contenteditable]")) return;
    const act = {
      " ": () => this.goOn(), ArrowRight: () => engine.skip(), ArrowLeft: () => engine.back(),
      "+": () => engine.extend(),
    }[event.key];
    // If a button has the focus, the space bar presses that button.
    if (!act || (event.key === " " && target.closest?.("button, a"))) return;
    event.preventDefault();
    if (!event.repeat || event.key === "+") act();
  }

  phaseText() {
    const { engine, words } = this;
    if (engine.phase === "waiting") return words.phase_waiting;
    if (engine.over) return words.phase_done;
    if (engine.phase === "paused") return words[`paused_${engine.pauseReason}`] ?? words.paused_;
    if (engine.part === "rest") return words.phase_rest;
    if (engine.part === "out") return words.phase_out;
    if (engine.part === "teach") return engine.steps[engine.step].title;
    if (engine.part === "lead") return words[`phase_${engine.current.lead}`];
    if (engine.said.has(LAST_S)) return words.phase_last;
    return engine.said.has("half") ? words.phase_halfway : words.phase_hold;
  }

  // The colour of the whole panel, to be seen from two metres: it differs from part to part.
  tone() {
    const { engine } = this;
    if (engine.phase === "done") return "done";
    if (engine.phase === "paused") return engine.pauseReason === "slept" ? "slept" : "still";
    if (engine.phase !== "running") return "still";
    if (engine.part === "out") return "change";
    if (engine.part !== "hold") return engine.current.lead === "ready" ? "ready" : "change";
    return engine.said.has(LAST_S) ? "last" : "hold";
  }

  draw(whole) {
    const { engine } = this;
    const text = clockText(Math.ceil(engine.remaining() / 1000));
    if (this.digits.textContent !== text) {
      this.digits.textContent = text;
      this.box.dataset.digits = text.length;
    }
    const share = engine.target > 0 ? engine.elapsed() / engine.target : 0;
    // Not by its width, which would cause a layout of the page ten times a second.
    this.bar.style.transform = `scaleX(${share.toFixed(3)})`;
    if (whole) this.drawWhole();
  }

  drawWhole() {
    const { engine, words, hold } = this;
    this.box.dataset.phase = this.asking ? "asking" : engine.phase;
    this.box.dataset.part = engine.part;
    this.box.toggleAttribute("data-active", engine.active);
    this.box.toggleAttribute("data-paused", engine.phase === "paused");
    this.box.dataset.tone = this.tone();
    this.bed.draw(this.box, !engine.over && engine.phase !== "waiting");
    this.dim.textContent = this.bed.on ? words.bed_leave : words.bed_enter;
    const teaching = engine.part === "teach";
    this.box.toggleAttribute("data-breathing", engine.breathing.on);
    const [number, total] = teaching ? [engine.step, engine.steps.length] : [engine.index, engine.holds.length];
    this.count.textContent = (teaching ? words.step_count : words.count)
      .replace("{number}", number + 1).replace("{total}", total);
    this.name.textContent = hold.name;
    this.side.textContent = hold.side_text;
    this.drawPicture();
    this.cue.replaceChildren();
    for (const paragraph of this.cueText(hold).split("\n")) make("span", "", this.cue, paragraph);
    this.note.textContent = this.connection?.lost ? words.offline
      : engine.screen.mayGoDark ? words.no_screen_lock
      : engine.phase === "waiting" && engine.sounds.silenced ? words.silenced : "";
    this.settings.draw();
    const phase = this.phaseText();
    this.phase.textContent = phase;
    this.main.textContent = engine.phase === "waiting" ? this.data.begin.main
      : engine.phase !== "running" ? words.resume : teaching ? words.next_step : words.pause;
    // A screen reader says each change once: the position as a part begins, then only what is new.
    const place = engine.over || (engine.part === "hold" && engine.phase === "running")
      ? "" : ` ${hold.name}, ${hold.side_text}.`;
    const heard = engine.phase === "waiting" ? "" : `${phase}.${place}`;
    if (this.live.textContent !== heard) this.live.textContent = heard;
  }

  // The page also shows what the voice says: the position before the hold, its gist during it, then
  // how to come out of it.
  cueText(hold) {
    const { engine, words } = this;
    if (!engine.active || engine.part === "hold") return hold.cue;
    if (engine.part === "teach") return engine.steps[engine.step].shown;
    if (engine.part === "out") return hold.come_out;
    if (engine.part === "rest") return `${words.say_rest} ${words.say_coming} ${engine.place}`;
    return hold.spoken;
  }

  // The hold to show: the current one or, at the end, the last.
  get hold() { return this.engine.holds[Math.min(this.engine.index, this.engine.holds.length - 1)]; }

  // A drawing is left out if the app went away before it was fetched.
  drawPicture() {
    const { engine, hold } = this;
    const taught = !engine.active ? null
      : engine.part === "teach" ? engine.steps[engine.step] : engine.part === "out" ? hold.out : null;
    const { picture, picture_text: text, move, flipped } = taught ?? hold;
    const [still, moving] = [drawing(picture), taught && drawing(move)];
    const key = taught ? `${picture} ${engine.part} ${engine.index} ${engine.step}` : hold.id;
    this.picture.show(`${key} ${still && "drawn"} ${moving ? "moving" : ""}`.trim(), { still, text, move: moving, flipped });
  }

  // The drawings that are seen first are fetched first.
  async fetchDrawings() {
    const { holds } = this.engine;
    const moves = (shown) => [shown?.picture, shown?.move];
    await fetchDrawings(holds.map((hold) => hold.picture));
    await fetchDrawings(holds.flatMap((hold) => [...(hold.steps ?? []), hold.out].flatMap(moves)));
  }

  leave() {
    document.removeEventListener("keydown", this.keys);
    document.removeEventListener(ARRIVED, this.arrived);
    this.engine.listeners.delete(this.listen);
    this.bed.draw(this.box, false);
    this.connection.leave();
    clearInterval(this.telling);
  }
}
