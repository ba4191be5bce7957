// What the user hears and feels: tones, a voice of this device, a buzz. Every cue has a name, and
// a cue that the user has silenced makes no sound at all; its words stay on the screen. A browser
// may refuse any of it with an error (no loudspeaker, a voice that has gone): the clock goes on.

import { Tones } from "./tones.js";
import { Voice } from "./voice.js";

// Lengths in ms of buzz, silence, buzz: to be told apart with the phone two metres away.
const BUZZES = {
  ready: [120], begin: [250], halfway: [80], out: [200, 100, 80], switch: [120, 100, 120], next: [120, 100, 120, 100, 120],
  slept: [500], done: [300, 120, 300],
};

function attempt(act) {
  try { act(); } catch { /* not heard */ }
}

export class Sounds {
  // `tones`, `voice` and `vibration` are switches, `volume` is in percent; `changed` is called when
  // the voices of this device change.
  constructor({ quiet, language, ...given }, changed) {
    Object.assign(this, given, { given });
    this.quiet = new Set(quiet);
    this.later = []; // timers of sounds for which the speaker wakes up
    this.player = new Tones();
    this.speaker = new Voice(language, changed);
  }

  // Take over the switches as they are saved: all of them, or those that were not so before, for
  // what was switched here a moment ago is not saved yet.
  adopt({ quiet, language, ...given }, all) {
    for (const [field, value] of Object.entries(given)) {
      if (all || value !== this.given[field]) this[field] = value;
    }
    this.given = given;
    this.quiet = new Set(quiet);
  }

  // Whether this browser cannot do one of the kinds: tones, voice or vibration.
  lacks(kind) {
    if (kind === "voice") return this.speaker.missing;
    return kind === "tones" ? this.player.missing : !navigator.vibrate;
  }

  // Whether a phone that is switched to silent stays so: an iPhone whose browser cannot be told that
  // this is media. Only browsers of iPhones and iPads know the property by which it is found.
  get silenced() {
    return this.tones && !navigator.audioSession
      && window.CSS?.supports?.("-webkit-touch-callout", "none") === true;
  }

  // Whether words are being said.
  get speaking() { return this.speaker.speaking; }

  // Call this in a tap, as the buttons to begin and to go on do.
  unlock() {
    if (this.volume <= 0 || !(this.tones || this.voice)) return;
    attempt(() => this.player.unlock());
    if (this.voice) attempt(() => this.speaker.unlock());
  }

  // Give one cue: its tone and buzz, and the words for it. A `ticking` cue is a tone alone.
  cue(name, words = "", ticking = false) {
    document.dispatchEvent(new CustomEvent("holdwell-cue", { detail: { name, words, ticking } }));
    if (this.quiet.has(name)) return;
    this.play(ticking ? "last" : name);
    if (this.vibration && !ticking && BUZZES[name]) attempt(() => navigator.vibrate?.(BUZZES[name]));
    if (words) this.say(words);
  }

  play(name) {
    if (this.tones) this.whenAwake(() => this.player.play(name, this.volume));
  }

  say(words) {
    if (words && this.voice && this.volume > 0) this.whenAwake(() => this.speaker.say(words, this.volume));
  }

  whenAwake(act) {
    const wait = this.player.awakeAt - performance.now();
    if (wait > 0) this.later.push(setTimeout(() => attempt(act), wait));
    else attempt(act);
  }

  // Let the user hear a volume that was just chosen. Call it in a tap.
  sample() {
    this.unlock();
    this.play("halfway");
  }

  hush() {
    this.later.forEach((timer) => clearTimeout(timer));
    this.later = [];
    attempt(() => this.speaker.hush());
    attempt(() => navigator.vibrate?.(0));
  }

  // The routine is over: let the speaker sleep.
  rest() { this.player.rest(); }
}
