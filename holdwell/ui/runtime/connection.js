// Whether the app on the user's computer answers. Streamlit's message that it does not, which would
// lie over all, is closed: the page says it in our words until Python has run again.

const ASK_EVERY_MS = 2000;
// A computer that sleeps closes no connection, so only silence tells.
const SILENT_MS = 4000;
const MESSAGE = '[role="dialog"]:has([data-testid="stErrorCodeBlock"])';

export class Connection {
  // `changed` is called when it is lost and when it is back, `speak` to say what Python missed.
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

  // The health address may answer before the page's own connection is back, and what is said to
  // Python in between is lost: so it is said again until Python has run.
  async ask() {
    if (!this.asking && (await this.answers()) && this.lost) this.speak();
  }

  // One question at a time: a night of them would all be answered at once.
  async answers() {
    this.asking = true;
    try {
      const signal = AbortSignal.timeout(SILENT_MS);
      return (await fetch("/_stcore/health", { cache: "no-store", signal })).ok;
    } catch { return false; } finally { this.asking = false; }
  }

  // It may be lost although Streamlit says nothing. A phone that wakes finds its network in a
  // moment, so it is asked twice.
  async isSilent() {
    if (this.lost || this.asking || document.hidden || (await this.answers())) return false;
    await new Promise((done) => setTimeout(done, ASK_EVERY_MS));
    return !this.asking && !(await this.answers());
  }

  // Python has run.
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
