// Sends this browser's secrets when the page connects. They are in localStorage, which each port
// has separately; a cookie would go to every port of this computer. It also gives Streamlit's
// calendars the page's language and first weekday, which they read from `navigator.language`.
(() => {
  const { listener, account } = document.currentScript.dataset;
  const read = (name) => {
    try {
      return localStorage.getItem(`holdwell-${name}`) ?? "";
    } catch {
      return "";
    }
  };
  // On a system that names no accounts, the address that the app opens contains a key.
  const given = /^#key=([\w-]+)$/.exec(location.hash);
  if (given) {
    try {
      localStorage.setItem("holdwell-key", given[1]);
    } catch {}
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  if (listener === "home" && !read("phone")) location.replace("/holdwell/pin?again");
  if (account && !read("key")) {
    // The page gets no further than this, because its WebSocket is refused.
    document.addEventListener("DOMContentLoaded", () => {
      document.body.textContent = account;
    });
    // Put into the same tab, the address with the key changes only what follows the "#".
    addEventListener("hashchange", () => location.reload());
  }
  const browser = navigator.language;
  Object.defineProperty(navigator, "language", {
    get() {
      // `frame.js` knows the calendar; a newly opened page starts with that of the last page.
      const ours = window.__holdwellFrame?.data.calendar ?? read("calendar");
      // The server gets it too, and still sees the browser's own language (BCP 47, private use).
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
      if (ours) this.addEventListener("open", () => window.__holdwellConnected?.());
    }
  };
})();
