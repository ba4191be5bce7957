// What she hears and feels: tones, a voice of this device, a buzz. Every cue has a name, and a
// cue she has silenced makes no sound at all; the words stay on the screen.

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
// Lengths in ms of buzz, silence, buzz: to be told apart with the phone two metres away.
const BUZZES = {
  ready: [120], begin: [250], halfway: [80], switch: [120, 100, 120], next: [120, 100, 120, 100, 120],
  done: [300, 120, 300],
};

class Sounds {
  constructor({ tones, voice, vibration, volume, quiet, language }) {
    Object.assign(this, { tones, voice, vibration, volume, language });
    this.quiet = new Set(quiet);
    this.context = null;
    // Some browsers load their voices only once asked for them.
    window.speechSynthesis?.getVoices();
  }

  // Browsers allow sound only after a tap, so this is called from the Begin and Go on buttons.
  unlock() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!this.context && Context) this.context = new Context();
    this.context?.resume?.();
  }

  // One cue: its tone and buzz, and the words for it. `ticking` is a tone alone.
  cue(name, words = "", ticking = false) {
    document.dispatchEvent(new CustomEvent("holdwell-cue", { detail: { name, words, ticking } }));
    if (this.quiet.has(name)) return;
    if (this.tones) for (const note of NOTES[ticking ? "last" : name]) this.tone(...note);
    if (this.vibration && !ticking && BUZZES[name]) navigator.vibrate?.(BUZZES[name]);
    if (words) this.say(words);
  }

  tone(pitch, after, lasts) {
    if (!this.context || this.volume <= 0) return;
    const at = this.context.currentTime + after;
    const oscillator = this.context.createOscillator();
    const gain = this.context.createGain();
    oscillator.frequency.value = pitch;
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(0.4 * this.volume / 100, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + lasts);
    oscillator.connect(gain).connect(this.context.destination);
    oscillator.start(at);
    oscillator.stop(at + lasts + 0.05);
  }

  say(text) {
    const synth = window.speechSynthesis;
    if (!this.voice || this.volume <= 0 || !synth) return;
    // Only voices on this device: a remote voice would send the words to another host.
    const local = synth.getVoices().filter((v) => v.localService);
    // Her region's voice, else one of her language. A voice of another language would read the
    // words so that nobody could follow: then the timer stays silent.
    const tag = (v) => v.lang.toLowerCase().replace("_", "-");
    const wanted = this.language.toLowerCase();
    const voice = local.find((v) => tag(v) === wanted)
      ?? local.find((v) => tag(v).split("-")[0] === wanted.split("-")[0]);
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.95;
    words.volume = this.volume / 100;
    synth.cancel();
    synth.speak(words);
  }

  hush() { window.speechSynthesis?.cancel(); navigator.vibrate?.(0); }
}
