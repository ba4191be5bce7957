"""Counts how many of 200 cues the timer's code loses on devices that behave as users have reported.

The code runs in V8 with the simulated browser of `tests/support/fake_browser.js`. A cue is lost if
its tone does not sound within a second, or if its words are not spoken completely; on a device
without a voice, words are lost if the page does not say that there is none.
"""

from tests.support.timer_code import TimerCode, hold, routine

CUES = 200
HOLDS = 19
EVERY_FIFTH = """
let count = 0;
document.addEventListener("holdwell-cue", () => {{
  count += 1;
  if (count % 5 === 0) AudioContext.all.at(-1).state = "{state}";
}});
"""
MODELS = {
    "usual": "",
    "silent switch": "device.silentSwitch = true; navigator.audioSession = { type: 'auto' };",
    "interrupted": EVERY_FIFTH.format(state="interrupted"),
    "suspended": EVERY_FIFTH.format(state="suspended"),
    "swallowed cancel": "device.swallows = true;",
    "speaks after a tap": "device.speaksAfterTap = true;",
    "no voice": "device.voices = [];",
    "slow speaker": "device.speakerSleeps = true; speaker.awakeUntil = -1;",
}
LOST = f"""
cues.slice(0, {CUES}).filter(([name, seconds, words]) => {{
  const at = 1000 + 1000 * seconds;
  const sounded = heard.tones.some(
    (tone) => tone.gain > 0.01 && tone.at >= at && tone.at <= at + 1000);
  const said = !words || engine.sounds.speaker.missing || heard.words.some(
    (one) => one.text === words && one.begunAt >= at && one.begunAt <= at + 1000
      && one.clear && !one.broken);
  return !(sounded && said);
}})
"""


def lost_cues(model: str, holds: int = HOLDS, fault: str = "") -> list[list[object]]:
    """Return the cues that a kind of device loses, each as name, second and words.

    `fault` is JavaScript that runs before the routine begins.
    """
    with TimerCode() as timer:
        timer.v8.eval(f"{MODELS[model]}\nnull")
        timer.open(routine(*(hold(n, lead_s=20 if n == 0 else 15) for n in range(holds))))
        timer.v8.eval(f"{fault}\nnull")
        timer.do("tap(() => engine.begin())")
        timer.run(5 + holds * 50 + 5)
        assert timer.js("engine.phase") == "done"
        lost: list[list[object]] = timer.js(LOST)
        return lost


def lost_cue_table() -> str:
    """Return a line for each kind of device with the number of cues that it loses."""
    return "\n".join(f"{model:<20}{len(lost_cues(model)):>4} of {CUES}" for model in MODELS)
