// Stand-ins for what headless Chromium lacks: voices, a speaker, vibration and a screen lock.
// Each records what it was asked for in window.heard.
window.heard = { cues: [], words: [], tones: [], buzzes: [], locks: [] };
document.addEventListener("holdwell-cue", ({ detail }) =>
  window.heard.cues.push([detail.ticking ? "tick" : detail.name, performance.now()]));

const voices = [
  { name: "Far", voiceURI: "far", lang: "en-GB", localService: false },
  { name: "Near", voiceURI: "near", lang: "en-GB", localService: true },
  { name: "Albert", voiceURI: "albert", lang: "en-GB", localService: true },
];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices,
  speak: (said) => { if (said.text) window.heard.words.push([said.voice.name, said.text, said.volume]); },
  cancel: () => {},
} });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };

window.AudioContext = class {
  currentTime = 0;
  state = "running";
  destination = {};
  resume() {}
  createGain() {
    const ramp = { setValueAtTime() {}, exponentialRampToValueAtTime: (to) => { if (to > 0.001) window.heard.tones.push(to); } };
    return { gain: ramp, connect: (next) => next };
  }
  createOscillator() { return { frequency: {}, connect: (next) => next, start() {}, stop() {} }; }
};

navigator.vibrate = (pattern) => { if (pattern) window.heard.buzzes.push(pattern); return true; };

Object.defineProperty(navigator, "wakeLock", { value: {
  request: async () => {
    window.heard.locks.push("taken");
    const lock = new EventTarget();
    lock.release = async () => {
      window.heard.locks.push("given");
      lock.dispatchEvent(new Event("release"));
    };
    window.lastLock = lock;
    return lock;
  },
} });
