// Bed mode: only the running routine, dim and warm on black in any theme. This device remembers it,
// so that the next night begins with it.

import { KeptSwitch } from "../../runtime/browser_storage.js";

export class BedMode extends KeptSwitch {
  constructor() { super("holdwell.bed", false); }

  // A phone draws its status bar in the theme colour of the page.
  draw(box, underWay) {
    const dark = this.on && underWay;
    box.toggleAttribute("data-bed", dark);
    for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
      meta.dataset.hwOwn ??= meta.content;
      meta.content = dark ? "#000000" : meta.dataset.hwOwn;
    }
  }
}
