// Has this browser and this tab remember whose pages they show, and keeps tabs from showing pages
// that were locked in another one.

import { local } from "./browser_storage.js";

const YEAR_S = 365 * 24 * 3600;
const LOOK_EVERY_MS = 15000;

export function remember(data) {
  const { person, several, cookie, parameter, unlock, secondsLeft } = data;
  if (unlock && window.__holdwellUnlock !== unlock) {
    // Once: another window may have a newer one by now.
    window.__holdwellUnlock = unlock;
    local.put("holdwell-unlock", unlock);
  }
  clearInterval(window.__holdwellIdle);
  if (secondsLeft) {
    // By the clock: a timer stands still while the computer sleeps.
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

// What another window of this browser unlocks is shown here too, and what it locks goes from here:
// also from a page that was made before the lock and comes to the screen after it.
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
