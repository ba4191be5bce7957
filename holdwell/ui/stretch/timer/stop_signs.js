// The stop signs: a dialog over the timer.

import { button, make, makeStopSigns } from "../../runtime/elements.js";

// Build it in `parent`, from the texts of content/safety.toml; return the dialog.
export function buildStopSigns(parent, safety, closeText) {
  const dialog = make("dialog", "hw-dialog", parent);
  dialog.setAttribute("aria-label", safety.title);
  const text = make("div", "hw-dialog-text", dialog);
  text.tabIndex = 0; // so that the keyboard can scroll it
  make("h2", "", text, safety.title);
  make("p", "", text, safety.lead);
  makeStopSigns(text, safety.groups);
  make("h3", "", text, safety.stretch.title);
  make("p", "", text, safety.stretch.text);
  button("hw-main", dialog, closeText, () => dialog.close());
  return dialog;
}
