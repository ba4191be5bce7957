"""Measures pages by length of history: the server's time, and the time from click to painted.

Run `bench/pages`, or `bench/pages --rounds 7` for less. Four apps run side by side: a bare one with
the same elements as with ten days of history (see `bench.bare`), and Holdwell with ten days, a year
and ten years of two sessions a day. Each has its own server and tab. A round visits every page of
the navigation in all four, one after the other, so that a slow moment of the machine affects all.

Server: milliseconds from the first to the last line of the page's script, in the server. Painted:
milliseconds from the click on the page's link to the first animation frame after the one in which
the script had ended, the page was complete and its charts were drawn, in Chromium.
"""

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page

from bench import phone
from bench.harness import browser, table
from bench.serve import BARE, LOG, serve
from holdwell.ui.runtime import navigation
from tests.support.chromium import PHONE
from tests.support.histories import long_history
from tests.support.server import Server

PAGES = [page.name for page in navigation.PAGES if page.icon]
CONDITIONS = {"bare": 10, "10 days": 10, "1 year": 365, "10 years": 3650}
"""The days of history of each column."""
AIMS = {"10 days": 1.3, "bare": 1.5}
"""How much ten years may cost at most, as a multiple of another column."""
ROUNDS = 11
WARM_UP_ROUNDS = 2
"""The bare page needs two: the first visit is recorded, and the second is repeated and checked."""
SCRIPT = (Path(__file__).parent / "painted.js").read_text(encoding="utf-8")


class BenchServer(Server):
    """The app, or its bare stand-in, with a clock around each run (see `bench.serve`)."""

    serve = staticmethod(serve)

    def __init__(self, folder: Path, *, bare: bool) -> None:
        self.log = folder / "runs.jsonl"
        self.log.touch()
        self._read_to = 0
        super().__init__(folder, **{LOG: str(self.log)}, **({BARE: "1"} if bare else {}))

    def runs(self) -> list[dict[str, object]]:
        """Return the script runs since the last call."""
        with self.log.open(encoding="utf-8") as file:
            file.seek(self._read_to)
            lines = file.readlines()
            self._read_to = file.tell()
        found: list[dict[str, object]] = [json.loads(line) for line in lines]
        for run in found:
            if "failed" in run:
                raise RuntimeError(f"bare page {run['page'] or PAGES[0]}: {run['failed']}")
        return found


@dataclass
class App:
    """One condition: its server, its tab, and the measured milliseconds by page."""

    name: str
    server: BenchServer
    tab: Page
    script: dict[str, list[float]] = field(default_factory=dict)
    painted: dict[str, list[float]] = field(default_factory=dict)

    def open(self) -> None:
        """Open the first page, and wait until it is complete."""
        self.tab.goto(self.server.url)
        self.tab.wait_for_function(f"holdwellBench.missing({PAGES[0]!r}) === null")

    def visit(self, page: str, *, counts: bool) -> None:
        """Click the page's link, and store the times if `counts`."""
        self.tab.bring_to_front()
        self.tab.wait_for_function("document.visibilityState === 'visible'")
        # Wait until an earlier visit has finished drawing, since that would be measured here.
        self.tab.evaluate("holdwellBench.quiet()")
        self.server.runs()
        try:
            painted = float(self.tab.evaluate("page => holdwellBench.visit(page)", page))
        except Exception as error:
            raise RuntimeError(f"{self.name}, {page}: {error}") from error
        self.tab.evaluate("holdwellBench.quiet()")
        runs = [run for run in self.server.runs() if (run["page"] or PAGES[0]) == page]
        if not runs:
            raise RuntimeError(f"{self.name}, {page}: the script did not run")
        if counts:
            self.painted.setdefault(page, []).append(painted)
            # Ignore a second run, which the component causes after the page is shown.
            self.script.setdefault(page, []).append(float(str(runs[0]["ms"])))


def begin(stack: ExitStack, place: Path) -> list[App]:
    """Make the histories, start the servers and open the tabs."""
    now = datetime.now().astimezone()
    servers = {}
    for number, (name, days) in enumerate(CONDITIONS.items()):
        print(f"Making {name}: {days} days", file=sys.stderr)
        folder = place / str(number)
        folder.mkdir()
        long_history(folder, days, now)
        servers[name] = BenchServer(folder, bare=name == "bare")
        stack.callback(servers[name].kill)
    opened = stack.enter_context(browser())
    apps = []
    for name, server in servers.items():
        tab = opened.new_context(viewport=PHONE, locale="en-GB").new_page()
        tab.add_init_script(SCRIPT)
        apps.append(App(name, server, tab))
        apps[-1].open()
    return apps


def measure(apps: list[App], rounds: int) -> None:
    """Visit all pages in all apps, round by round."""
    # The tabs show the first page, so it is visited last. Each page is then always reached from the
    # same page; removing that page from the screen is part of the time.
    order = [*PAGES[1:], PAGES[0]]
    for number in range(WARM_UP_ROUNDS + rounds):
        print(f"Round {number + 1} of {WARM_UP_ROUNDS + rounds}", file=sys.stderr)
        # Change the order, so that no app is always first or always after the longest history.
        first = number % len(apps)
        for page in order:
            for app in apps[first:] + apps[:first]:
                app.visit(page, counts=number >= WARM_UP_ROUNDS)


def cell(times: list[float]) -> str:
    """Return the median of some times with their interquartile range."""
    low, _, high = quantiles(times, n=4, method="inclusive")
    return f"{median(times):.1f} ({low:.1f}–{high:.1f})"


def times_table(title: str, measured: dict[str, dict[str, list[float]]]) -> str:
    """Return a table of milliseconds by page and condition, with the ratios that have an aim."""
    longest = list(CONDITIONS)[-1]
    rows = [["page", *CONDITIONS, *(f"{longest} / {other}" for other in AIMS)]]
    for page in PAGES:
        row = [page, *(cell(measured[name][page]) for name in CONDITIONS)]
        for other, aim in AIMS.items():
            ratio = median(measured[longest][page]) / median(measured[other][page])
            row.append(f"{ratio:.2f} {'!' if round(ratio, 2) > aim else ' '}")
        rows.append(row)
    return f"{title}\n{table(rows)}"


def main() -> None:
    """Measure, and print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"rounds that count (default {ROUNDS})"
    )
    options.add_argument(
        "--phone", action="store_true", help="measure a cold start on a phone, and the server"
    )
    given = options.parse_args()
    rounds = given.rounds
    if given.phone:
        phone.main(rounds)
        return
    if rounds < 2:
        options.error("a spread needs two rounds or more")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        apps = begin(stack, Path(folder))
        measure(apps, rounds)
    aims = " and ".join(f"{aim} × {other}" for other, aim in AIMS.items())
    print(f"Milliseconds, median and interquartile range of {rounds} rounds.")
    print(f"Aim for {list(CONDITIONS)[-1]}: at most {aims}; ! marks what misses it.\n")
    print(times_table("Server time of the page's script", {app.name: app.script for app in apps}))
    print()
    print(times_table("From click to painted", {app.name: app.painted for app in apps}))


if __name__ == "__main__":
    main()
