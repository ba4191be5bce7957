// Loads the page again if some of Streamlit's code did not come: a phone may lose its network for a
// moment, and an update takes away the code of the pages that are open. Streamlit would show an
// error in place of what the code draws, and would not ask for the code again.
(() => {
  const ASK_EVERY_MS = 1000;
  // A sleeping computer closes no connection, so this long without an answer counts as lost.
  const SILENT_MS = 4000;
  // If the code is missing in the page loaded again too, leave that page as it is.
  const APART_MS = 10_000;
  const LOADED_AT = "hw-loaded-again-at";
  const TIMER = '.hw-timer:is([data-phase="running"], [data-phase="paused"])';
  let isWaiting = false;
  // `connection.js` asks too.
  const answers = window.__holdwellAnswers = async () => {
    try {
      const signal = AbortSignal.timeout(SILENT_MS);
      return (await fetch("/_stcore/health", { cache: "no-store", signal })).ok;
    } catch { return false; }
  };
  const loadAgain = async () => {
    if (!document.querySelector(TIMER) && await answers()) {
      sessionStorage.setItem(LOADED_AT, Date.now());
      location.reload();
    } else setTimeout(loadAgain, ASK_EVERY_MS);
  };
  const begin = () => {
    if (isWaiting || Date.now() - sessionStorage.getItem(LOADED_AT) < APART_MS) return;
    isWaiting = true;
    loadAgain();
  };
  addEventListener("vite:preloadError", begin);
  addEventListener("error", ({ target }) => {
    // Not the code that an extension of the browser adds.
    const isCode = target.matches?.("script, link[rel=stylesheet]");
    if (isCode && new URL(target.src || target.href, location).origin === location.origin) begin();
  }, true);
})();
