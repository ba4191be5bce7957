// What this browser keeps. In private mode it may refuse: then nothing is kept, and nothing is said.

function attempt(act, otherwise) {
  try { return act(); } catch { return otherwise; }
}

class Kept {
  // `area` returns the browser's storage: to ask for it may be refused too.
  constructor(area) { this.area = area; }

  get(key) { return attempt(() => this.area().getItem(key), null); }
  getJson(key) { return attempt(() => JSON.parse(this.get(key)), null); }

  // Keep a text; without one, keep nothing. Returns whether that was not refused.
  put(key, text) {
    return attempt(() => {
      if (text) this.area().setItem(key, text);
      else this.area().removeItem(key);
      return true;
    }, false);
  }

  // The keys that begin so, without their beginning.
  ends(prefix) {
    const keys = attempt(() => Object.keys(this.area()), []);
    return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }
}

export const local = new Kept(() => localStorage);
export const session = new Kept(() => sessionStorage);

// A switch that stays on this device as it was turned; at first it is `on` or off.
export class KeptSwitch {
  constructor(key, on) {
    this.key = key;
    this.on = (local.get(key) ?? (on ? "1" : "0")) === "1";
  }

  toggle() {
    this.on = !this.on;
    local.put(this.key, this.on ? "1" : "0");
  }
}
