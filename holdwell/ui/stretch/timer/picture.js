// A drawing in the timer: still, or moving into the pose if there is such a drawing and the user
// does not prefer reduced motion.

import { make } from "../../runtime/elements.js";

const STILL = window.matchMedia?.("(prefers-reduced-motion: reduce)");

export class Picture {
  constructor(parent) {
    this.box = make("div", "hw-picture", parent);
    this.box.setAttribute("role", "img");
  }

  // Show a drawing, unless that with the same `key` is shown. `still` and `move` are SVG texts from
  // content/; `move` is shown as an image, and `flipped` mirrors it for the other leg.
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
