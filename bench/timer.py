"""Measures how exact the hold timer is in a ten-minute routine, in four conditions at once.

Run `bench/timer` (ten minutes), or `bench/timer --repeats 1 --hold 20` (two minutes).

It compares the seconds held in the database with the seconds between the cues that begin and end
each hold on the computer's wall clock, which the timer itself does not use.
"""

import argparse
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.chromium import Tab, cover, tab
from bench.harness import serving, table
from bench.lost_cues import lost_cue_table
from holdwell.domain.models import DayPart, Routine, RoutineStretch
from holdwell.guide.load import guide
from holdwell.sessions.plan import BEDTIME_ID, COME_OUT_SECONDS, FIRST_EXTRA_SECONDS
from holdwell.store.people import DATABASE_NAME
from tests.support.histories import make_known_user
from tests.support.server import Server

READY_S = 10
THROTTLE = 6
WATCH_S = 10
RECORDER = """
window.cues = [];
window.beats = 0;
setInterval(() => { window.beats += 1; }, 100);
document.addEventListener("holdwell-cue", ({ detail }) => {
  if (!detail.ticking) window.cues.push([detail.name, Date.now()]);
});
"""


@dataclass
class TimedRun:
    """One condition that is being measured."""

    name: str
    server: Server
    tab: Tab
    note: str = ""


def prepare(folder: Path, hold_s: int, repeats: int) -> None:
    """Make a database with one routine for every time of day."""
    stretches = tuple(RoutineStretch(s.id, hold_s) for s in guide().stretches)
    routine = Routine(BEDTIME_ID, "Bench", stretches, part=DayPart.OTHER, repeats=repeats)
    # No tones: a hidden tab that makes sounds is not slowed, and here it should be.
    make_known_user(folder, routine, sound=False, voice=False, get_ready_seconds=READY_S)


def begin(stack: ExitStack, folder: Path, name: str) -> TimedRun:
    server = stack.enter_context(serving(folder))
    opened = stack.enter_context(tab())
    opened.send("Page.addScriptToEvaluateOnNewDocument", source=RECORDER)
    opened.go(f"{server.url}/stretch")
    opened.press("Just the holds")
    opened.wait_for("location.search.includes('session=')")
    return TimedRun(name, server, opened)


def make_busy(run: TimedRun, over: threading.Event) -> threading.Thread:
    """Suspend the server for five of every six seconds."""

    def stop_and_go() -> None:
        while not over.is_set():
            run.server.suspend()
            over.wait(5)
            run.server.resume()
            over.wait(1)

    thread = threading.Thread(target=stop_and_go)
    thread.start()
    return thread


def measure(run: TimedRun, hold_s: int) -> list[str]:
    """Return one row of the table."""
    cues: list[tuple[str, int]] = [(str(n), int(at)) for n, at in run.tab.evaluate("window.cues")]
    start, due, worst, held = cues[0][1], 0, 0, 0
    begun = start
    for name, at in cues:
        late = at - start - due
        if name == "begin":
            begun = at
            due += 500 * hold_s
        elif name == "halfway":
            due += 500 * hold_s
        elif name == "out":
            held += at - begun
            due += 1000 * COME_OUT_SECONDS
        else:
            due += 1000 * READY_S if name != "done" else 0
            due += 1000 * FIRST_EXTRA_SECONDS if name == "ready" else 0
        worst = max(worst, late)
    record = sqlite3.connect(run.server.folder / DATABASE_NAME)
    recorded, holds = record.execute("SELECT sum(held_s), count(*) FROM hold").fetchone()
    record.close()
    return [
        run.name,
        str(holds),
        f"{recorded:.3f}",
        f"{held / 1000:.3f}",
        f"{held - 1000 * recorded:+.0f}",
        f"{cues[-1][1] - start - due:+d}",
        f"{worst:d}",
        run.note,
    ]


HEAD = ["condition", "holds", "record s", "clock s", "drift ms", "whole ms", "latest cue ms", ""]


def main() -> None:
    """Print how many cues devices lose, then the drift in four conditions at once."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=3, help="holds on each side (default 3)")
    options.add_argument("--hold", type=int, default=40, help="seconds a hold (default 40)")
    chosen = options.parse_args()
    print(f"Cues lost, by what devices are reported to do:\n{lost_cue_table()}\n")
    whole = len(guide().stretches) * 2 * chosen.repeats * (chosen.hold + READY_S + COME_OUT_SECONDS)
    whole += FIRST_EXTRA_SECONDS
    print(f"A routine of {whole} s under four conditions at once.", file=sys.stderr)
    over = threading.Event()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        runs = []
        for name in ("idle", "throttled", "hidden tab", "busy server"):
            place = Path(folder) / name.replace(" ", "-")
            place.mkdir()
            prepare(place, chosen.hold, chosen.repeats)
            runs.append(begin(stack, place, name))
        _, slow, hidden, busy = runs
        slow.tab.send("Emulation.setCPUThrottlingRate", rate=THROTTLE)
        slow.note = f"CPU slowed {THROTTLE} times"
        cover(hidden.tab)
        stopper = make_busy(busy, over)
        busy.note = "Python stopped 5 s of every 6"
        try:
            for run in runs:
                run.tab.wait_for("window.cues.at(-1)[0] === 'done'", whole + 60)
            before, since = hidden.tab.evaluate("window.beats"), time.monotonic()
            time.sleep(WATCH_S)
            beats = hidden.tab.evaluate("window.beats") - before
            a_second = beats / (time.monotonic() - since)
            hidden.note = f"the page's own 100 ms timer ran {a_second:.2f} times a second"
        finally:
            over.set()
            stopper.join()
        for run in runs:
            run.tab.wait_for("document.body.textContent.includes('That is done')")
        print(table([HEAD, *(measure(run, chosen.hold) for run in runs)]))


if __name__ == "__main__":
    main()
