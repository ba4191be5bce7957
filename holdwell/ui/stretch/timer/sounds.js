// What the user hears and feels: tones, a voice of this device, a buzz. Every cue has a name, and
// a cue that the user has silenced makes no sound at all; its words stay on the screen.

import { Tones } from "./tones.js";
import { Voice } from "./voice.js";

// Lengths in ms of buzz, silence, buzz: to be told apart with the phone two metres away.
const BUZZES = {
  ready: [120], begin: [250], halfway: [80], switch: [120, 100, 120], next: [120, 100, 120, 100, 120],
  done: [300, 120, 300],
};

export class Sounds {
  // `tones`, `voice` and `vibration` are switches, `volume` is in percent.
  constructor({ tones, voice, vibration, volume, quiet, language }) {
    Object.assign(this, { tones, voice, vibration, volume });
    this.quiet = new Set(quiet);
    this.player = new Tones();
    this.speaker = new Voice(language);
  }

  // Call this in a tap, as the buttons to begin and to go on do.
  unlock() { this.player.unlock(); }

  // Give one cue: its tone and buzz, and the words for it. A `ticking` cue is a tone alone.
  cue(name, words = "", ticking = false) {
    document.dispatchEvent(new CustomEvent("holdwell-cue", { detail: { name, words, ticking } }));
    if (this.quiet.has(name)) return;
    if (this.tones) this.player.play(ticking ? "last" : name, this.volume);
    if (this.vibration && !ticking && BUZZES[name]) navigator.vibrate?.(BUZZES[name]);
    if (words && this.voice && this.volume > 0) this.speaker.say(words, this.volume);
  }

  // Let the user hear a volume that was just chosen.
  sample() {
    this.unlock();
    if (this.tones) this.player.play("halfway", this.volume);
  }

  hush() { this.speaker.hush(); navigator.vibrate?.(0); }
}
