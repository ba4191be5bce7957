"""How long an import of 100,000 rows takes, and that no form of a date takes more than linear time.

Run: python -m bench.imports. Bars: 20 s and 300 MB above the start; ten times the text, at most
thirty times the time.
"""

import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from holdwell.domain.models import Moment
from holdwell.i18n.languages import content_folder
from holdwell.store.repository import opened
from holdwell.transfer.csv import column_guess, dates, formats, reader, saving
from holdwell.transfer.csv.cells import read_mark, read_number
from holdwell.transfer.csv.words import places_in

ROWS = 100_000
NOW = Moment.of(datetime(2026, 11, 24, 21, 5, tzinfo=UTC))
BAR_S, BAR_MB, BAR_TIMES = 20.0, 300.0, 30.0


def main() -> int:
    """Print the figures; 1 where one is over its bar."""
    seconds, megabytes, told = import_many()
    print(f"{ROWS} rows: {seconds:.1f} s (bar {BAR_S:.0f}), {megabytes:.0f} MB (bar {BAR_MB:.0f})")
    print(f"progress told {told} times")
    name, times = slowest_pattern()
    print(f"ten times the text, slowest: {name}, {times:.1f} times (bar {BAR_TIMES:.0f})")
    return int(seconds > BAR_S or megabytes > BAR_MB or times > BAR_TIMES)


def import_many() -> tuple[float, float, int]:
    """Import a diary from its bytes to the saved rows.

    Returns seconds of processor, peak MB, and how often progress was told.
    """
    first = datetime(2017, 6, 1, tzinfo=UTC)
    lines = [
        f"{first + timedelta(minutes=49 * n):%d.%m.%Y %H:%M};{n % 11};note {n % 500}\n"
        for n in range(ROWS)
    ]
    data = ("Date;Lower back pain;Note\n" + "".join(lines)).encode()
    del lines
    shares: list[float] = []
    start_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "holdwell.db") as store:
        began = process_time()
        table = reader.read(data, shares.append)
        mapping = formats.propose(table, content_folder()).mapping
        dates.orders(mapping.days(table), NOW.local.date())
        made, items = saving.read(store, table, mapping, NOW, UTC, shares.append)
        saved = saving.save(store, saving.compare(store, items), NOW, shares.append)
        seconds = process_time() - began
        again = saving.compare(store, items)
    assert (saved, again.there, len(made.refused)) == (ROWS, ROWS, 0), (saved, again.there)
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds, (peak_kb - start_kb) / 1024, len(shares)


def slowest_pattern() -> tuple[str, float]:
    """Time each reader of a cell on hostile texts of 2,000 and 20,000 signs; return the worst."""
    readers: dict[str, Callable[[str], object]] = {
        "day": dates.read_day, "time": dates.read_time, "number": read_number, "mark": read_mark,
        "name": column_guess.is_pain, "place": places_in,
    }  # fmt: skip
    parts = ("1", " ", "a ", "1 ", "1.", "de ", "(", "[", "12:", "lower ", "pain ", "-", "\u0130")
    ends = ("", "x", " 2026", "(", "]")
    worst = ("", 0.0)
    for name, read in readers.items():
        for part in parts:
            for end in ends:
                short, long = (part * (n // len(part)) + end for n in (2_000, 20_000))
                # The shortest time that the clock can tell counts as one.
                base = max(_seconds(read, short), 2e-5)
                worst = max(
                    worst, (f"{name} of {part!r}", _seconds(read, long) / base), key=lambda x: x[1]
                )
    return worst


def _seconds(read: Callable[[str], object], text: str) -> float:
    """Return the least of several times, which other work on the machine disturbs least."""
    taken = []
    for number in range(5):
        # Another text each time: some readers remember.
        began = process_time()
        read(text + str(number))
        taken.append(process_time() - began)
    return min(taken)


if __name__ == "__main__":
    sys.exit(main())
