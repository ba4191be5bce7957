// Whether the app on her computer answers. The timer needs it only to save, so Streamlit's message
// about it, which would lie over the timer, is closed, and a line below the count says it in our
// words until Python has run again.

const ASK_EVERY_MS = 2000;
const MESSAGE = '[role="dialog"]:has([data-testid="stErrorCodeBlock"])';

class Line {
  // `changed` is called when it goes down and comes back, `speak` to say what Python missed.
  constructor(changed, speak) {
    this.down = false;
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
    if (this.down) return;
    this.down = true;
    this.asker = setInterval(() => this.ask(), ASK_EVERY_MS);
    this.changed();
  }

  // The health address may answer before the page's own connection is back, and what is said to
  // Python in between is lost: so it is said again until Python has been heard.
  async ask() {
    try {
      const answer = await fetch("/_stcore/health", { cache: "no-store" });
      if (answer.ok && this.down) this.speak();
    } catch { /* still gone */ }
  }

  // Python has run and drawn the timer again.
  heard() {
    if (!this.down) return;
    this.down = false;
    clearInterval(this.asker);
    this.changed();
  }

  leave() {
    this.watcher.disconnect();
    clearInterval(this.asker);
  }
}
