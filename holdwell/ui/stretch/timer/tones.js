// The tones, made in the browser by an AudioContext.

const NOTES = {
  // pitch in Hz, after seconds, lasting seconds
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
// A tone that would be later than this says the wrong thing.
const LATE_MS = 1000;
// Too low and too soft to be heard, and enough for a Bluetooth speaker to wake up and stay awake:
// one that sleeps swallows the first half second, which is all of a beep.
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

  // Begin to make sound. Browsers allow it only in a tap, where this is called.
  unlock() {
    clearTimeout(this.resting);
    // An iPhone that is switched to silent plays media, and no other sound.
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    // After a lock, a call or Siri a context may never resume; one made in a tap always runs.
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

  // Bring the context back from "suspended", and from WebKit's "interrupted"; one that refuses is
  // made again by the next tap.
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
    } catch { /* a context that the system has closed; the next tap makes another */ }
  }

  // Sound a pitch (Hz) at a time of the context; without a length it goes on.
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

  // The routine is over, or somewhere else: once the last tone has sounded, let the speaker sleep
  // and the phone be as silent as it is set.
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
