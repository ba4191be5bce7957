// The component: binds an engine, which outlives redraws of the page, to a view of it. Python
// hears of a routine at its edges, through one state value that says everything each time.

// A redraw of the page, or a new connection to a restarted server, takes the timer off the page
// and brings it back; she has left when it stays away, or at once if she is on another page.
const REDRAW_MS = 400;
const RECONNECT_MS = 15_000;
const LOOK_EVERY_MS = 200;

const engines = (window.__holdwellEngines ??= new Map());
const views = new WeakMap();

function leftAlone(engine) {
  const since = performance.now();
  const look = setInterval(() => {
    const away = performance.now() - since;
    if (engine.listeners.size > 0) clearInterval(look);
    else if (away > RECONNECT_MS || (away > REDRAW_MS && location.pathname !== engine.home)) {
      clearInterval(look);
      engine.pause("left");
    }
  }, LOOK_EVERY_MS);
}

// The session in the address, so that a reload finds the way back into it. In the place of the
// entry there is: an entry of its own would have to be gone back through to leave the page.
function address(engine) {
  if (location.pathname !== engine.home) return;
  if (new URLSearchParams(location.search).get("session") === engine.id) return;
  const here = new URL(location.href);
  here.searchParams.set("session", engine.id);
  history.replaceState(history.state, "", here);
}

export default function (component) {
  const { data, parentElement, setStateValue } = component;
  for (const id of data.at_rest ?? []) storage.drop(id);
  let engine = engines.get(data.routine.id);
  if (!engine) {
    engine = new Engine(data);
    engines.set(engine.id, engine);
  }
  engine.send = (report) => { address(engine); setStateValue("report", report); };
  let view = views.get(parentElement);
  view?.line.heard();
  // Before it has begun, a routine has nothing to say but that somebody is here.
  const ping = () => setStateValue("ping", Date.now());
  if (view?.engine !== engine) {
    if (view) { view.leave(); leftAlone(view.engine); }
    const prefer = () => setStateValue("preferences", {
      sound: engine.sounds.tones, voice: engine.sounds.voice,
      vibration: engine.sounds.vibration, volume: engine.sounds.volume,
    });
    view = new View(parentElement, data, engine, { prefer, ping });
    views.set(parentElement, view);
    // Python may have missed the end of it (server gone, page closed): say it again.
    const known = new Map((data.done ?? []).map((r) => [r.id, r.held_s]));
    const unsaid = [...engine.records.values()].some((r) => !(known.get(r.id) >= r.held_s));
    if (engine.startedAt && (unsaid || !engine.active)) engine.report();
    const kept = keptRoutines(engine.id, data.whose);
    if (kept.length) setStateValue("kept", kept);
  }
  return () => {
    const last = views.get(parentElement);
    last?.leave();
    views.delete(parentElement);
    if (last) leftAlone(last.engine);
  };
}
