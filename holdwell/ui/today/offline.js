// Today while the app on the user's computer does not answer, asleep at night perhaps: a cramp can
// be noted and the stop signs read, in place of a page on which nothing works.

const LOST = '[role="dialog"]:has([data-testid="stErrorCodeBlock"])';
const ON_TODAY = ".st-key-hw-kept-cramps";
const COVERED = '[data-testid="stMain"]';
const ASK_EVERY_MS = 2000;
// A computer that sleeps closes no connection, so only silence tells: after a tap, for so long twice.
const SILENT_MS = 4000;
const LEGS = ["left", "right"];

export class Offline {
  constructor(storage) {
    this.storage = storage;
    new MutationObserver(() => this.look()).observe(document.body, { childList: true, subtree: true });
    for (const event of ["pointerdown", "visibilitychange"]) {
      document.addEventListener(event, () => this.doubt(), true);
    }
  }

  // Python has run, so the app answers. `ping` has it run once more.
  answered(data, ping) {
    Object.assign(this, { data, ping });
    this.close();
  }

  // Streamlit says that the connection is lost, in a message that would lie over all.
  look() {
    if (!document.querySelector(ON_TODAY)) this.close();
    else if (document.querySelector(LOST)) {
      this.open();
      document.querySelector(`${LOST} button`)?.click();
    } else this.takeFocus();
  }

  async doubt() {
    if (this.panel || this.asking || document.hidden || !document.querySelector(ON_TODAY)) return;
    if (await this.asks()) return;
    // A phone that wakes finds its network in a moment.
    await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
    if (!this.asking && !(await this.asks()) && document.querySelector(ON_TODAY)) this.open();
  }

  // One question at a time: a night of them would all be answered at once.
  async asks() {
    this.asking = true;
    try {
      const signal = AbortSignal.timeout(SILENT_MS);
      return (await fetch("/_stcore/health", { cache: "no-store", signal })).ok;
    } catch { return false; } finally { this.asking = false; }
  }

  open() {
    if (this.panel) return;
    const { words } = this.data;
    this.kept = element("p", { role: "status" });
    this.buttons = LEGS.map((leg) => element("button", { textContent: words[leg], onclick: () => this.toggle(leg) }));
    const row = element("div");
    row.append(...this.buttons);
    const panel = element("section", { className: "hw-offline", ariaLabel: words.title, tabIndex: -1 });
    panel.append(
      element("h2", { textContent: words.title }), element("p", { textContent: words.gone }),
      element("h3", { textContent: words.cramp }), element("p", { textContent: words.lead }),
      row, this.kept, this.signs(),
    );
    this.panel = panel;
    this.draw();
    document.querySelector(".stApp").append(panel);
    // Nothing of it could be used.
    for (const page of document.querySelectorAll(COVERED)) page.inert = true;
    this.takeFocus();
    this.asker = setInterval(() => this.ask(), ASK_EVERY_MS);
  }

  signs() {
    const { words } = this.data;
    const signs = element("details");
    signs.append(element("summary", { textContent: words.signs }));
    for (const group of words.groups) {
      const list = element("ul");
      list.append(...group.signs.map((sign) => element("li", { textContent: sign })));
      const whom = element("p");
      whom.append(element("strong", { textContent: group.whom }));
      signs.append(element("h3", { textContent: group.title }), list, whom);
    }
    for (const [label, href] of words.numbers) signs.append(element("a", { textContent: label, href }));
    return signs;
  }

  // The health address may answer before the page's own connection is back, and what is said to
  // Python in between is lost: so it is said again until Python has run.
  async ask() {
    this.draw(); // another night may have begun
    this.takeFocus();
    if (!this.asking && (await this.asks()) && this.panel) this.ping();
  }

  // Once Streamlit's message, which goes slowly, holds it no longer.
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
    const said = legs.length ? this.data.words.kept[legs.length > 1 ? "both" : legs[0]] : "";
    if (this.kept.textContent !== said) this.kept.textContent = said;
  }

  night() {
    return nightOf(new Date(), this.data.night_from);
  }

  close() {
    if (!this.panel) return;
    clearInterval(this.asker);
    this.panel.remove();
    this.panel = undefined;
    for (const page of document.querySelectorAll(COVERED)) page.inert = false;
  }
}

// Named by the day it began on (domain/dates.py, night_of).
export function nightOf(now, begins) {
  const day = new Date(now);
  if (now.getHours() < begins) day.setDate(day.getDate() - 1);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()]
    .map((part) => String(part).padStart(2, "0")).join("-");
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
