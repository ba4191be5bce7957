// Whether the app on her computer answers. The timer needs it only to save, so while a routine
// is under way Streamlit's message about it, which would lie over the timer, is closed and a line
// below the count says the same in her words.

const ASK_EVERY_MS = 2000;
const MESSAGE = '[role="dialog"]:has([data-testid="stErrorCodeBlock"])';

class Line {
  constructor(words, active, changed) {
    this.down = false;
    this.active = active;
    this.changed = changed;
    this.watcher = new MutationObserver(() => this.look());
    this.watcher.observe(document.body, { childList: true, subtree: true });
  }

  look() {
    if (!this.active()) return;
    const message = document.querySelector(MESSAGE);
    if (!message) return;
    message.querySelector("button")?.click();
    if (this.down) return;
    this.down = true;
    this.asker = setInterval(() => this.ask(), ASK_EVERY_MS);
    this.changed();
  }

  async ask() {
    try {
      const answer = await fetch("/_stcore/health", { cache: "no-store" });
      if (!answer.ok || !this.down) return;
    } catch { return; }
    this.down = false;
    clearInterval(this.asker);
    this.changed();
  }

  leave() {
    this.watcher.disconnect();
    clearInterval(this.asker);
  }
}
