// The stop signs: a dialog over the timer.

import { button, make } from "./elements.js";

// Build it in `parent`, from the texts of content/safety.toml; return the dialog.
export function buildStopSigns(parent, safety, closeText) {
  const dialog = make("dialog", "hw-dialog", parent);
  dialog.setAttribute("aria-label", safety.title);
  const text = make("div", "hw-dialog-text", dialog);
  text.tabIndex = 0; // so that the keyboard can scroll it
  make("h2", "", text, safety.title);
  make("p", "", text, safety.lead);
  for (const group of safety.groups) {
    make("h3", "", text, group.title);
    const list = make("ul", "", text);
    for (const sign of group.signs) make("li", "", list, sign);
    make("p", "hw-whom", text, group.whom);
  }
  make("h3", "", text, safety.stretch.title);
  make("p", "", text, safety.stretch.text);
  button("hw-main", dialog, closeText, () => dialog.close());
  return dialog;
}
