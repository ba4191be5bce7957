// Loads the page again if some of Streamlit's code did not come: a phone may lose its network for a
// moment, and an update takes away the code of the pages that are open. Streamlit would show an
// error in place of what the code draws, and would not ask for the code again.
(() => {
  const ASK_EVERY_MS = 1000;
  const SILENT_MS = 4000;
  // If the code is missing after that too, do not load the page over and over.
  const APART_MS = 10_000;
  const TIMER = '.hw-timer:is([data-phase="running"], [data-phase="paused"])';
  let isWaiting = false;
  const answers = async () => {
    try {
      const signal = AbortSignal.timeout(SILENT_MS);
      return (await fetch("/_stcore/health", { cache: "no-store", signal })).ok;
    } catch { return false; }
  };
  const loadAgain = async () => {
    const [{ type }] = performance.getEntriesByType("navigation");
    const isTooSoon = type === "reload" && performance.now() < APART_MS;
    const isReady = !isTooSoon && !document.querySelector(TIMER) && await answers();
    if (isReady) location.reload();
    else setTimeout(loadAgain, ASK_EVERY_MS);
  };
  const begin = () => {
    if (!isWaiting) loadAgain();
    isWaiting = true;
  };
  addEventListener("vite:preloadError", begin);
  addEventListener("error", ({ target }) => {
    if (target.matches?.("script, link[rel=stylesheet]")) begin();
  }, true);
})();
