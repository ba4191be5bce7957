"""A proposal of what each column of another tracker's file is, from its name and its values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import islice

from holdwell.transfer.csv.dates import DateOrder, read_day, read_time
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import Role, read_number

_SAMPLE = 200
_MOST = 0.6
"""The share of a column's cells that must read as what it is taken for."""
_LONG = 12
"""Characters on average from which a column of words without a telling name is a note."""

# English, Spanish, German, French, Italian and Portuguese, without accents.
_NAMES = {
    Role.DATE: r"\b(date|day|datetime|timestamp|when|fecha|dia|datum|tag|jour|giorno|data"
    r"|started_at|local_day)\b",
    Role.TIME: r"\b(time|hour|hora|zeit|uhrzeit|heure|ora)\b",
    Role.NOTE: r"note|comment|remark|journal|symptom|nota|notiz|comentario|kommentar|bemerkung"
    r"|remarque|observ|\btext\b",
}
_PAIN = r"pain|ache|dolor|schmerz|douleur|\bdor\b|\bnrs\b|\bvas\b|score|intens|severity|\blevel\b"
_AFTER = r"after|\bpost|despues|nach|apres|dopo|depois"


def propose(table: Table, locale: str = "en") -> tuple[Role, ...]:
    """One role for each column; LEAVE where nothing tells. At most one DATE and one TIME."""
    cells = [list(islice(table.column(n), _SAMPLE)) for n in range(len(table.header))]
    names = [_plain(name) for name in table.header]
    roles = [Role.LEAVE] * len(names)
    days = [_share(column, lambda cell: _is_day(cell, locale)) for column in cells]
    first = _best(names, days, _NAMES[Role.DATE])
    if first is not None:
        roles[first] = Role.DATE
        if not any(_has_time(cell, locale) for cell in cells[first]):
            times = [
                _share(column, lambda cell: read_time(cell) is not None) if n != first else 0.0
                for n, column in enumerate(cells)
            ]
            clock = _best(names, times, _NAMES[Role.TIME])
            if clock is not None:
                roles[clock] = Role.TIME
    for number, name in enumerate(names):
        if roles[number] is not Role.LEAVE or not cells[number]:
            continue
        if re.search(_PAIN, name):
            numeric = _share(cells[number], lambda cell: read_number(cell) is not None) >= _MOST
            role = Role.AFTER if re.search(_AFTER, name) else Role.BEFORE
            # Words such as "mild" are no number, and are kept as what they are.
            roles[number] = role if numeric and role not in roles else Role.NOTE
        elif re.search(_NAMES[Role.NOTE], name) or (not name and _is_prose(cells[number])):
            roles[number] = Role.NOTE
    return tuple(roles)


def _best(names: Sequence[str], shares: Sequence[float], pattern: str) -> int | None:
    """The column that reads best, one with a telling name before the others."""
    fit = [number for number, share in enumerate(shares) if share >= _MOST]
    return max(
        fit,
        key=lambda number: (bool(re.search(pattern, names[number])), shares[number], -number),
        default=None,
    )


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(test(cell) for cell in cells) / len(cells) if cells else 0.0


def _is_day(cell: str, locale: str) -> bool:
    return any(read_day(cell, order, locale) for order in DateOrder)


def _has_time(cell: str, locale: str) -> bool:
    found = [read_day(cell, order, locale) for order in DateOrder]
    return any(when is not None and when.at is not None for when in found)


def _is_prose(cells: Sequence[str]) -> bool:
    letters = _share(cells, lambda cell: any(c.isalpha() for c in cell))
    return letters >= _MOST and sum(map(len, cells)) / len(cells) >= _LONG


def _plain(name: str) -> str:
    """A name without case and accents."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
