// The voice: which voice of this device speaks, and whether it is speaking.

import { local } from "../../runtime/browser_storage.js";

const CHOICE = "holdwell.voice.";
// A browser may load its voices a moment after they are first requested.
const LOADING_MS = 2000;
const RATE = 0.95;
// An iPhone or a Mac lists these among its good voices: the joke and robot voices of MacinTalk, and
// the eight of Eloquence. Their names are the same in every language.
const ODD = new Set([
  "Albert", "Bad News", "Bahh", "Bells", "Boing", "Bubbles", "Cellos", "Deranged", "Fred",
  "Good News", "Hysterical", "Jester", "Junior", "Kathy", "Organ", "Pipe Organ", "Princess",
  "Ralph", "Superstar", "Trinoids", "Whisper", "Wobble", "Zarvox",
  "Eddy", "Flo", "Grandma", "Grandpa", "Reed", "Rocko", "Sandy", "Shelley",
]);

function isOdd(voice) {
  return ODD.has(voice.name.split(" (")[0]) || voice.voiceURI?.includes(".eloquence.") === true;
}

// Return the voices for a language ("en-GB") to choose from, the best first. Only voices on this
// device, as a remote voice would send the words to another host, and only of the language, as
// others would not be understood. Odd voices are offered only if there are no others.
export function voicesFor(all, language) {
  const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
  const wanted = language.toLowerCase();
  const fit = all.filter((v) => v.localService && tag(v).split("-")[0] === wanted.split("-")[0]);
  const plain = fit.filter((voice) => !isOdd(voice));
  const found = plain.length > 0 ? plain : fit;
  // The default voice may be the user's choice; if all are marked as default, their tags decide.
  const rank = (voice) => (voice.default ? 0 : 2) + (tag(voice) === wanted ? 0 : 1);
  return [...found].sort((one, other) => rank(one) - rank(other));
}

export class Voice {
  // `changed` is called when the voices of this device are known or have changed.
  constructor(language, changed) {
    this.language = language;
    this.words = null; // the utterance; without a reference a browser may never report its end
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
  // Whether something is being said. Not every browser reports the end, so it is also asked.
  get speaking() { return this.words !== null && (this.synth.speaking || this.synth.pending); }

  choose(uri) { local.put(CHOICE + this.language, uri); }

  // Some browsers speak only after a first call in a tap, in which this is called.
  unlock() {
    if (!this.synth || this.speaking) return;
    this.synth.resume?.();
    this.synth.speak(new SpeechSynthesisUtterance(""));
  }

  // Say a text and break off the last one; `volume` in percent.
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

  // After a cancel while nothing is being said, some browsers swallow the next words.
  hush() {
    if (this.speaking) this.synth.cancel();
    this.words = null;
  }
}
