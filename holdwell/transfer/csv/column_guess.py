"""A proposal of what each column of another tracker's table is, from its name and its values."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from holdwell.transfer.csv.cells import read_mark, read_number
from holdwell.transfer.csv.dates import MIDNIGHT, DateOrder, When, read_day, read_time
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import SCORES, Role
from holdwell.transfer.csv.words import folded, has, pattern, places_in

SAMPLE = 200
_MOST = 0.6
_SOME = 0.3
"""The share of cells that must read as what a column is taken for, the latter under its name."""
_LONG = 12
"""Characters on average from which a column of words without a telling name is a note."""


def propose(table: Table) -> tuple[Role, ...]:
    """Return a role for each column; LEAVE where nothing tells. At most one DATE and one TIME."""
    cells = [list(islice(table.column(n), SAMPLE)) for n in range(len(table.header))]
    names = [folded(name) for name in table.header]
    roles = _times(names, cells)
    numeric = [_share(column, read_number) for column in cells]
    free = [n for n, role in enumerate(roles) if role is Role.LEAVE and cells[n]]
    # Under a name that says pain, cells of another form are refused one by one.
    ranks = {n: _rank(names[n]) for n in free}
    ranks = {n: rank * (numeric[n] >= (_SOME if rank > 1 else _MOST)) for n, rank in ranks.items()}
    highest = max(ranks.values(), default=0)
    for n in free:
        if has("stretch", names[n]) and _share(cells[n], read_mark) >= _MOST:
            roles[n] = Role.DONE
        elif highest and ranks[n] == highest:
            earlier = Role.BEFORE if has("before", names[n]) else Role.PAIN
            roles[n] = Role.AFTER if has("after", names[n]) else earlier
        elif pattern("column", "place").fullmatch(names[n]) and numeric[n] < _SOME:
            roles[n] = Role.PLACE
        elif (
            has("note", names[n])
            # Words such as "mild" are no number, and are kept as what they are.
            or (has("pain", names[n]) and numeric[n] < _SOME)
            or (not names[n] and _is_prose(cells[n]))
        ):
            roles[n] = Role.NOTE
    if highest < 2 and Role.DONE not in roles:
        _name_rows(names, roles, {n: cells[n] for n in free})
    return tuple(roles)


def _times(names: Sequence[str], cells: Sequence[Sequence[str]]) -> list[Role]:
    """Return the roles with the DATE found, the YEAR that it lacks, and the TIME."""
    roles = [Role.LEAVE] * len(names)
    shares = [_share(column, _day) for column in cells]
    dated = _best(names, shares, "date")
    if dated is None:
        # No cell may be readable, so that each row says why it is not taken.
        dated = next((n for n, name in enumerate(names) if has("date", name)), None)
    if dated is None:
        return roles
    roles[dated] = Role.DATE
    year = next((n for n, name in enumerate(names) if has("year", name) and n != dated), None)
    if year is not None and shares[dated] < _SOME:
        roles[year] = Role.YEAR
    # Hours of sleep and kilometres may read as times: only a name tells, or that there is none.
    times = [
        _share(column, read_time) if n != dated and (not name or has("time", name)) else 0.0
        for n, (name, column) in enumerate(zip(names, cells, strict=True))
    ]
    clock = _best(names, times, "time")
    if clock is not None and not any(map(_has_time, cells[dated])):
        # Within the first hour of the day all are no times, but how long something took.
        found = filter(None, map(read_time, cells[clock]))
        if {time.at.hour if time.at else None for time in found} != {0}:
            roles[clock] = Role.TIME
    return roles


def is_pain(name: str) -> bool:
    """Say whether a name is one of pain in the back, the pelvis or the legs, or of pain as such."""
    return _rank(folded(name)) > 1


def is_stretching(name: str) -> bool:
    """Say whether a name is one of stretching."""
    return has("stretch", folded(name))


def _rank(name: str) -> int:
    """Return how well a name fits pain: 0 not at all, 1 a mere score, 2 pain, 3 pain in a place."""
    if has("not_pain", name):
        return 0
    ours = has("back", name) or places_in(name).places
    if has("pain", name):
        return 3 if ours else 2 * (not has("elsewhere", name))
    # What stands in brackets is most often the scale.
    bare = re.sub(r"[(\[].*", "", name).strip()
    return int(any(pattern("column", one).fullmatch(bare) for one in ("score", "before", "after")))


def _name_rows(names: Sequence[str], roles: list[Role], cells: Mapping[int, Sequence[str]]) -> None:
    """Propose NAME, and a value or mark, in a file whose rows are about different things."""
    name = next((n for n in cells if has("name", names[n])), None)
    if name is None:
        return
    scored = [n for n in cells if roles[n] in SCORES or has("value", names[n])]
    # Marks that are not known are refused one by one: what they say is not made up.
    marked = [n for n in cells if has("done", names[n])]
    marked.sort(key=lambda n: _share(cells[n], read_mark), reverse=True)
    if scored and roles[scored[0]] in (Role.LEAVE, Role.PAIN):
        roles[name], roles[scored[0]] = Role.NAME, Role.PAIN
    elif any(map(is_stretching, cells[name])):
        roles[name] = Role.NAME
        for n in marked[:1]:
            roles[n] = Role.DONE


def _best(names: Sequence[str], shares: Sequence[float], words: str) -> int | None:
    """Return the column that reads best, one with a telling name before the others."""
    telling = [has(words, name) for name in names]
    fit = [
        n
        for n, share in enumerate(shares)
        if share >= (_SOME if telling[n] else _MOST) or (telling[n] and not any(shares))
    ]
    return max(fit, key=lambda n: (telling[n], shares[n], -n), default=None)


def _share(cells: Sequence[str], read: Callable[[str], object]) -> float:
    """Return the share of cells that can be read."""
    return sum(read(cell) is not None for cell in cells) / len(cells) if cells else 0.0


def _day(cell: str) -> When | None:
    """Read a cell as a day in any order but a mere number, which may be anything."""
    found = (read_day(cell, order) for order in DateOrder if order is not DateOrder.SERIAL)
    return next(filter(None, found), None)


def _has_time(cell: str) -> bool:
    """Say whether a cell has a time of day after its day; midnight is that of a mere day."""
    when = _day(cell) or read_day(cell, DateOrder.SERIAL)
    return when is not None and when.clock.at not in (None, MIDNIGHT)


def _is_prose(cells: Sequence[str]) -> bool:
    letters = _share(cells, re.compile(r"[^\W\d_]").search)
    return letters >= _MOST and sum(map(len, cells)) / len(cells) >= _LONG
