// The voice: which of this device's voices speaks, and how.

// Return the voice for a language tag ("en-GB"), or undefined. Only voices on this device: a remote
// voice would send the words to another host. The region's voice, else one of the language: a voice
// of another language would read the words so that nobody could follow.
export function chooseVoice(voices, language) {
  const local = voices.filter((voice) => voice.localService);
  const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
  const wanted = language.toLowerCase();
  return local.find((voice) => tag(voice) === wanted)
    ?? local.find((voice) => tag(voice).split("-")[0] === wanted.split("-")[0]);
}

export class Voice {
  constructor(language) {
    this.language = language;
    // Some browsers load their voices only once asked for them.
    window.speechSynthesis?.getVoices();
  }

  // Say a text; `volume` in percent. Without a voice of the language nothing is said.
  say(text, volume) {
    const voice = chooseVoice(window.speechSynthesis?.getVoices() ?? [], this.language);
    if (!voice) return;
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, { voice, lang: voice.lang, rate: 0.95, volume: volume / 100 });
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(words);
  }

  hush() { window.speechSynthesis?.cancel(); }
}
