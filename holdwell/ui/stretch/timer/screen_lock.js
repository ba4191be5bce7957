// Keeps the screen on while a routine runs: by the browser's own screen lock, or, where there is
// none (it exists over https and on localhost only, and a phone at home has plain http), by a
// video that plays unseen.
//
// What the engines want of such a video, or the screen goes dark all the same: sound that is not
// muted (WebKit and Gecko), no `loop` attribute (WebKit), a place in the page (all). So it has a
// silent track and goes round by seeking. WebKit grants both ways in a tap only, so `want` is
// called in one. (WebKit's HTMLMediaElement::shouldDisableSleep, Blink's
// VideoWakeLock::ShouldBeActive, Gecko's HTMLVideoElement::ShouldCreateVideoWakeLock.)

import { AWAKE_VIDEO } from "./awake_video.js";

// The video has twenty seconds; a browser may be late to say how far it is.
const BACK_AFTER_S = 10;
// What the system takes away sooner than this it would take away again.
const TAKEN_BACK_MS = 1000;

export class ScreenLock {
  // `changed` is called when it turns out that the screen may go dark, or no longer may.
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

  // The browser takes a lock away and stops a video whenever the tab is hidden: when it is back,
  // this asks again. So it does when the system does that for a low battery, a call or Siri.
  async take() {
    if (!this.wanted || this.lock || this.asking || document.visibilityState !== "visible") return;
    this.asking = true;
    // Without a lock the video is played at once, while the tap still counts.
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
    } catch { return false; } // a battery that is low, or not allowed
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
    // Also at its end.
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
    video?.remove(); // else a phone's lock screen goes on showing a player
  }
}
