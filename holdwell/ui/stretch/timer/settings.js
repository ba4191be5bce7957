// The sound settings of the timer, shown before it begins and in a pause: switches, voice, volume.

import { button, make } from "../../runtime/elements.js";

export class Settings {
  // `prefer` is called when a setting changed that Python saves.
  constructor(parent, { sounds, breathing, holds }, words, prefer) {
    Object.assign(this, { sounds, breathing, words, prefer });
    const toggles = make("div", "hw-row hw-toggles", parent);
    this.switches = [
      { field: "tones", word: words.sound, lacking: words.no_sound },
      { field: "voice", word: words.voice, lacking: words.no_voice },
      { field: "vibration", word: words.vibration, lacking: words.no_vibration },
    ];
    for (const kind of this.switches) kind.node = button("hw-quiet", toggles, "", () => this.turn(kind.field));
    this.buildVoices(parent, `${holds[0].name}. ${holds[0].side_text}.`);
    const row = make("div", "hw-row hw-level", parent);
    this.buildVolume(row);
    this.breath = button("hw-quiet", row, words.breathing, () => {
      breathing.toggle();
      this.draw();
    });
    this.draw();
  }

  turn(field) {
    const { sounds } = this;
    sounds[field] = !sounds[field];
    if (!sounds[field]) sounds.hush();
    this.draw();
    this.prefer();
  }

  // The voices of this device to choose from. The chosen one says the first position as a sample.
  buildVoices(parent, sample) {
    this.voices = make("label", "hw-voices", parent);
    make("span", "", this.voices, this.words.which_voice);
    this.select = make("select", "", this.voices);
    this.select.setAttribute("aria-label", this.words.which_voice);
    this.select.addEventListener("change", () => {
      this.sounds.speaker.choose(this.select.value);
      this.sounds.unlock();
      this.sounds.say(sample);
    });
  }

  buildVolume(parent) {
    const { sounds } = this;
    const label = make("label", "hw-volume", parent);
    make("span", "", label, this.words.volume);
    const range = this.range = make("input", "", label);
    Object.assign(range, { type: "range", min: 0, max: 100, step: 10 });
    range.addEventListener("input", () => { sounds.volume = Number(range.value); });
    range.addEventListener("change", () => {
      sounds.sample();
      this.prefer();
    });
  }

  // Show what this browser can do; a switch that it lacks is disabled and says so. The voices are
  // read again each time, as a browser may load them late, or have none.
  draw() {
    for (const { field, word, lacking, node } of this.switches) {
      const lacks = this.sounds.lacks(field);
      node.disabled = lacks;
      node.textContent = lacks ? lacking : word;
      node.setAttribute("aria-pressed", String(this.sounds[field] && !lacks));
    }
    this.breath.setAttribute("aria-pressed", String(this.breathing.on));
    this.range.value = this.sounds.volume;
    const { choices, chosen } = this.sounds.speaker;
    this.voices.hidden = choices.length < 2 || !this.sounds.voice;
    const shown = choices.map((voice) => voice.voiceURI).join();
    if (this.shown !== shown) {
      this.shown = shown;
      this.select.replaceChildren();
      for (const voice of choices) make("option", "", this.select, voice.name).value = voice.voiceURI;
    }
    if (chosen) this.select.value = chosen.voiceURI;
  }
}
