// What the user hears and feels: tones, a voice of this device, vibration. Every cue has a name. A
// cue that the user switched off makes no sound; its words stay on the screen. A browser may refuse
// any sound with an error (no loudspeaker, a voice that is gone), and the timer goes on.

import { Tones } from "./tones.js";
import { Voice } from "./voice.js";

// Lengths in ms of vibration, pause, vibration..., to be told apart with the phone two metres away.
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

  // Take over the saved switches: all, or only those saved differently since the last call, because
  // a switch that was just changed here is not saved yet.
  adopt({ quiet, language, ...given }, all) {
    for (const [field, value] of Object.entries(given)) {
      if (all || value !== this.given[field]) this[field] = value;
    }
    this.given = given;
    this.quiet = new Set(quiet);
  }

  // Whether this browser lacks one of the kinds: tones, voice or vibration.
  lacks(kind) {
    if (kind === "voice") return this.speaker.missing;
    return kind === "tones" ? this.player.missing : !navigator.vibrate;
  }

  // Whether the silent switch of the phone mutes the tones: so it does on an iPhone whose browser
  // has no `audioSession` to mark them as media. Only iPhones and iPads support this CSS property.
  get silenced() {
    return this.tones && !navigator.audioSession
      && window.CSS?.supports?.("-webkit-touch-callout", "none") === true;
  }

  // Whether words are being said.
  get speaking() { return this.speaker.speaking; }

  // Allow sound. To be called in a tap, as the buttons to begin and to resume do.
  unlock() {
    if (this.volume <= 0 || !(this.tones || this.voice)) return;
    attempt(() => this.player.unlock());
    if (this.voice) attempt(() => this.speaker.unlock());
  }

  // Give a cue: its tone, vibration and words. A `ticking` cue is only a tone.
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

  // Let the user hear the volume just chosen. To be called in a tap.
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
