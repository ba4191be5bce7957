// Has this browser and this tab remember whose pages they show, and keeps tabs from showing pages
// that were locked in another one.

const YEAR_S = 365 * 24 * 3600;

export default function remember({ data }) {
  const { person, several, locked, cookie, parameter } = data;
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
