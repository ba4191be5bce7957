"""A proposal of what each column of another tracker's table is, from its name and its values."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from holdwell.domain.models import DayPart
from holdwell.transfer.csv.cells import read_mark, read_number
from holdwell.transfer.csv.dates import MIDNIGHT, Clock, DateOrder, When, read_day, read_time
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import SCORES, Role
from holdwell.transfer.csv.words import folded, has, pattern, places_in

SAMPLE = 200
_MOST = 0.6
_SOME = 0.3
"""The share of cells that must read as what a column is taken for, the latter under its name."""
_TELLING = 3
"""From this rank on a name says what its column is: then _SOME readable cells are enough."""
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
    dated = _best([_date_rank(name) for name in names], shares)
    if dated is None:
        # No cell may be readable, so that each row says why it is not taken.
        dated = next((n for n, name in enumerate(names) if has("date", name)), None)
    if dated is None:
        return roles
    roles[dated] = Role.DATE
    year = next((n for n, name in enumerate(names) if has("year", name) and n != dated), None)
    if year is not None and shares[dated] < _SOME:
        roles[year] = Role.YEAR
    ranks = list(map(_time_rank, names, cells))
    ranks[dated] = 0
    halves = [n for n, rank in enumerate(ranks) if rank and _has_part_of_day(names[n])]
    if len(halves) > 1:
        # That of the morning is not the time of the pain in the evening.
        ranks = [rank * (n not in halves) for n, rank in enumerate(ranks)]
    clock = _best(ranks, list(map(_time_share, ranks, names, cells)))
    if clock is None:
        clock = next((n for n in range(len(names)) if _is_same_day(cells[n], cells[dated])), None)
    if clock is not None and not any(map(_has_time, cells[dated])):
        roles[clock] = Role.TIME
    return roles


def _has_part_of_day(name: str) -> bool:
    return any(pattern("when", part).search(name) for part in DayPart)


def _is_same_day(cells: Sequence[str], days: Sequence[str]) -> bool:
    """Say whether cells repeat the day of each row, and add the time."""
    if len(cells) != len(days) or not all(map(_has_time, cells)):
        return False
    found = zip(map(_day, cells), map(_day, days), strict=True)
    return all(one and other and one.day == other.day for one, other in found)


def _date_rank(name: str) -> int:
    """Return how well a name fits the day of a row, which may be due or made on another day."""
    if has("other_date", name):
        return 1
    if has("date", name):
        return _TELLING + _is_all("day", name)
    return 2 * has("done", name)


def _time_rank(name: str, cells: Sequence[str]) -> int:
    """Return how well a name fits a time of day; 0 if it tells nothing, or if it was a length.

    Hours of sleep and kilometres read as times, too.
    """
    if has("length", name) or _share(cells, _length) >= _MOST:
        return 0
    if has("time", name):
        return _TELLING
    # Words such as "evening" are no length, whatever the name.
    parts = _share(cells, lambda cell: (clock := read_time(cell)) and clock.part)
    return int(not name or has("clock", name) or _is_mark(name) or parts >= _MOST)


def _time_share(rank: int, name: str, cells: Sequence[str]) -> float:
    """Return the share of cells that are a time of day; 0 under a name that tells nothing."""
    if not rank:
        return 0.0
    if rank == _TELLING or not name or pattern("column", "clock").fullmatch(name):
        return _share(cells, read_time)
    # 1:30 under "Done" may be how long.
    latest = max((clock.at.hour for clock in map(_time, cells) if clock and clock.at), default=0)
    return _share(cells, _time) * (not _is_mark(name) or latest > 3)


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
    return int(any(_is_all(one, name) for one in ("score", "before", "after")))


def _is_all(words: str, name: str) -> bool:
    """Say whether a name is one of some words and no more, but for what stands in brackets."""
    # That is most often the scale.
    bare = re.sub(r"[(\[].*", "", name).strip()
    return pattern("column", words).fullmatch(bare) is not None


def _is_mark(name: str) -> bool:
    """Say whether a name is one of marks ("Done", "Habit status") and not "Done by"."""
    return _is_all("done", name) or name.endswith(" status")


def _name_rows(names: Sequence[str], roles: list[Role], cells: Mapping[int, Sequence[str]]) -> None:
    """Propose NAME, and a value or mark, in a file whose rows are about different things."""
    name = next((n for n in cells if has("name", names[n])), None)
    if name is None:
        return
    scored = [n for n in cells if roles[n] in SCORES or has("value", names[n])]
    marks = {n: _share(cells[n], read_mark) for n in cells if has("done", names[n])}
    # Marks that are not known are refused one by one: what they say is not made up.
    marked = [n for n, share in marks.items() if share >= _MOST or _is_mark(names[n])]
    marked = [n for n in marked if max(_share(cells[n], _day), _share(cells[n], _time)) < _MOST]
    marked.sort(key=lambda n: marks[n], reverse=True)
    if scored and roles[scored[0]] in (Role.LEAVE, Role.PAIN):
        roles[name], roles[scored[0]] = Role.NAME, Role.PAIN
    elif any(map(is_stretching, cells[name])):
        roles[name] = Role.NAME
        for n in marked[:1]:
            roles[n] = Role.DONE


def _best(ranks: Sequence[int], shares: Sequence[float]) -> int | None:
    """Return the column that reads best, the one of the highest rank before the others."""
    fit = [
        n
        for n, (rank, share) in enumerate(zip(ranks, shares, strict=True))
        if share >= (_SOME if rank >= _TELLING else _MOST) or (rank >= _TELLING and not any(shares))
    ]
    return max(fit, key=lambda n: (ranks[n], shares[n], -n), default=None)


def _share(cells: Sequence[str], read: Callable[[str], object]) -> float:
    """Return the share of cells that can be read."""
    return sum(read(cell) is not None for cell in cells) / len(cells) if cells else 0.0


def _day(cell: str) -> When | None:
    """Read a cell as a day in any order but a mere number, which may be anything."""
    found = (read_day(cell, order) for order in DateOrder if order is not DateOrder.SERIAL)
    return next(filter(None, found), None)


def _length(cell: str) -> bool | None:
    """Say whether a cell is how long something took: 0:00:35, 15 min."""
    counted = re.match(r"\d.*[^\W\d_]$", cell) and read_time(cell) is None and read_mark(cell)
    return bool(counted or re.fullmatch(r"00?:\d\d:\d\d(?:[.,]\d+)?", cell)) or None


def _time(cell: str) -> Clock | None:
    """Read a cell as a time but a mere number, as "Weight at start" may be 3.45."""
    return read_time(cell) if re.search(r"[^\d.,]", cell) else None


def _has_time(cell: str) -> bool:
    """Say whether a cell has a time of day after its day; midnight is that of a mere day."""
    when = _day(cell) or read_day(cell, DateOrder.SERIAL)
    return when is not None and when.clock.at not in (None, MIDNIGHT)


def _is_prose(cells: Sequence[str]) -> bool:
    letters = _share(cells, re.compile(r"[^\W\d_]").search)
    return letters >= _MOST and sum(map(len, cells)) / len(cells) >= _LONG
