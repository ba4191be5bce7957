"""Measures the import of 100,000 rows, and checks that no reader of cells takes quadratic time.

Run: python -m bench.imports [--browser]. A diary with one score a row and a wide one are imported,
each by a new process. Bars: 20 s, 300 MB above the start, and at most thirty times the time for ten
times the text. With --browser, the files are uploaded to a server and imported in Chromium, from
the choice of the file until the page says that its rows are written; reported are seconds of the
server's processor, which other work on the machine changes least, and of wall time, and all memory
of the server, for which the bar is 300 MB too.
"""

import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from time import process_time

from bench.harness import browser
from bench.phone import Cost, started
from holdwell.domain.models import Moment
from holdwell.i18n.languages import content_folder
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from holdwell.transfer.csv import column_names, dates, formats, reader, saving
from holdwell.transfer.csv.cells import read_mark, read_number
from holdwell.transfer.csv.words import places_in
from tests.support.chromium import DESKTOP
from tests.support.histories import make_known_user
from tests.support.server import ROOT

ROWS = 100_000
NOW = Moment.of(datetime(2026, 11, 24, 21, 5, tzinfo=UTC))
BAR_S, BAR_MB, BAR_TIMES = 20.0, 300.0, 30.0
PATIENCE_MS = 300_000
SETTLED = """document.querySelector('[data-test-script-state]')?.dataset.testScriptState ===
'notRunning'"""
WATCH = """() => {
  window.seen = new Set();
  new MutationObserver(() => document.querySelectorAll('.stProgress [role=progressbar]').forEach(
    (bar) => window.seen.add(bar.getAttribute('aria-valuenow'))
  )).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def main(arguments: list[str]) -> int:
    """Print the figures; return 1 if one of them exceeds its bar."""
    exceeds = False
    for make in (diary, wide_diary):
        if "--browser" in arguments:
            seconds, wall, megabytes, reports = import_in_browser(make())
            print(
                f"{ROWS} rows of {make.__name__} in Chromium: {wall:.1f} s of wall time, ", end=""
            )
        else:
            with ProcessPoolExecutor(1, get_context("spawn")) as new_process:
                seconds, megabytes, reports = new_process.submit(import_many, make).result()
            print(f"{ROWS} rows of {make.__name__}: ", end="")
        print(f"{seconds:.1f} s of processor (bar {BAR_S:.0f}), ", end="")
        print(f"{megabytes:.0f} MB (bar {BAR_MB:.0f}), progress told {reports} times")
        exceeds |= seconds > BAR_S or megabytes > BAR_MB or not reports
    name, times = slowest_pattern()
    print(f"ten times the text, slowest: {name}, {times:.1f} times (bar {BAR_TIMES:.0f})")
    return int(exceeds or times > BAR_TIMES)


def diary() -> bytes:
    """Return a CSV diary of nearly ten years."""
    lines = (f"{_time(n)};{n % 11};note {n % 500}\n" for n in range(ROWS))
    return ("Date;Lower back pain;Note\n" + "".join(lines)).encode()


def wide_diary() -> bytes:
    """Return a diary with 250,000 entries in its rows: up to three pains and a session in each."""
    lines = ["Date;Lower back pain;Hip pain;Pelvic pain;Leg cramps;Stretched;Mood;Note;Weather\n"]
    for n in range(ROWS):
        pains = ";".join(str((n + m) % 11) if (n + m) % 3 else "" for m in range(3))
        done, note = ("yes" if n % 2 else "no"), f"slept badly, night {n}" if n % 4 else ""
        lines.append(f"{_time(n)};{pains};left;{done};good;{note};rain\n")
    return "".join(lines).encode()


def _time(number: int) -> str:
    return f"{datetime(2017, 6, 1, tzinfo=UTC) + timedelta(minutes=49 * number):%d.%m.%Y %H:%M}"


def import_in_browser(data: bytes) -> tuple[float, float, float, int]:
    """Import a file in a browser.

    Returns the seconds of the server's processor, the seconds of wall time, the server's peak MB,
    and the number of progress bar states that were seen.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        make_known_user(Path(folder))
        app = started(ROOT / "app.py", Path(folder), Cost())
        address, process = stack.enter_context(app)
        page = stack.enter_context(browser()).new_page(viewport=DESKTOP, locale="en-GB")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/record")
        chooser = page.locator("input[type=file]")
        chooser.wait_for(state="attached")
        page.wait_for_function(SETTLED)
        page.evaluate(WATCH)
        before = process.cpu_times()
        began = time.perf_counter()
        chooser.set_input_files({"name": "d.csv", "mimeType": "text/csv", "buffer": data})
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text(re.compile(r"Imported: \d+,\d+ entries\.")).wait_for()
        wall, after = time.perf_counter() - began, process.cpu_times()
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak_mb = int(status.partition("VmHWM:")[2].split()[0]) / 1024
        states = int(page.evaluate("window.seen.size"))
        seconds = after.user + after.system - before.user - before.system
        return seconds, wall, peak_mb, states


def import_many(make: Callable[[], bytes]) -> tuple[float, float, int]:
    """Import a file, from its bytes to the saved rows.

    Returns the processor seconds, the peak MB above the size with the file in memory, and the
    number of progress reports.
    """
    data = make()
    shares: list[float] = []
    start_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / DATABASE_NAME) as store:
        began = process_time()
        table = reader.read(data, shares.append)
        mapping = formats.propose(table, content_folder())
        dates.orders(mapping.written_days(table), NOW.local.date())
        refused, items = saving.read(store, table, mapping, NOW, UTC, shares.append)
        saved = saving.save(store, saving.compare(store, items), NOW, shares.append)
        seconds = process_time() - began
        peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        again = saving.compare(store, items)
    assert saved == again.unchanged == len(items) >= ROWS, (saved, again.unchanged)
    assert not refused, refused[:3]
    return seconds, (peak_kb - start_kb) / 1024, len(shares)


def slowest_pattern() -> tuple[str, float]:
    """Time each reader of cells on hostile texts of 2,000 and 20,000 letters; return the worst."""
    readers: dict[str, Callable[[str], object]] = {
        "day": dates.read_day, "time": dates.read_time, "number": read_number, "mark": read_mark,
        "name": column_names.is_pain, "place": places_in,
    }  # fmt: skip
    parts = ("1", " ", "a ", "1 ", "1.", "de ", "(", "[", "12:", "lower ", "pain ", "-", "\u0130")
    ends = ("", "x", " 2026", "(", "]")
    worst = ("", 0.0)
    for name, read in readers.items():
        for part in parts:
            for end in ends:
                short, long = (part * (n // len(part)) + end for n in (2_000, 20_000))
                # Times below what the clock can measure count as the least that it can.
                base = max(_seconds(read, short), 2e-5)
                worst = max(
                    worst, (f"{name} of {part!r}", _seconds(read, long) / base), key=lambda x: x[1]
                )
    return worst


def _seconds(read: Callable[[str], object], text: str) -> float:
    """Return the shortest of several times, which other work on the machine disturbs least."""
    taken = []
    for number in range(5):
        # Use another text each time, since some readers cache their results.
        began = process_time()
        read(text + str(number))
        taken.append(process_time() - began)
    return min(taken)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
