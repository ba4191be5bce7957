// The browser's storage. In private mode it may be refused; then nothing is stored, without a
// message.

function attempt(act, otherwise) {
  try { return act(); } catch { return otherwise; }
}

class Kept {
  // `area` returns the storage; even getting it may be refused.
  constructor(area) { this.area = area; }

  get(key) { return attempt(() => this.area().getItem(key), null); }
  getJson(key) { return attempt(() => JSON.parse(this.get(key)), null); }

  // Store a text, or delete it if it is empty or missing; return whether that was allowed.
  put(key, text) {
    return attempt(() => {
      if (text) this.area().setItem(key, text);
      else this.area().removeItem(key);
      return true;
    }, false);
  }

  // Return the rest of each key that begins with the prefix.
  ends(prefix) {
    const keys = attempt(() => Object.keys(this.area()), []);
    return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }
}

export const local = new Kept(() => localStorage);
export const session = new Kept(() => sessionStorage);

// A switch whose position is stored on this device; `on` is its position until the user changes it.
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
