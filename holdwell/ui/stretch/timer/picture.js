// A drawing in the timer: still, or moving into the pose where there is such a drawing and the user
// has not asked for less movement.

import { make } from "../../runtime/elements.js";

const STILL = window.matchMedia?.("(prefers-reduced-motion: reduce)");

export class Picture {
  constructor(parent) {
    this.box = make("div", "hw-picture", parent);
    this.box.setAttribute("role", "img");
  }

  // Show one unless it is there already; `key` tells it from others. `still` is SVG text from
  // content/, and so is `move`, shown as an image; `flipped` turns a movement to the other leg.
  show(key, { still, text, move, flipped }) {
    if (this.key === key) return;
    this.box.dataset.hold = this.key = key;
    this.box.setAttribute("aria-label", text);
    if (!move || STILL?.matches) { this.box.innerHTML = still; return; }
    this.box.replaceChildren();
    const image = make("img", flipped ? "hw-flipped" : "", this.box);
    image.alt = "";
    image.src = `data:image/svg+xml,${encodeURIComponent(move)}`;
  }
}
