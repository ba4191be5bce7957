"""Tables that stand side by side in one file, such as a week in each: Date, Pain, Date, Pain."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from holdwell.transfer.csv.headings import day_names, is_diary
from holdwell.transfer.csv.words import folded_name


def tables_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[dict[int, int]]:
    """Return the columns of each table, or nothing if there is only one.

    All tables have their days under the same name, and not only the days of the first. Each column
    is given with the one that has the same name in the first table, else with itself.
    """
    names = list(map(folded_name, header))
    days = sorted(day_names(header))
    days = [n for n in days if names[n] == names[days[0]]]
    if len(days) < 2:
        return []
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
    width = sum(map(len, found))
    beyond = cells[width:]
    for columns in found:
        # No longer than needed: there may be hundreds of tables.
        part = [""] * (width if any(beyond) else max(columns.values()) + 1)
        for n, first in columns.items():
            if n < len(cells):
                part[first] = cells[n]
        if any(part) or any(beyond):
            yield (*part, *beyond)
        beyond = ()
