// The cues of a routine: at the beginning of each part, and during a part.

export const LAST_S = 5;
const LEAD_LAST_S = 3;
// A shorter time to get ready is too short for the whole instruction.
const LONG_LEAD_S = 8;

// The voice mentions the breath this long after the beginning of a hold and after its middle, if
// there is time for the words before the last seconds.
const BREATH_AFTER_MS = 2_000;
const BREATH_WORDS_MS = 3_000;

// Announce the part that begins now.
export function announce(engine) {
  const { current, words, place } = engine;
  const kind = current.lead === "again" ? "switch" : current.lead; // the cue that can be switched off
  if (engine.part === "rest") {
    engine.sounds.cue(kind, `${words.say_rest} ${words.say_coming} ${place}`);
  } else if (engine.part === "teach") {
    const step = engine.steps[engine.step];
    if (engine.step === 0) engine.sounds.cue(kind, `${place} ${step.spoken}`);
    else engine.sounds.cue("ready", step.spoken);
  } else if (engine.part === "out") {
    engine.sounds.cue("out", current.come_out || words.say_out);
  } else if (engine.part === "lead") {
    const how = current.lead_s >= LONG_LEAD_S ? current.spoken : place;
    engine.sounds.cue(kind, `${words[`say_${current.lead}`]} ${how}`);
  } else {
    // Without time to get ready, the position has to be said now.
    const known = current.lead_s > 0 || engine.steps.length > 0;
    engine.sounds.cue("begin", known ? words.say_begin : place);
  }
}

// Give the cues that are due by now: the middle of a hold, the breath, the last seconds.
export function giveDueCues(engine) {
  const left = Math.ceil(engine.remaining() / 1000);
  if (engine.part === "hold" && engine.elapsed() >= engine.target / 2 && !engine.said.has("half")) {
    engine.said.add("half");
    // In a very short hold the middle is among the last seconds: only the end is announced.
    if (left > LAST_S) { engine.sounds.cue("halfway", engine.words.say_halfway); engine.changed(); }
  }
  if (engine.part === "hold" && isBreathDue(engine)) engine.sounds.say(engine.current.breathe ?? "");
  const last = { hold: LAST_S, lead: LEAD_LAST_S }[engine.part] ?? 0;
  if (left < 1 || left > last || engine.target <= 1000 * last || engine.said.has(left)) return;
  engine.said.add(left);
  if (engine.part === "lead") { engine.sounds.cue("ready", "", true); return; }
  engine.sounds.cue("last", left === LAST_S ? engine.words.say_last : "", true);
  if (left === LAST_S) engine.changed();
}

// Return whether words about the breath are due. Each is due once, and dropped if it is late.
function isBreathDue(engine) {
  const elapsed = engine.elapsed();
  let isDue = false;
  for (const [name, from] of [["breathe", 0], ["breathe-again", engine.target / 2]]) {
    const at = from + BREATH_AFTER_MS;
    if (elapsed < at || engine.said.has(name)) continue;
    engine.said.add(name);
    isDue = elapsed < at + BREATH_AFTER_MS && at + BREATH_WORDS_MS <= engine.target - 1000 * LAST_S;
  }
  return engine.breathing.on && isDue;
}
