// Keeps one entry in the browser's history for each page or choice of the user, so that one Back
// leads to what was seen before. Streamlit's `st.switch_page` adds two entries: the next page's
// parameters on the page that is left, and the next page itself. And Streamlit's link to the
// current page leaves that page's parameters in the address.
(() => {
  const add = history.pushState.bind(history);
  let isAskedFor = false;
  for (const kind of ["click", "keydown"]) {
    addEventListener(kind, () => { isAskedFor = true; }, true);
  }
  addEventListener("popstate", () => { isAskedFor = false; }, true);
  history.pushState = (state, unused, url) => {
    if (isAskedFor) add(state, unused, url);
    else history.replaceState(state, unused, url);
    isAskedFor = false;
  };
  // Not on the window: `frame.js` first stops the second half of a double tap, on the document.
  document.documentElement.addEventListener("click", (event) => {
    const link = event.target.closest?.(".stPageLink a");
    if (link?.pathname !== location.pathname) return;
    // The person shown in this tab stays in its address.
    const next = new URL(link.href);
    const who = new URLSearchParams(location.search).get("who");
    if (who) next.searchParams.set("who", who);
    if (next.search === location.search) return;
    event.preventDefault();
    event.stopPropagation();
    add(null, "", next);
    dispatchEvent(new PopStateEvent("popstate"));
  }, true);
})();
