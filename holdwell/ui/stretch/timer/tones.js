// The tones, made in the browser by an AudioContext.

const NOTES = {
  // pitch in Hz, after seconds, lasting seconds
  ready: [[523, 0, 0.18]],
  begin: [[523, 0, 0.14], [784, 0.15, 0.3]],
  halfway: [[587, 0, 0.18]],
  last: [[660, 0, 0.07]],
  switch: [[784, 0, 0.14], [523, 0.15, 0.32]],
  next: [[784, 0, 0.14], [523, 0.15, 0.14], [659, 0.3, 0.32]],
  done: [[523, 0, 0.18], [659, 0.18, 0.18], [784, 0.36, 0.5]],
};

export class Tones {
  constructor() { this.context = null; }

  // Browsers allow sound only after a tap, so this is called in one.
  unlock() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!this.context && Context) this.context = new Context();
    this.context?.resume?.();
  }

  // Play the notes of a cue; `volume` in percent.
  play(name, volume) {
    if (!this.context || volume <= 0) return;
    for (const [pitch, after, lasts] of NOTES[name]) {
      const at = this.context.currentTime + after;
      const oscillator = this.context.createOscillator();
      const gain = this.context.createGain();
      oscillator.frequency.value = pitch;
      gain.gain.setValueAtTime(0.0001, at);
      gain.gain.exponentialRampToValueAtTime(0.4 * volume / 100, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts);
      oscillator.connect(gain).connect(this.context.destination);
      oscillator.start(at);
      oscillator.stop(at + lasts + 0.05);
    }
  }
}
