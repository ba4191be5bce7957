// Keeps the screen on while a routine runs: by the browser's wake lock, or by an invisible video
// where there is none (it needs https or localhost, and a phone at home has plain http).
//
// The video keeps the screen on only with sound that is not muted (WebKit and Gecko), without the
// `loop` attribute (WebKit), and in the page (all). So it has a silent sound track and repeats by
// seeking. WebKit allows both ways only in a tap, so `want` is called in one. (See WebKit's
// HTMLMediaElement::shouldDisableSleep, Blink's VideoWakeLock::ShouldBeActive and Gecko's
// HTMLVideoElement::ShouldCreateVideoWakeLock.)

import { AWAKE_VIDEO } from "./awake_video.js";

// The video lasts twenty seconds, and a browser may report its position late.
const BACK_AFTER_S = 10;
// A lock or video that the system takes away sooner than this would be taken away again.
const TAKEN_BACK_MS = 1000;

export class ScreenLock {
  // `changed` is called when `mayGoDark` has changed.
  constructor(changed) {
    this.changed = changed;
    this.wanted = false;
    this.lock = null;
    this.video = null;
    this.asking = false;
    this.mayGoDark = false;
    document.addEventListener("visibilitychange", () => this.take());
  }

  want(wanted) {
    this.wanted = wanted;
    if (wanted) this.take();
    else this.release();
  }

  // The browser releases the lock and pauses the video whenever the tab is hidden, and the system
  // may do so for a low battery, a call or Siri. This takes them again.
  async take() {
    if (!this.wanted || this.lock || this.asking || document.visibilityState !== "visible") return;
    this.asking = true;
    // Without a wake lock the video starts at once, while the tap still counts.
    const dark = !(navigator.wakeLock && await this.takeLock() || await this.playVideo());
    this.asking = false;
    if (!this.wanted) this.release();
    else this.say(dark);
  }

  async takeLock() {
    try {
      const lock = await navigator.wakeLock.request("screen");
      const since = performance.now();
      lock.addEventListener("release", () => {
        if (this.lock !== lock) return;
        this.lock = null;
        this.takenAway(since);
      });
      this.lock = lock;
      return true;
    } catch { return false; } // low battery, or not allowed
  }

  async playVideo() {
    this.video ??= this.makeVideo();
    try {
      await this.video.play();
      this.playedAt = performance.now();
      return true;
    } catch { return false; }
  }

  makeVideo() {
    const video = document.createElement("video");
    Object.assign(video, { src: AWAKE_VIDEO, playsInline: true, disableRemotePlayback: true });
    video.setAttribute("playsinline", "");
    video.setAttribute("aria-hidden", "true");
    Object.assign(video.style, {
      position: "fixed", bottom: "0", left: "0", width: "2px", height: "2px", opacity: "0.01",
      pointerEvents: "none",
    });
    video.addEventListener("timeupdate", () => {
      if (video.currentTime > BACK_AFTER_S) video.currentTime = 0;
    });
    // Also fired at the end of the video.
    video.addEventListener("pause", () => { if (this.video === video) this.takenAway(this.playedAt); });
    document.body.append(video);
    return video;
  }

  takenAway(since) {
    if (performance.now() - since > TAKEN_BACK_MS) this.take();
    else if (this.wanted && document.visibilityState === "visible") this.say(true);
  }

  say(dark) {
    if (dark === this.mayGoDark) return;
    this.mayGoDark = dark;
    this.changed();
  }

  release() {
    const { lock, video } = this;
    this.lock = this.video = null;
    lock?.release().catch(() => {});
    video?.pause();
    video?.remove(); // or a phone's lock screen would go on showing a player
  }
}
