// The breath in a hold: what is said of it, and whether the panel swells with it (timer.css).
// Turned off, it stays so on this device.

import { KeptSwitch } from "../../runtime/browser_storage.js";

// It is spoken of this long after the beginning and after the middle of a hold, if there is room
// for the words before the last seconds.
const AFTER_MS = 2_000;
const WORDS_MS = 3_000;

export class Breathing extends KeptSwitch {
  constructor() { super("holdwell.breathing", true); }

  // Return whether to speak of it now, `elapsed` ms into a hold of `target` ms whose last `last` ms
  // are for other words. `said` remembers what was spoken of, or came too late.
  due(elapsed, target, last, said) {
    let due = false;
    for (const [name, from] of [["breathe", 0], ["breathe-again", target / 2]]) {
      const at = from + AFTER_MS;
      if (elapsed < at || said.has(name)) continue;
      said.add(name);
      due = elapsed < at + AFTER_MS && at + WORDS_MS <= target - last;
    }
    return this.on && due;
  }
}
