// Bed mode: the running routine alone on black, dim and warm whatever the theme. Remembered on this
// device, so that the next night begins with it.

const BED_KEY = "holdwell.bed";

class Bed {
  constructor() {
    this.on = false;
    try { this.on = localStorage.getItem(BED_KEY) === "1"; } catch { /* private mode */ }
  }

  turn(on) {
    this.on = on;
    try { localStorage.setItem(BED_KEY, on ? "1" : "0"); } catch { /* private mode */ }
  }

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
