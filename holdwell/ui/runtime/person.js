// Has this browser and this tab remember whose pages they show, and keeps tabs from showing pages
// that were locked in another one.

const YEAR_S = 365 * 24 * 3600;
const LOOK_EVERY_MS = 15000;

export default function remember({ data }) {
  const { person, several, locked, cookie, parameter, unlock, waiting, secondsLeft } = data;
  if (unlock && window.__holdwellUnlock !== unlock) {
    // Once: another window may have a newer one by now.
    window.__holdwellUnlock = unlock;
    try {
      localStorage.setItem("holdwell-unlock", unlock);
    } catch {}
  }
  // What another window unlocks is shown here too.
  window.onstorage = (event) => {
    if (waiting && event.key === "holdwell-unlock" && event.newValue) location.reload();
  };
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
  if (typeof BroadcastChannel !== "function") return;
  window.__holdwellLock ??= new BroadcastChannel("holdwell-lock");
  if (locked) window.__holdwellLock.postMessage(person);
  window.__holdwellLock.onmessage = (message) => {
    if (message.data === person) location.reload();
  };
}
