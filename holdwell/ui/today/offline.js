// Today while the app on the user's computer does not answer, asleep at night perhaps: a cramp can
// be noted and the stop signs read. Streamlit's message, which lies over all, is closed.

const LOST = '[role="dialog"]:has([data-testid="stErrorCodeBlock"])';
const SIGNS = "/holdwell/stop-signs";
const ASK_EVERY_MS = 2000;
const LEGS = ["left", "right"];

export class Offline {
  constructor(storage) {
    this.storage = storage;
    new MutationObserver(() => this.look()).observe(document.body, { childList: true, subtree: true });
  }

  // Python has run, so the app answers. `ping` has it run once more.
  answered(data, ping) {
    Object.assign(this, { data, ping });
    this.close();
    if (!this.signs) this.fetchSigns();
  }

  // While they can be had.
  async fetchSigns() {
    try {
      const answer = await fetch(SIGNS);
      if (answer.ok) this.signs = await answer.text();
    } catch { /* asked for again with the next run */ }
  }

  look() {
    const message = document.querySelector(LOST);
    if (!document.querySelector(".st-key-hw-kept-cramps")) this.close();
    else if (message) {
      message.querySelector("button")?.click();
      if (!this.panel) this.open();
    }
  }

  open() {
    const { words } = this.data;
    this.panel = element("section", { className: "hw-offline", ariaLabel: words.title });
    this.kept = element("p", { role: "status" });
    this.buttons = LEGS.map((leg) => element("button", { textContent: words[leg], onclick: () => this.toggle(leg) }));
    const row = element("div");
    row.append(...this.buttons);
    this.panel.append(
      element("h2", { textContent: words.title }), element("p", { textContent: words.gone }),
      element("h3", { textContent: words.cramp }), element("p", { textContent: words.lead }),
      row, this.kept,
    );
    if (this.signs) this.panel.append(this.signsOpened());
    document.querySelector(".stApp").append(this.panel);
    this.draw();
    this.asker = setInterval(() => this.ask(), ASK_EVERY_MS);
  }

  signsOpened() {
    const signs = element("details");
    // The app's own page; only what stands in it is taken over, and the summary has its title.
    const [main] = new DOMParser().parseFromString(this.signs, "text/html").getElementsByTagName("main");
    main.querySelector("h1").remove();
    signs.append(element("summary", { textContent: this.data.words.signs }), ...main.childNodes);
    return signs;
  }

  // The health address may answer before the page's own connection is back, and what is said to
  // Python in between is lost: so it is said again until Python has run.
  async ask() {
    try {
      if ((await fetch("/_stcore/health", { cache: "no-store" })).ok) this.ping();
    } catch { /* still away */ }
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
    this.kept.textContent = legs.length ? this.data.words.kept[legs.length > 1 ? "both" : legs[0]] : "";
  }

  // Named by the day it began on (domain/dates.py, night_of).
  night() {
    const now = new Date();
    if (now.getHours() < this.data.night_from) now.setDate(now.getDate() - 1);
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()]
      .map((part) => String(part).padStart(2, "0")).join("-");
  }

  close() {
    clearInterval(this.asker);
    this.panel?.remove();
    this.panel = undefined;
  }
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
