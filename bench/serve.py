"""Runs the app on Streamlit's server, and times each run of its script.

Appends a line of JSON for each run to the file named by HOLDWELL_BENCH_LOG: the page's address, and
the milliseconds from the script's first line to its last or else the failure. With
HOLDWELL_BENCH_BARE=1 it shows bare pages with the same elements instead (see `bench.bare`).
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

from bench.bare import Bare, NotTheSameError, asked_page
from holdwell.ui import frame
from tests.support import server

LOG, BARE = "HOLDWELL_BENCH_LOG", "HOLDWELL_BENCH_BARE"


def timed(run: Callable[[], None], log: Path) -> Callable[[], None]:
    """Return the same script, which now logs a line for each run that comes to its end."""

    def run_timed() -> None:
        begun = time.perf_counter()
        record: dict[str, object] = {}
        try:
            run()
            record["ms"] = 1000 * (time.perf_counter() - begun)
        except NotTheSameError as error:
            record["failed"] = str(error)
        record["page"] = asked_page()
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    return run_timed


def serve(options: list[str], environment: dict[str, str], log: Path) -> None:
    """Serve until killed, as `tests.support.server.serve` does."""
    run = Bare(frame.run) if environment.get(BARE) else frame.run
    # holdwell/ui/main.py looks this function up for each run.
    frame.run = timed(run, Path(environment[LOG]))
    server.serve(options, environment, log)
