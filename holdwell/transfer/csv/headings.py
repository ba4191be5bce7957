"""What stands above the rows of a table: the names of its columns, and its title."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice, zip_longest

from holdwell.transfer.csv.dates import any_day, read_time
from holdwell.transfer.csv.words import folded, folded_name, has, pattern, places_in

_VALUE = re.compile(r"[\d\s.,:/+\-TZ%]+(?:[ap]\.?\s?m\.?)?", re.IGNORECASE)


def width(cells: Iterable[str]) -> int:
    """Return the number of cells that are not empty."""
    return sum(map(bool, cells))


def is_header(cells: Sequence[str], *, is_first: bool) -> bool:
    """Return whether a row has several names, and no number, date or time."""
    numbers = [cell for cell in cells if any(map(str.isdigit, cell))]
    values = (len(cell) < 40 and _VALUE.fullmatch(cell) for cell in numbers)
    # In the first row, the column of days may have no name.
    is_wide = width(cells) > 1 or (is_first and len(cells) > 1 and not cells[0])
    return is_wide and not any(values) and not any(map(any_day, numbers))


def day_names(cells: Sequence[str]) -> frozenset[int]:
    """Return the columns that have names of days in a row."""
    names = enumerate(map(folded_name, cells))
    return frozenset(n for n, name in names if has("date", name))


def is_diary(cells: Sequence[str]) -> bool:
    """Return whether a header names days, and pain or stretching in another column."""
    names = list(map(folded_name, cells))
    days = [name for name in names if has("date", name)]
    told = (n for n in names if has("stretch", n) or (has("pain", n) and not has("not_pain", n)))
    return any(name != day for name in told for day in days)


def subject(cells: Sequence[str]) -> str | None:
    """Return what a title says that the rows below are about: "mood"; "" if it is pain.

    None is for a row that is no title, or one of a time: "October 2026", "Week 48", "Evening".
    """
    text = "".join(cells)
    if width(cells) != 1 or any_day(text) or read_time(text):
        return None
    rest = pattern("column", "period").sub(" ", folded(text))
    words = re.findall(r"[^\W\d_]+", rest)
    title = " ".join(word for word in words if not any_day(f"1 {word} 2024"))
    is_ours = has("pain", title) and not has("not_pain", title) and not has("elsewhere", title)
    is_place = places_in(title).is_only_place or pattern("column", "back").fullmatch(title)
    return "" if is_ours or is_place else title or None


def two_lines(
    header: Sequence[str], above: Sequence[str], below: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return the upper and lower name of each column if the header has two lines, else nothing.

    A name in the upper line is that of several columns: "Pain" over "Before" and "After". The line
    beside the header has nothing where the days are.
    """
    days = day_names(header)
    for upper, lower in ((above, header), (header, below)):
        other = above if lower is header else below
        has_days = any(other[n] for n in days if n < len(other))
        if not days or has_days or not is_header(other, is_first=True):
            continue
        names, group = list[tuple[str, str]](), ""
        for own, part in islice(zip_longest(upper, lower, fillvalue=""), len(header)):
            group = own or (group if part else "")
            names.append((group, part))
        if upper is above or any(part and not own for own, part in zip(upper, lower, strict=False)):
            return tuple(names)
    return ()
