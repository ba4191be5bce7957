// Today while the app on the user's computer does not answer, for example asleep at night: the user
// can note a cramp and read the stop signs, instead of facing a page on which nothing works.

import { Connection } from "../runtime/connection.js";
import { isAtRest, make, makeStopSigns } from "../runtime/elements.js";

const ON_TODAY = ".st-key-hw-kept-cramps";
const COVERED = '[data-testid="stMain"]';
const LEGS = ["left", "right"];
const DRAWN_WITHIN_MS = 5000;
const LOOK_EVERY_MS = 50;

export class Offline extends Connection {
  constructor(storage) {
    super(() => (this.lost ? this.open() : this.close()), () => this.ping());
    this.storage = storage;
    // Check after a tap, because a sleeping computer does not report that it is gone.
    for (const event of ["pointerdown", "visibilitychange"]) {
      document.addEventListener(event, () => this.doubt(), true);
    }
  }

  // Called when Python has run, so the app answers; `ping` causes another run. Wait until the page
  // is completely drawn: in a new session, a tap on what is not yet drawn would be lost.
  async answered(data, ping) {
    Object.assign(this, { data, ping });
    // Stop asking: every further message would cause another run that redraws the page.
    clearInterval(this.asker);
    const until = performance.now() + DRAWN_WITHIN_MS;
    while (this.lost && !isAtRest() && performance.now() < until) {
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    this.restored();
  }

  look() {
    if (!document.querySelector(ON_TODAY)) this.restored();
    else super.look();
    this.takeFocus();
  }

  async doubt() {
    if (!document.querySelector(ON_TODAY)) return;
    if ((await this.isSilent()) && document.querySelector(ON_TODAY)) this.lose();
  }

  async ask() {
    this.draw(); // another night may have begun by now
    this.takeFocus();
    await super.ask();
  }

  open() {
    const { words } = this.data;
    const panel = this.panel = make("section", "hw-offline", document.querySelector(".stApp"));
    Object.assign(panel, { ariaLabel: words.title, tabIndex: -1 });
    make("h2", "", panel, words.title);
    make("p", "", panel, words.gone);
    make("h3", "", panel, words.cramp);
    make("p", "", panel, words.lead);
    const row = make("div", "", panel);
    this.buttons = LEGS.map((leg) => make("button", "", row, words[leg]));
    this.buttons.forEach((button, i) => { button.onclick = () => this.toggle(LEGS[i]); });
    this.kept = make("p", "", panel);
    this.kept.role = "status";
    const signs = make("details", "", panel);
    make("summary", "", signs, words.signs);
    makeStopSigns(signs, words.groups);
    for (const [label, href] of words.numbers) make("a", "", signs, label).href = href;
    this.draw();
    this.coverPage(true);
    this.takeFocus();
  }

  // Make the page below inert, because nothing on it works.
  coverPage(isCovered) {
    for (const page of document.querySelectorAll(COVERED)) page.inert = isCovered;
  }

  // Take the focus after Streamlit's message, which closes slowly, has given it up.
  takeFocus() {
    if (document.activeElement === document.body) this.panel?.focus({ preventScroll: true });
  }

  toggle(leg) {
    const legs = new Set(this.legs());
    if (!legs.delete(leg)) legs.add(leg);
    this.storage.put(this.data.person, this.night(), legs.size > 1 ? "both" : [...legs][0]);
    this.draw();
  }

  legs() {
    const kept = this.storage.get(this.data.person, this.night());
    return LEGS.filter((leg) => kept === leg || kept === "both");
  }

  draw() {
    const legs = this.legs();
    this.buttons.forEach((button, i) => { button.ariaPressed = String(legs.includes(LEGS[i])); });
    const text = legs.length ? this.data.words.kept[legs.length > 1 ? "both" : legs[0]] : "";
    if (this.kept.textContent !== text) this.kept.textContent = text;
  }

  night() { return nightOf(new Date(), this.data.night_from); }

  close() {
    this.panel.remove();
    this.panel = undefined;
    this.coverPage(false);
  }
}

// Return the night's name: the day on which it began (see night_of in domain/dates.py).
export function nightOf(now, begins) {
  const day = new Date(now);
  if (now.getHours() < begins) day.setDate(day.getDate() - 1);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map((part) => String(part).padStart(2, "0")).join("-");
}
