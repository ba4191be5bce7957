// The component: connects an engine, which outlives redraws of the page, with a view on the page.
// Python hears of a routine only when something begins or ends, by one value with the whole state.

import { Engine } from "./engine.js";
import { dropRoutine, keptReports } from "./storage.js";
import { View } from "./view.js";

// A redraw of the page, or a new connection to a restarted server, removes the timer and adds it
// again. The user has left if it stays away for long, or for a moment on another page.
const REDRAW_MS = 400;
const RECONNECT_MS = 15_000;
const LOOK_EVERY_MS = 200;

// Kept on the window: Streamlit may load this script a second time while a routine runs.
const engines = (window.__holdwellEngines ??= new Map());
const views = new WeakMap();

function pauseWhenLeft(engine) {
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

// Put the session into the address, so that a reload returns to it. It replaces the entry in the
// browser's history: with a new entry, leaving the page would take one more Back.
function showInAddress(engine) {
  if (location.pathname !== engine.home) return;
  if (new URLSearchParams(location.search).get("session") === engine.id) return;
  const here = new URL(location.href);
  here.searchParams.set("session", engine.id);
  history.replaceState(history.state, "", here);
}

export default function mount({ data: [data], parentElement, setStateValue }) {
  for (const id of data.at_rest ?? []) dropRoutine(id);
  let engine = engines.get(data.routine.id);
  if (!engine) {
    engine = new Engine(data);
    engines.set(engine.id, engine);
  }
  engine.send = (report) => { showInAddress(engine); setStateValue("report", report); };
  let view = views.get(parentElement);
  engine.sounds.adopt(data.sounds, view?.engine !== engine);
  engine.changed();
  view?.connection.restored();
  // Before a routine has begun there is nothing to report; this only makes Python run.
  const ping = () => setStateValue("ping", Date.now());
  if (view?.engine !== engine) {
    if (view) { view.leave(); pauseWhenLeft(view.engine); }
    const prefer = () => setStateValue("preferences", {
      sound: engine.sounds.tones, voice: engine.sounds.voice,
      vibration: engine.sounds.vibration, volume: engine.sounds.volume,
    });
    view = new View(parentElement, data, engine, { prefer, ping });
    views.set(parentElement, view);
    // Python may have missed the end (server gone, page closed): report it again.
    const known = new Map((data.done ?? []).map((r) => [r.id, r.held_s]));
    const unsaid = [...engine.records.values()].some((r) => !(known.get(r.id) >= r.held_s));
    if (engine.startedAt && (unsaid || !engine.active)) engine.report();
    const kept = keptReports(engine.id, data.whose);
    if (kept.length > 0) setStateValue("kept", kept);
  }
  return () => {
    const last = views.get(parentElement);
    last?.leave();
    views.delete(parentElement);
    if (last) pauseWhenLeft(last.engine);
  };
}
