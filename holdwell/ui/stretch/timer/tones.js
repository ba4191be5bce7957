// The tones, made in the browser by an AudioContext.

const NOTES = {
  // pitch in Hz, start in s, length in s
  ready: [[523, 0, 0.18]],
  begin: [[523, 0, 0.14], [784, 0.15, 0.3]],
  halfway: [[587, 0, 0.18]],
  last: [[660, 0, 0.07]],
  out: [[659, 0, 0.14], [440, 0.15, 0.4]],
  switch: [[784, 0, 0.14], [523, 0.15, 0.32]],
  next: [[784, 0, 0.14], [523, 0.15, 0.14], [659, 0.3, 0.32]],
  slept: [[392, 0, 0.3], [392, 0.45, 0.3]],
  done: [[523, 0, 0.18], [659, 0.18, 0.18], [784, 0.36, 0.5]],
};
// A tone that is later than this would mislead, and is dropped.
const LATE_MS = 1000;
// A tone too low and too soft to hear keeps a Bluetooth speaker awake: one that sleeps would swallow
// the first half second, and so a whole beep.
const UNHEARD_HZ = 30;
const UNHEARD_GAIN = 0.001;
const WAKES_MS = 800;
const LAST_TONE_MS = 3000;

export class Tones {
  constructor() {
    this.context = null;
    this.unheard = null;
    this.awakeAt = 0; // when the speaker is awake, on performance.now()
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.resume();
    });
  }

  // Allow sound. Browsers do so only in a tap, in which this is called.
  unlock() {
    clearTimeout(this.resting);
    // An iPhone that is switched to silent plays only media.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    // After a screen lock, a call or Siri a context may never resume; a new one runs.
    if (this.context && this.context.state !== "running") this.close();
    if (!this.context) this.open();
    this.resume();
    if (!this.context || this.unheard) return;
    this.unheard = this.sound(UNHEARD_HZ, UNHEARD_GAIN, this.context.currentTime);
    this.awakeAt = performance.now() + WAKES_MS;
  }

  // Whether this browser makes no tones.
  get missing() { return !this.maker; }
  get maker() { return window.AudioContext ?? window.webkitAudioContext; }

  open() {
    if (this.missing) return;
    const context = new this.maker();
    context.addEventListener?.("statechange", () => { if (context === this.context) this.resume(); });
    this.context = context;
  }

  // Resume a context that is "suspended" or, in WebKit, "interrupted". If it refuses, the next tap
  // makes a new one.
  async resume() {
    if (!this.context || this.context.state === "running") return;
    try { await this.context.resume(); } catch { /* not now */ }
  }

  // Play the notes of a cue; `volume` in percent.
  async play(name, volume) {
    const { context } = this;
    if (!context || volume <= 0) return;
    if (context.state !== "running") {
      const due = performance.now();
      await this.resume();
      if (context !== this.context || performance.now() - due > LATE_MS) return;
    }
    try {
      for (const [pitch, after, lasts] of NOTES[name]) {
        this.sound(pitch, 0.4 * volume / 100, context.currentTime + after, lasts);
      }
    } catch { /* the system closed the context; the next tap makes a new one */ }
  }

  // Sound a pitch (Hz) from a time of the context on; without a length it does not end.
  sound(pitch, loudness, at, lasts = null) {
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(loudness, at + 0.02);
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start(at);
    if (lasts !== null) {
      gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts);
      oscillator.stop(at + lasts + 0.05);
    }
    return oscillator;
  }

  // The routine is over, or runs in another tab: after the last tone, let the speaker sleep and let
  // the silent switch of the phone apply again.
  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.unheard?.stop();
      this.unheard = null;
      if (navigator.audioSession) navigator.audioSession.type = "auto";
    }, LAST_TONE_MS);
  }

  close() {
    this.context.close?.()?.catch(() => {});
    this.context = null;
    this.unheard = null;
  }
}
