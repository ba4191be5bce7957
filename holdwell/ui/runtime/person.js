// Lets this browser and this tab remember which person they show, and keeps a tab from showing
// pages that were locked in another tab.

import { local } from "./browser_storage.js";

const YEAR_S = 365 * 24 * 3600;
const LOOK_EVERY_MS = 15000;

export function remember(data) {
  const { person, several, cookie, parameter, unlock, secondsLeft } = data;
  if (unlock && window.__holdwellUnlock !== unlock) {
    // Store it only once: later, another window may have stored a newer one.
    window.__holdwellUnlock = unlock;
    local.put("holdwell-unlock", unlock);
  }
  clearInterval(window.__holdwellIdle);
  if (secondsLeft) {
    // Compare with the clock, because timers stand still while the computer sleeps.
    const until = Date.now() + secondsLeft * 1000;
    const look = () => Date.now() >= until && location.reload();
    window.__holdwellIdle = setInterval(look, LOOK_EVERY_MS);
  }
  if (several) {
    document.cookie = `${cookie}=${person}; path=/; max-age=${YEAR_S}; samesite=strict`;
    const here = new URL(location.href);
    if (here.searchParams.get(parameter) !== person) {
      here.searchParams.set(parameter, person);
      history.replaceState(history.state, "", here);
    }
  }
  follow(data);
}

// Reload when another window of this browser unlocks or locks the database, also if this page was
// made before the lock and is shown only after it.
function follow({ person, waiting, locked, generation }) {
  const [server, count] = generation.split(".");
  const lock = `holdwell-locked-${person}`;
  const isLater = (kept) => {
    const [other, later] = kept?.split(".") ?? [];
    return other === server && Number(later) > Number(count);
  };
  window.onstorage = ({ key, newValue }) => {
    const isUnlocked = waiting && key === "holdwell-unlock" && newValue;
    if (isUnlocked || (key === lock && isLater(newValue))) location.reload();
  };
  if (locked) local.put(lock, generation);
  else if (isLater(local.get(lock))) location.reload();
}
