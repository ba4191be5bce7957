// Bed mode: the running routine alone on black, dim and warm whatever the theme. Remembered on this
// device, so that the next night begins with it.

import { KeptSwitch } from "../../runtime/browser_storage.js";

export class BedMode extends KeptSwitch {
  constructor() { super("holdwell.bed", false); }

  // A phone draws its own bar above the page, in the page's colour.
  draw(box, underWay) {
    const dark = this.on && underWay;
    box.toggleAttribute("data-bed", dark);
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      meta.dataset.hwOwn ??= meta.content;
      meta.content = dark ? "#000000" : meta.dataset.hwOwn;
    }
  }
}
