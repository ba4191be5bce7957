// Keeps open what the user has opened on the settings page: after the database was out of reach,
// which takes the whole page away, Streamlit draws its sections closed.

const SETTINGS = ".st-key-hw-settings";

// The open sections by their keys.
const opened = (window.__holdwellOpened ??= new Map());

export function watchSections() {
  if (window.__holdwellSections) return;
  window.__holdwellSections = true;
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches(`${SETTINGS} details`)) return;
    const [key] = /st-key-[\w-]+/.exec(target.closest('[class*="st-key-"]').className);
    if (target.open) opened.set(key, target);
    else opened.delete(key);
  }, true);
}

// Called after each run. A page that shows no settings was left, unless it says what is wrong.
export function openAgain(main) {
  if (main?.querySelector(".st-key-hw-trouble")) return;
  if (!main?.querySelector(SETTINGS)) opened.clear();
  for (const [key, section] of opened) {
    const drawn = section.isConnected ? null : main.querySelector(`.${key} details:not([open])`);
    drawn?.querySelector("summary").click();
  }
}
