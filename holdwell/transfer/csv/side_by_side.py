"""Tables that stand side by side in one file, such as a week in each: Date, Pain, Date, Pain.

So do the times of one day: Date, Time 1, Pain 1, Time 2, Pain 2.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress

from holdwell.transfer.csv.headings import day_names, is_diary
from holdwell.transfer.csv.words import folded_name, has


def tables_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[dict[int, int]]:
    """Return the columns of each table, or nothing if there is only one.

    All tables have their days under the same name, and not only the days of the first. Each column
    is given with the one that has the same name in the first table, else with itself.
    """
    names = list(map(folded_name, header))
    days = sorted(day_names(header))
    days = [n for n in days if names[n] == names[days[0]]]
    if len(days) < 2:
        return _times_of(names, days)
    spans = [range(*span) for span in zip([0, *days[1:]], [*days[1:], len(names)], strict=True)]
    named = [[names[n] for n in span if names[n]] for span in spans]
    are_ours = all(each in (named[0], named[0][-len(each) :]) or is_diary(each) for each in named)
    if not are_ours or not any(_has_other_days(cells, days) for cells in rows):
        return []
    first: dict[tuple[str, int], int] = {}
    found: list[dict[int, int]] = []
    for span in spans:
        seen = Counter[str]()
        columns: dict[int, int] = {}
        for n in span:
            columns[n] = first.setdefault((names[n], seen[names[n]]), n)
            seen[names[n]] += 1
        found.append(columns)
    return found


def _times_of(names: Sequence[str], days: Sequence[int]) -> list[dict[int, int]]:
    """Return the columns of each time in a row (Time 1, Pain 1, Time 2, Pain 2), or nothing.

    The first time has all columns that are not repeated, and each other one that of the day.
    """
    bare = [re.sub(r"[\W\d_]+", " ", name).strip() for name in names]
    starts = [n for n, name in enumerate(bare) if has("time", name)]
    starts = [n for n in starts if bare[n] == bare[starts[0]]]
    size = starts[1] - starts[0] if len(starts) > 1 else 0
    if len(days) != 1 or size < 2 or days[0] in range(starts[0], starts[-1] + size):
        return []
    if any(bare[n : n + size] != bare[starts[0] : starts[1]] for n in starts):
        return []
    further = [{days[0]: days[0]} | {n + k: starts[0] + k for k in range(size)} for n in starts[1:]]
    repeated = set[int]().union(*further) - {days[0]}
    return [{n: n for n in range(len(names)) if n not in repeated}, *further]


def _has_other_days(cells: Sequence[str], columns: Sequence[int]) -> bool:
    """Return whether a row has a day that is not that in the first of some columns."""
    first, *others = (cells[n] if n < len(cells) else "" for n in columns)
    return any(day not in ("", first) for day in others)


def parts_of(
    cells: tuple[str, ...], found: Sequence[Mapping[int, int]]
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a row in each table under the names of the first one, if there are any.

    Cells beyond the header stay with the first table.
    """
    width = 1 + max(map(max, found))
    beyond = cells[width:]
    shared = found[0].keys() & found[1].keys()
    # Of several times in a row, the first that is there has all that is not repeated.
    once = {n: n for n in found[0] if shared and n not in found[1].values()}
    own = [each.keys() - shared - once.keys() for each in found]
    is_filled = [any(cells[n : n + 1] > ("",) for n in each) for each in own]
    is_filled[0] |= any(beyond) or not any(is_filled)
    for columns in compress(found, is_filled):
        columns, once = {**columns, **once}, {}
        # No longer than needed: there may be hundreds of tables.
        part = [""] * (width if any(beyond) else max(columns.values()) + 1)
        for n, first in columns.items():
            if n < len(cells):
                part[first] = cells[n]
        yield (*part, *beyond)
        beyond = ()
