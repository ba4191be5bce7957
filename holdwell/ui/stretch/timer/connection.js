// Whether the app on the user's computer answers. The timer needs it only to save, so Streamlit's
// message about it, which would lie over the timer, is closed, and a line below the count says it
// in our words until Python has run again.

const ASK_EVERY_MS = 2000;
const MESSAGE = '[role="dialog"]:has([data-testid="stErrorCodeBlock"])';

export class Connection {
  // `changed` is called when it is lost and when it is back, `speak` to say what Python missed.
  constructor(changed, speak) {
    this.lost = false;
    this.changed = changed;
    this.speak = speak;
    this.watcher = new MutationObserver(() => this.look());
    this.watcher.observe(document.body, { childList: true, subtree: true });
    this.look();
  }

  look() {
    const message = document.querySelector(MESSAGE);
    if (!message) return;
    message.querySelector("button")?.click();
    if (this.lost) return;
    this.lost = true;
    this.asker = setInterval(() => this.ask(), ASK_EVERY_MS);
    this.changed();
  }

  // The health address may answer before the page's own connection is back, and what is said to
  // Python in between is lost: so it is said again until Python has run.
  async ask() {
    try {
      const answer = await fetch("/_stcore/health", { cache: "no-store" });
      if (answer.ok && this.lost) this.speak();
    } catch { /* still gone */ }
  }

  // Python has run and drawn the timer again.
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
