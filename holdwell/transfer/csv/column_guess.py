"""Guess the role of each column of another tracker's table from its name and its cells."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from holdwell.transfer.csv import dates
from holdwell.transfer.csv.cells import read_mark, read_number
from holdwell.transfer.csv.column_names import (
    consists_of,
    full_name,
    is_ours,
    is_pain,
    is_scored_part,
    is_stretching,
    is_word_of,
    pain_rank,
    score_role,
)
from holdwell.transfer.csv.dates import MIDNIGHT, DateOrder, When, any_day
from holdwell.transfer.csv.mapping import SCORES, Role
from holdwell.transfer.csv.table import Table
from holdwell.transfer.csv.words import (
    folded_name,
    has,
    is_part,
    part_of_day_in,
    pattern,
    places_in,
)

SAMPLE = 200
"""How many cells are read to guess what a column means."""
_MOST, _SOME = 0.6, 0.3
"""The share of cells that must fit a role, the latter if the name of the column says it."""
_TELLING = 3
"""The rank from which a name says the role, so that _SOME readable cells are enough."""
_DAY_ALONE = _TELLING + 2
"""The rank of a column called "Date" or "Day" and nothing more."""
_LONG = 12
"""Characters in an average cell of notes, in a column whose name says nothing."""
_OF_THE_DAY = ("name", "tally", "done", "filler")
"""Lists of words that leave the meaning of "Exercise" as it is: "Exercises done"."""
_HALF = re.compile(r"[ap]\W?m\W?", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class _Column:
    """The folded name of a column, and those of its first cells that are not empty."""

    name: str
    cells: Sequence[str]

    def has(self, words: str) -> bool:
        """Return whether the name has a word of a list."""
        return has(words, self.name)

    def share(self, read: Callable[[str], object]) -> float:
        """Return the share of cells for which `read` returns something."""
        return sum(read(cell) is not None for cell in self.cells) / max(len(self.cells), 1)

    def mostly(self, read: Callable[[str], object]) -> bool:
        """Return whether `read` returns something for most cells."""
        return self.share(read) >= _MOST


class _Fit(NamedTuple):
    """How well a column fits a role; of two, the greater one is better."""

    rank: int = 0  # of its name; 0 if it does not fit
    differs: bool = False  # whether not all cells have the same day, or one is a "no"
    share: float = 0.0  # of its cells that can be read


def propose(table: Table) -> tuple[Role, ...]:
    """Return a role for each column, LEAVE where nothing tells it. At most one is DATE."""
    columns = [
        _Column(full_name(group, name), list(islice(table.column(n), SAMPLE)))
        for n, (group, name) in enumerate(table.names or [("", name) for name in table.header])
    ]
    roles = _times(columns)
    # Loop computes shares of 1 from its habits, such as 0.9876.
    is_share = re.compile(r"[01][.,]\d{3,}").fullmatch
    free = [c for c in columns if c.cells and c not in roles and c.share(is_share) < 1]
    parts = {c for c, name in zip(columns, table.header, strict=True) if is_scored_part(name)}
    parts |= {c for c in free if is_part(c.name)} if table.title == "" else set()
    ranks = {c: pain_rank(c.name) or int(c in parts) for c in free}
    numeric = {c: c.share(read_number) for c in free}
    # Cells that are no numbers are refused one by one if the name says pain.
    ranks = {c: n if numeric[c] >= (_SOME if n > 1 else _MOST) else 0 for c, n in ranks.items()}
    highest = max(ranks.values(), default=0)
    # A name of pain and nothing more ("Sciatica"), or of pain around stretching, is as good as that
    # of pain in a place.
    mere = ("pain", "score", "value", "filler")
    best = {c for c in free if ranks[c] == 2 and (consists_of(c.name, *mere) or c.has("stretch"))}
    best |= {c for c in free if ranks[c] == highest > 0}
    for c in free:
        if is_stretching(c.name) and c.mostly(read_mark):
            roles[c] = Role.DONE
        elif c in best:
            roles[c] = score_role(c.name)
        elif numeric[c] < _SOME and _is_place(c, highest > 0):
            roles[c] = Role.PLACE
        elif highest > 1 and _is_of_exercises(c):
            roles[c] = Role.DID
        elif _is_note(c, highest):
            roles[c] = Role.NOTE
    if highest == 2 or (highest < 2 and Role.DONE not in roles.values()):
        _name_rows(free, roles, highest)
    if {Role.BEFORE, Role.AFTER} & {*roles.values()} and Role.DONE not in roles.values():
        roles |= _marks(free, roles)
    if highest == 1 and not _are_of_pain(columns, roles, table.title):
        roles = {c: role for c, role in roles.items() if role not in SCORES}
    return tuple(roles.get(column, Role.LEAVE) for column in columns)


def _are_of_pain(
    columns: Sequence[_Column], roles: Mapping[_Column, Role], title: str | None
) -> bool:
    """Return whether scores under a name such as "Score" are of pain.

    They may be of what the title names, or of what any other column is about.
    """
    if Role.NAME in roles.values() or title == "":
        return True
    is_around = Role.PAIN not in roles.values()
    if title is not None:
        # Scores before and after stretching are of pain.
        return is_stretching(title) and is_around
    where = [c for c, role in roles.items() if role is Role.PLACE]
    if any(places_in(cell).places for c in where for cell in c.cells):
        return True
    others = (c for c in columns if c.cells and (c not in roles or c in where))
    # Columns that only number the rows or tell their time.
    of_row = ("row", "date", "time", "end", "clock", "year", "month", "utc")
    return all(consists_of(c.name, *of_row) or (is_around and c.has("stretch")) for c in others)


# -- columns --------------------------------------------------------------------------------------


def _is_place(column: _Column, has_scores: bool) -> bool:
    """Return whether a column tells where it hurts, by its name or by most of its cells."""
    if is_word_of("place", column.name):
        return True
    if not has_scores or column.has("name") or column.has("note"):
        return False
    # Cells under a question such as "Where does it hurt?" may say more than the place.
    asks = column.has("place") and column.has("pain")
    is_other = column.has("not_pain")
    found = map(places_in, column.cells)
    told = (p.places and (asks or not (is_other or re.search(r"\w{4}", p.rest))) for p in found)
    return sum(map(bool, told)) >= _MOST * len(column.cells)


def _is_note(column: _Column, highest: int) -> bool:
    """Return whether a column has notes: by its name, or by long texts if it has none."""
    if not column.name:
        is_long = len("".join(column.cells)) >= _LONG * len(column.cells)
        return is_long and column.mostly(re.compile(r"[^\W\d_]").search)
    # Words such as "mild" are no score, and are kept as a note.
    is_worded_pain = column.has("pain") and column.share(read_number) < _SOME
    return column.has("note") or (highest > 1 and column.has("last_question")) or is_worded_pain


def _is_of_exercises(column: _Column) -> bool:
    """Return whether a column has the exercises of a day, unlike "Planned exercise" or a note."""
    is_named = column.has("session") and consists_of(column.name, "session", *_OF_THE_DAY)
    return is_named and any(map(is_stretching, column.cells))


def _marks(free: Sequence[_Column], roles: Mapping[_Column, Role]) -> dict[_Column, Role]:
    """Return the column with marks of things done, if there is one."""
    marks = {c: fit for c in free if roles.get(c) is not Role.NAME and (fit := _mark_fit(c)).rank}
    return {max(marks, key=lambda c: marks[c]): Role.DONE} if marks else {}


def _mark_fit(column: _Column) -> _Fit:
    """Return how well a column fits marks: its name says so, a "no" is among them, their share.

    A yes or no under another name tells whether it hurt, or helped. Under a name of marks, a cell
    with another word is refused, as its meaning is not known.
    """
    name, marks = column.name, set(map(read_mark, column.cells))
    if pain_rank(name) > 1 or column.mostly(any_day) or column.mostly(_time):
        return _Fit()
    # Unlike "Done by".
    is_called = column.has("done") and (column.mostly(read_mark) or is_word_of("done", name))
    # "Habit result" and "Did it?" count a thing, "Did it hurt?" does not.
    is_tally = column.has("tally") and consists_of(name, "tally", "name", "session", "filler")
    counts = is_tally and not column.has("note") and column.mostly(read_mark) and True in marks
    rank = 2 if is_called else int(counts)
    return _Fit(rank, False in marks, column.share(read_mark))


def _name_rows(free: Sequence[_Column], roles: dict[_Column, Role], highest: int) -> None:
    """Propose NAME, and a score or mark, in a file whose rows are about different things.

    Where these have scores, names such as "Back pain" and "Headache" stand under any name but that
    of notes. Where a score is called pain, or a column tells where it hurts, only such names make a
    difference, unlike "Aching", which tells what the pain is like.
    """
    scored = [c for c in free if roles.get(c) in SCORES or c.has("value")]
    kinds = [c for c in free if scored and _has_kinds_of_pain(c)]
    if highest > 1 or Role.PLACE in roles.values():
        kinds = [c for c in kinds if any(pain_rank(folded_name(cell)) > 2 for cell in c.cells)]
    named = [c for c in free if highest < 2 and c.has("name") and c not in kinds]
    named += [c for c in kinds if roles.get(c) is not Role.PLACE or not all(map(is_ours, c.cells))]
    if not named and not highest and any(c.has("length") for c in free):
        # Without how long it took, the title "Yoga" may be that of a purchase or a book.
        titles = (c for c in free if c not in roles and c.has("just_note"))
        scored, named = [], [c for c in titles if any(map(is_stretching, c.cells))]
    if not named:
        return
    # A group ("Pain") or the name of a person says less than its members.
    about = {c: sum(map(is_ours, set(c.cells))) for c in named}
    name = max(named, key=lambda c: (about[c], len(set(c.cells))))
    if scored and roles.get(scored[0], Role.PAIN) is Role.PAIN:
        roles[name], roles[scored[0]] = Role.NAME, Role.PAIN
    elif any(is_stretching(cell) for c in named for cell in c.cells):
        roles[name] = Role.NAME
        # Stretching may be the kind of workout in one row, and the exercise in another.
        for c in (c for c in named if len(c.cells) == len(name.cells)):
            pairs = zip(c.cells, name.cells, strict=True)
            if any(is_stretching(cell) and not is_stretching(other) for cell, other in pairs):
                roles[c] = Role.NAME
        roles |= _marks(free, roles)


def _has_kinds_of_pain(column: _Column) -> bool:
    """Return whether many cells are names of pain, and the column is not one of notes or lists."""
    is_note = column.has("note") and not column.has("name")
    is_list = any(re.search("[,;+&]", cell) for cell in column.cells)
    return not is_note and not is_list and column.share(lambda c: is_pain(c) or None) >= _SOME


# -- days and times -------------------------------------------------------------------------------


def _times(columns: Sequence[_Column]) -> dict[_Column, Role]:
    """Return the columns of the DATE, the MONTH and YEAR that it lacks, OFFSET and TIME, if any."""
    days = {column: _date_fit(column) for column in columns}
    dated = _best(days) or next((column for column in columns if column.has("date")), None)
    if dated is None:
        return {}
    roles = {dated: Role.DATE}
    others = [column for column in columns if column is not dated]
    year = next((column for column in others if column.has("year")), None)
    if year is not None and days[dated].share < _SOME:
        roles[year] = Role.YEAR
        if dated.mostly(lambda day: any_day(f"2024-1-{day}")):
            months = (c for c in others if is_word_of("month", c.name))
            # Under the same name may be times or words.
            months = (c for c in months if c.mostly(lambda month: any_day(f"2024-{month}-1")))
            roles |= dict.fromkeys(islice(months, 1), Role.MONTH)
    zones = (c for c in others if is_word_of("offset", c.name) and c.mostly(dates.read_zone))
    roles |= dict.fromkeys(islice(zones, 1), Role.OFFSET)
    if not any(map(_has_time, dated.cells)):
        others = [c for c in others if roles.get(c) is not Role.OFFSET]
        roles |= dict.fromkeys(_times_of_rows(others, dated), Role.TIME)
    return roles


def _times_of_rows(others: Sequence[_Column], dated: _Column) -> list[_Column]:
    """Return the column with the times of the days in `dated`, and that of AM and PM, if any."""
    fits = {column: _time_fit(column) for column in others}
    timed = [column for column, fit in fits.items() if fit.rank]
    # Several columns may have times of their own, such as one for the morning and one for the
    # evening, or one of work; none of these is the time of the row.
    halves = [column for column in timed if part_of_day_in(column.name)]
    others_named = [column for column in others if column.has("other_time")]
    out = others_named if max(len(timed), len(others_named)) > 1 else []
    out += halves if len(halves) > 1 else []
    time = _best({column: fit for column, fit in fits.items() if column not in out})
    time = time or next((c for c in others if _repeats_days(c, dated)), None)
    return [time, *(c for c in others if _is_half(c, time))][:2] if time else []


def _is_half(column: _Column, time: _Column) -> bool:
    """Return whether a column has AM or PM for the times of another, which are without."""
    if column.has("length") or column.has("not_pain"):
        return False
    times = (when.at for when in map(_time, time.cells) if when and when.at)
    lacks = all(1 <= at.hour <= 12 for at in times)
    has_own = any(re.search(r"[ap]\W?m", cell, re.IGNORECASE) for cell in time.cells)
    return lacks and not has_own and column.mostly(_HALF.fullmatch)


def _date_fit(column: _Column) -> _Fit:
    """Return how well a column fits the day of a row: by its name, if days differ, their share."""
    days = [day.day for cell in column.cells if (day := any_day(cell))]
    is_same = len(days) > 2 and len(set(days)) == 1
    is_date, is_end = column.has("date"), column.has("end")
    rank = 2 if column.has("done") else 1
    if column.has("other_date") or (is_end and not is_date):
        rank = 0
    elif is_date and not column.has("made"):
        # A day is better than a time stamp, one alone ("Date") is best, and an end is not as good.
        rank = _TELLING + column.has("day") + is_word_of("day", column.name) - 2 * is_end
    # The same day in all rows may be of something else, such as a birth, unless it is the "Date".
    rank = 1 if is_same and _TELLING <= rank < _DAY_ALONE else rank
    return _Fit(rank, not is_same, len(days) / max(len(column.cells), 1))


def _time_fit(column: _Column) -> _Fit:
    """Return how well a column fits the time of a row: by its name, and the share of times.

    Hours of sleep, kilometres and lengths (1:30) can be read as times, too.
    """
    name = column.name
    if column.has("length") or column.mostly(_length):
        return _Fit()
    if column.has("time"):
        # The time of the end is not as good as that of the beginning.
        return _Fit(1 if column.has("end") else _TELLING, True, column.share(dates.read_time))
    if not name or pattern("column", "clock").fullmatch(name):
        return _Fit(2, True, column.share(dates.read_time))
    # Words such as "evening" are no length, whatever the name.
    is_part = column.mostly(lambda cell: (when := dates.read_time(cell)) and when.part)
    latest = max((w.at.hour for w in map(_time, column.cells) if w and w.at), default=0)
    is_time = latest > 3 if is_word_of("done", name) else column.has("clock") or is_part
    return _Fit(2, True, column.share(_time)) if is_time else _Fit()


def _best(fits: Mapping[_Column, _Fit]) -> _Column | None:
    """Return the column with the best fit, if any is good enough.

    If no cell of any column can be read, a name is enough, so that each row is refused by reason.
    """
    some = _SOME if any(fit.share for fit in fits.values()) else 0.0
    good = [c for c, fit in fits.items() if fit.share >= (some if fit.rank >= _TELLING else _MOST)]
    return max(good, key=lambda column: fits[column], default=None)


def _repeats_days(column: _Column, dated: _Column) -> bool:
    """Return whether a column repeats the day of each row and adds the time."""
    found = zip(map(any_day, column.cells), map(any_day, dated.cells), strict=False)
    same = all(when and day and when.day == day.day for when, day in found)
    are_as_many = len(column.cells) == len(dated.cells) > 0
    return same and are_as_many and all(map(_has_time, column.cells))


def _time(cell: str) -> When | None:
    """Read a time; a number alone is none, as "Weight at start" may be 3.45."""
    return dates.read_time(cell) if re.search(r"[^\d.,]", cell) else None


def _has_time(cell: str) -> bool:
    """Return whether a cell has a day and a time other than midnight, which days alone may have."""
    when = any_day(cell) or dates.read_day(cell, DateOrder.SERIAL)
    return when is not None and when.at not in (None, MIDNIGHT)


def _length(cell: str) -> bool | None:
    """Return whether a cell is a length of time (0:00:35, 15 min); None if it is not."""
    counted = re.match(r"\d.*[^\W\d_]$", cell) and dates.read_time(cell) is None and read_mark(cell)
    return bool(counted or re.fullmatch(r"00?:\d\d:\d\d(?:[.,]\d+)?", cell)) or None
