"""Times of a whole column, where some cells tell what others mean."""

import re
from collections.abc import Collection, Iterable
from datetime import time, tzinfo

from holdwell.transfer.csv.dates import FRACTION, NO_DAY, DateOrder, When, read_day, read_time

_RANGE = re.compile(
    r"(?:[^T]* )?([01]?\d|2[0-3])[:.]([0-5]\d) ?[-–—] ?([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII
)


def read_days(
    cells: Iterable[str], order: DateOrder | None, zone: tzinfo | None, *, by_clock: bool
) -> dict[str, When | None]:
    """Read the days of a column, without their time where many are midnight: some apps write so.

    It may be midnight as written, or midnight in `zone` of times in UTC. The latter keep their
    offset, so that they are the same instant in any zone. `by_clock`: a tracker wrote the times.
    """
    days = {cell: read_day(cell, order) for cell in cells}
    # What looks like an offset may end a time: 2026-11-24 9:00-10:00.
    days |= {cell: when._replace(offset=None) for cell in _ranges(days) if (when := days[cell])}
    local = {cell: when and when.on_clock(zone) for cell, when in days.items()}
    for stamps, has_offset in ((days, False), (local, True)):
        timed = {cell: when for cell, when in stamps.items() if when and when.at}
        mere = {cell: when for cell, when in timed.items() if when.at == time(0)}
        is_odd = not by_clock and _has_odd_midnights(timed.values())
        if is_odd or len(mere) * 3 > len(timed) * 2:
            return days | {
                cell: When(when.day, offset=when.offset if has_offset else None)
                for cell, when in mere.items()
            }
    return days


def read_times(
    written: Collection[str], *, of_hours: bool = False, by_clock: bool = False
) -> dict[str, When | None]:
    """Read the times of a column, in which some tell what others mean.

    21 tells that 8 is an hour in a column that is called so, 2105 that 915 is a time, and 0.875
    that 0.25 is a part of the day. Midnights that stand for no time are without it, unless a
    tracker's clock wrote them.
    """
    cells = set(written)
    hours = [int(cell) for cell in cells if re.fullmatch(r"\d{1,2}", cell)]
    has_halves = any(re.search(r"[ap]\W?m", cell, re.IGNORECASE) for cell in cells)
    is_hour = of_hours and 12 < max(hours, default=0) < 24 and not has_halves
    has_clock = any(re.fullmatch(r"\d{4}", cell) and read_time(cell) for cell in cells)
    has_parts = any(map(FRACTION.fullmatch, cells))

    def whole(cell: str) -> str:
        if is_hour and re.fullmatch(r"\d{1,2}", cell):
            return f"{cell}:00"
        if has_clock and re.fullmatch(r"[1-9][0-5]\d", cell):
            return f"{cell[0]}:{cell[1:]}"
        return f"{cell}0" if has_parts and re.fullmatch(r"0?[.,]\d\d", cell) else cell

    times = {cell: read_time(whole(cell)) for cell in cells} | dict.fromkeys(_ranges(cells))
    timed = [when for when in map(times.get, written) if when and when.at]
    # A spreadsheet does not write 12am.
    midnight = When(NO_DAY, time(0))
    mere = {cell for cell, when in times.items() if when == midnight and "00" in cell}
    are_most = sum(cell in mere for cell in written) * 3 > len(timed) * 2
    if not by_clock and (are_most or _has_odd_midnights(timed)):
        times |= dict.fromkeys(mere, When(NO_DAY))
    return times


def _ranges(cells: Iterable[str]) -> set[str]:
    """Return cells with a beginning and an end (9:00-10:00), which could be a time and its offset.

    It is an offset in all of them if there is one with an end that is before its beginning.
    """
    matches = {cell: match for cell in cells if (match := _RANGE.fullmatch(cell))}
    ends = [[time(int(m[n]), int(m[n + 1])) for n in (1, 3)] for m in matches.values()]
    return set(matches) if all(begin < end for begin, end in ends) else set()


def _has_odd_midnights(timed: Iterable[When]) -> bool:
    """Return whether several times are midnight, and fewer are within an hour before or after.

    The user did not write these, but a spreadsheet. In UTC, midnight may be any hour of the user.
    """
    times = [when.at for when in timed if when.at and when.offset is None and not when.ends_day]
    around = sum(at != time(0) and not time(1) < at < time(23) for at in times)
    return times.count(time(0)) > max(1, around)
