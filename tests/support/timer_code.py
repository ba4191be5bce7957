"""Runs the timer's JavaScript in V8 without a browser; tests move the clock and see the effect."""

import json
import tomllib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from py_mini_racer import DEFAULT_V8_FLAGS, MiniRacer, init_mini_racer

from holdwell.ui.runtime.javascript import bundle

ROOT = Path(__file__).parents[2]
TIMER = ROOT / "holdwell" / "ui" / "stretch" / "timer"
FAKE_BROWSER = (Path(__file__).parent / "fake_browser.js").read_text(encoding="utf-8")
WORDS: dict[str, Any] = tomllib.loads(
    (ROOT / "content" / "wording" / "en.toml").read_text(encoding="utf-8")
)["timer"]
STEP_MS = 100

# Lets a script end a task by itself; returning to Python for that takes longer than the task.
init_mini_racer(flags=(*DEFAULT_V8_FLAGS, "--allow-natives-syntax"), ignore_duplicate_init=True)


def hold(number: int, **changes: Any) -> dict[str, Any]:
    """Return a hold as Python sends it: 35 s after 10 s to get ready."""
    side = "left" if number % 2 == 0 else "right"
    usual: dict[str, Any] = {
        "id": f"hold-{number}",
        "side": side,
        "side_text": f"{side} leg up",
        "hold_s": 35,
        "lead": "ready" if number == 0 else "switch",
        "lead_s": 10,
        "rest_s": 0,
        "out_s": 0,
        "name": "Side reach",
        "cue": "Reach to the side.",
        "spoken": f"Side reach, {side} leg up. Reach to the side.",
        "picture": "",
        "picture_text": "",
    }
    return {**usual, **changes}


def taught(number: int, *spoken: str, **changes: Any) -> dict[str, Any]:
    """Return a hold whose steps are spoken as given, with eight seconds to come out of it."""
    steps = [{"title": text, "shown": text, "spoken": text} for text in spoken]
    usual = {"out_s": 8, "come_out": "Lower your arm and heel.", "breathe": "Breathe slowly."}
    return hold(number, **{**usual, "steps": steps, **changes})


def routine(*holds: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the component's data for a routine of these holds, or else of four usual ones."""
    sounds = {"tones": True, "voice": True, "vibration": True, "volume": 80, "quiet": []}
    usual: dict[str, Any] = {
        "whose": "first",
        "plan": "{}",
        "routine": {"id": "routine", "holds": list(holds) or [hold(n) for n in range(4)]},
        "done": [],
        "started_at": None,
        "words": WORDS,
        "sounds": {**sounds, "language": "en-GB"},
    }
    return {**usual, **changes}


class TimerCode:
    """One simulated browser in which modules of the timer are loaded.

    Every call of `js` is a separate task: promises settle when it ends.
    """

    def __init__(self, module: str = "engine", setup: str = "") -> None:
        self.v8 = MiniRacer()
        self.v8.eval(f"{FAKE_BROWSER}\n{setup}")
        # Leave out the last line, which exports to a browser that loads this as a module.
        self.v8.eval(bundle(TIMER / f"{module}.js").split("\nexport default ")[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.v8.close()

    def js(self, expression: str) -> Any:
        """Return the value of an expression, converted through JSON."""
        found = self.v8.eval(f"JSON.stringify({expression}) ?? 'null'")
        return json.loads(str(found))

    def do(self, statements: str) -> None:
        """Run statements."""
        self.v8.eval(f"{{ {statements} }}; null")

    def open(self, data: dict[str, Any] | None = None, name: str = "engine") -> None:
        """Make an engine for a routine, as if in one more tab, in the global variable `name`."""
        self.v8.eval(
            f"var {name} = new $engine.Engine({json.dumps(data or routine())});"
            f"{name}.reports = []; {name}.send = (report) => {name}.reports.push(report); null"
        )

    def run(self, seconds: float, first: str = "") -> None:
        """Let time pass in small steps, running `first` before each and settling promises after."""
        whole, rest = divmod(round(1000 * seconds), STEP_MS)
        step = f"{{ {first} }} clock.run({STEP_MS}); %PerformMicrotaskCheckpoint();"
        self.v8.eval(f"for (let n = 0; n < {whole}; n += 1) {{ {step} }} clock.run({rest}); null")

    @property
    def cues(self) -> list[str]:
        """The names of the cues so far, with a tick for each second that is counted aloud."""
        return [name for name, _, _ in self.js("cues")]

    def held(self, name: str = "engine") -> list[tuple[str, float, str]]:
        """Return the holds of the last report: id, seconds held, outcome."""
        holds = self.js(f"{name}.reports.at(-1)?.holds ?? []")
        return [(hold["id"], hold["held_s"], hold["outcome"]) for hold in holds]
