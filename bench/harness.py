"""What the benchmarks share: the running app, a browser, and tables."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.chromium import QUIET, chromium_path
from tests.support.server import Server


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve a data folder until the block ends."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def browser() -> Iterator[Browser]:
    """Open Chromium until the block ends."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return the text of a table: the first column is left-aligned, the others right-aligned."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    )
