// Notices whether the app on the user's computer answers. Streamlit's own message about that, which
// would cover the page, is closed: the page shows its own until Python has run again.

const ASK_EVERY_MS = 2000;
const MESSAGE = '[role="dialog"]:has([data-testid="stErrorCodeBlock"])';

export class Connection {
  // `changed` is called when the connection is lost and when it is back; `speak` repeats to Python
  // what it has missed.
  constructor(changed, speak) {
    Object.assign(this, { changed, speak, lost: false, asking: false });
    this.watcher = new MutationObserver(() => this.look());
    this.watcher.observe(document.body, { childList: true, subtree: true });
  }

  look() {
    const message = document.querySelector(MESSAGE);
    if (!message) return;
    this.lose();
    message.querySelector("button")?.click();
  }

  lose() {
    if (this.lost) return;
    this.lost = true;
    this.asker = setInterval(() => this.ask(), ASK_EVERY_MS);
    this.changed();
  }

  // The health address may answer before the page's own connection is back, and a message to Python
  // in between is lost. So the message is repeated until Python has run.
  async ask() {
    if (!this.asking && (await this.answers()) && this.lost) this.speak();
  }

  // Only one request at a time: those of a whole night would all be answered at once.
  async answers() {
    this.asking = true;
    try { return await window.__holdwellAnswers(); } finally { this.asking = false; }
  }

  // Whether the app is silent although Streamlit has no message. Asks twice, because a phone that
  // wakes up needs a moment to find its network.
  async isSilent() {
    if (this.lost || this.asking || document.hidden || (await this.answers())) return false;
    await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
    return !this.asking && !(await this.answers());
  }

  // Called when Python has run.
  restored() {
    if (!this.lost) return;
    this.lost = false;
    clearInterval(this.asker);
    this.changed();
  }

  leave() {
    this.watcher.disconnect();
    clearInterval(this.asker);
  }
}
