// What a routine says and sounds: at the beginning of each part, and while one runs.

export const LAST_S = 5;
const LEAD_LAST_S = 3;
// A shorter time to get ready has no room for the whole instruction.
const LONG_LEAD_S = 8;

// The breath in a hold is spoken of this long after its beginning and after its middle, if there is
// room for the words before the last seconds.
const BREATH_AFTER_MS = 2_000;
const BREATH_WORDS_MS = 3_000;

// Say what begins now.
export function announce(engine) {
  const { current, words, place } = engine;
  const kind = current.lead === "again" ? "switch" : current.lead; // which cue silences it
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
    // Without time to get ready the position can only be said now.
    const known = current.lead_s > 0 || engine.steps.length > 0;
    engine.sounds.cue("begin", known ? words.say_begin : place);
  }
}

// Give the cues that are due by now: the middle of a hold, the breath, the last seconds.
export function giveDueCues(engine) {
  const left = Math.ceil(engine.remaining() / 1000);
  if (engine.part === "hold" && engine.elapsed() >= engine.target / 2 && !engine.said.has("half")) {
    engine.said.add("half");
    // A hold so short that its middle is its end is told only the end.
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

// What was spoken of, or came too late, is not due again.
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
