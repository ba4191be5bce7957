// Keeps the screen on while a routine runs. The browser takes the lock away whenever the tab is
// hidden, so it is asked for again when the tab is back.

export class ScreenLock {
  constructor() {
    this.wanted = false;
    this.lock = null;
    this.asking = false;
    document.addEventListener("visibilitychange", () => this.take());
  }

  static get possible() { return Boolean(navigator.wakeLock?.request); }

  want(wanted) {
    this.wanted = wanted;
    if (wanted) this.take();
    else this.release();
  }

  async take() {
    if (!this.wanted || this.lock || this.asking || document.visibilityState !== "visible") return;
    this.asking = true;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { if (this.lock === lock) this.lock = null; });
      this.lock = lock;
    } catch { /* no battery left, or not allowed: the routine runs all the same */ }
    this.asking = false;
    if (!this.wanted) this.release();
  }

  release() {
    this.lock?.release().catch(() => {});
    this.lock = null;
  }
}
