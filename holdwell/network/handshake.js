// Hands this browser's secrets over as the page connects. They lie where the port counts
// (localStorage), as a cookie goes to every port of this computer. And gives Streamlit's calendars
// the page's language and first weekday, which they read from the browser.
(() => {
  const { listener, account } = document.currentScript.dataset;
  const read = (name) => {
    try {
      return localStorage.getItem(`holdwell-${name}`) ?? "";
    } catch {
      return "";
    }
  };
  // The address that the app opens has a key where the system names no accounts.
  const given = /^#key=([\w-]+)$/.exec(location.hash);
  if (given) {
    try {
      localStorage.setItem("holdwell-key", given[1]);
    } catch {}
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  if (listener === "home" && !read("phone")) location.replace("/holdwell/pin?again");
  if (account && !read("key")) {
    // The page gets no further than this: its WebSocket is refused.
    document.addEventListener("DOMContentLoaded", () => {
      document.body.textContent = account;
    });
  }
  const browser = navigator.language;
  Object.defineProperty(navigator, "language", {
    get() {
      // `frame.js` knows it; a page opened anew begins with that of the last one.
      const ours = window.__holdwellFrame?.data.calendar ?? read("calendar");
      // The server is told it too, and still sees the browser's own (BCP 47, private use).
      window.__holdwellCalendarRead = ours;
      return ours ? `${ours}-x-${browser}` : browser;
    },
  });
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url, protocols = []) {
      const secrets = ["key", "phone", "unlock"].map(read).join(".");
      const ours = new URL(url, location.href).host === location.host;
      super(url, ours ? [].concat(protocols, `holdwell.${secrets}`) : protocols);
    }
  };
})();
