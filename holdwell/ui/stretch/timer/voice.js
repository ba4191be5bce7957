// The voice: which of this device's voices speaks, and when it has ended.

import { local } from "../../runtime/browser_storage.js";

const CHOICE = "holdwell.voice.";
// A browser may load its voices a moment after it was asked for them.
const LOADING_MS = 2000;
const RATE = 0.95;
// An iPhone or a Mac lists these beside its good voices: the jokes and old robots of MacinTalk, and
// the eight of Eloquence. The names are the same in every language.
const ODD = new Set([
  "Albert", "Bad News", "Bahh", "Bells", "Boing", "Bubbles", "Cellos", "Deranged", "Fred",
  "Good News", "Hysterical", "Jester", "Junior", "Kathy", "Organ", "Pipe Organ", "Princess",
  "Ralph", "Superstar", "Trinoids", "Whisper", "Wobble", "Zarvox",
  "Eddy", "Flo", "Grandma", "Grandpa", "Reed", "Rocko", "Sandy", "Shelley",
]);

function isOdd(voice) {
  return ODD.has(voice.name.split(" (")[0]) || voice.voiceURI?.includes(".eloquence.") === true;
}

// Return the voices of a language ("en-GB") to choose from, the best first. Only voices on this
// device: a remote voice would send the words to another host. Only of the language: nobody could
// follow the words in another. Odd ones only where there are no others.
export function voicesFor(all, language) {
  const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
  const wanted = language.toLowerCase();
  const fit = all.filter((v) => v.localService && tag(v).split("-")[0] === wanted.split("-")[0]);
  const plain = fit.filter((voice) => !isOdd(voice));
  const found = plain.length > 0 ? plain : fit;
  // The user may have chosen the system's default; where all are said to be it, their tags decide.
  const rank = (voice) => (voice.default ? 0 : 2) + (tag(voice) === wanted ? 0 : 1);
  return [...found].sort((one, other) => rank(one) - rank(other));
}

export class Voice {
  // `changed` is called when the voices of this device are known, or others.
  constructor(language, changed) {
    this.language = language;
    this.words = null; // what is being said, kept so that a browser does not forget to end it
    this.loading = true;
    this.load = () => { this.loading = false; changed(); };
    this.synth?.addEventListener?.("voiceschanged", this.load);
    setTimeout(this.load, LOADING_MS);
  }

  get synth() { return window.speechSynthesis; }
  get choices() { return voicesFor(this.synth?.getVoices() ?? [], this.language); }
  get chosen() {
    const choices = this.choices;
    const uri = local.get(CHOICE + this.language);
    return choices.find((voice) => voice.voiceURI === uri) ?? choices[0];
  }
  // Whether it is known that this device has no voice of the language.
  get missing() { return !this.chosen && (!this.synth || !this.loading); }
  // Whether something is being said. Not every browser tells when it has ended, so it is asked too.
  get speaking() { return this.words !== null && (this.synth.speaking || this.synth.pending); }

  choose(uri) { local.put(CHOICE + this.language, uri); }

  // Some browsers speak only once they have been asked to in a tap, where this is called.
  unlock() {
    if (!this.synth || this.speaking) return;
    this.synth.resume?.();
    this.synth.speak(new SpeechSynthesisUtterance(""));
  }

  // Say a text; `volume` in percent. What was being said is broken off.
  say(text, volume) {
    const voice = this.chosen;
    if (!voice) return;
    this.hush();
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, { voice, lang: voice.lang, rate: RATE, volume: volume / 100 });
    words.onend = words.onerror = () => { if (this.words === words) this.words = null; };
    this.words = words;
    this.synth.speak(words);
  }

  // Some browsers swallow the next words after a cancel when nothing is being said.
  hush() {
    if (this.speaking) this.synth.cancel();
    this.words = null;
  }
}
