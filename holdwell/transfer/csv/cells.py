"""The cells of a row: scores of pain on several scales, marks of things done, and notes."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from holdwell.domain.models import PAIN_MAX
from holdwell.transfer.csv.words import folded, folded_name, listed, pattern, places_in


class Refusal(StrEnum):
    """Why a row is refused. The sentence for each reason is in content/wording."""

    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    NO_YEAR = "no_year"  # the cell is a day without its year
    BAD_TIME = "bad_time"
    FUTURE = "future"
    TOO_OLD = "too_old"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_SCALE = "out_of_scale"
    NOT_A_MARK = "not_a_mark"  # the cell should say whether the user stretched, and does not
    NOT_DONE = "not_done"
    OTHER_NAME = "other_name"  # the row is about something else
    NO_NAME = "no_name"  # the row has a score and does not say of what, where others do
    OUTSIDE = "outside"  # the row belongs to another table in the file
    NO_SCORE = "no_score"  # the row has a note, and no score or session for it
    DELETED = "deleted"  # the user had deleted the row before Holdwell exported it
    NOTHING = "nothing"
    REPEATED = "repeated"  # the same row, with a time, is above
    NOTE_LONG = "note_long"
    TOO_WIDE = "too_wide"


@dataclass(eq=False)
class RowRefusedError(Exception):
    """A row is refused. `value` is the cell at fault, if there is one."""

    reason: Refusal
    value: str = ""


class Scale(StrEnum):
    """The scale of the scores in a file. TEN is NRS-11 itself; the others are converted to it."""

    TEN = "ten"
    TEN_PARTS = "ten_parts"
    THREE = "three"
    FOUR = "four"
    FIVE = "five"
    ONE_TO_FIVE = "one_to_five"
    HUNDRED = "hundred"

    @property
    def ends(self) -> tuple[int, int]:
        """The numbers for no pain and for the worst pain."""
        ends = {
            Scale.THREE: (0, 3),
            Scale.FOUR: (0, 4),
            Scale.FIVE: (0, 5),
            Scale.ONE_TO_FIVE: (1, 5),
            Scale.HUNDRED: (0, 100),
        }
        return ends.get(self, (0, PAIN_MAX))


@dataclass(frozen=True, slots=True)
class Score:
    """A score of pain: its number in the file, the score on NRS-11, and whether they differ."""

    value: Decimal
    nrs: int
    converted: bool


OF_WORDS = "of|von|van|de|di|sur|su|sobre"
_SCORE = re.compile(
    r"\+?(\d{1,6}(?:[.,]\d{1,17})?) ?"
    rf"(?:(%)|(?:/|(?:out )?(?:{OF_WORDS})) ?(\d{{1,3}})"
    rf"|\((?:nrs )?(?:0 ?[-–] ?|(?:out )?(?:{OF_WORDS}) ?|/)?(10)\))?"
    # A word for the number, such as (severe), - severe, :severe. It does not include (of 5).
    r"(?: ?\([^()\d]{1,40}\)|(?: ?: ?| [-–] )[^\W\d].{0,80})?",
    re.IGNORECASE,
)
"""A score: 7, 6.5, 70 %, 7/10, 7 out of 10, 7 (0-10), 7 (severe), 7 - severe."""
_COUNT = re.compile(
    r"(?:(\d{1,2}) ?[x×] ?)?([.,]?\d[\d.,:]{0,11}?)"
    rf"(?: ?([^\W\d]{{0,10}}|%)|:(\D.*)| ?(?:/|{OF_WORDS}) ?\d{{1,4}})"
)
"""How often or how much a thing was done: 2, 2x, 3 x 30 s, 15 min, 50 %, 1: yes, 2/3, 1 of 2."""
_WORD_FIRST = re.compile(r"([^\W\d]{2,})(?:[,;:]| [-–(]).*")
"""A word with more behind it: yes, both; no - too tired; done (10 min)."""
_STATED_SCALE = re.compile(
    r"(?:(?<![\d.,])([01]) ?(?:-|–|—|\.\.|[=:][^=:\d]{1,30}|\w{1,3} )\W{0,3}"
    rf"|(?:/|\b(?:{OF_WORDS})\b) ?(?![01]\b))(\d{{1,3}})(?!\d)|\bnrs\b|%|\bmm\b",
    re.IGNORECASE,
)
"""A scale in a header: 0-10, 1 to 5, 0 à 10, 0 = none … 10 = worst, /10, out of 5, NRS, %."""


@lru_cache(maxsize=1000)
def read_score(cell: str, scale: Scale, divide: int = 1) -> Score | None:
    """Read a score of pain, its number divided by `divide`; None if the cell says there is none.

    Raises RowRefusedError.
    """
    if folded(cell) in listed("empty", "score"):
        return None
    match = _SCORE.fullmatch(cell)
    if match is None:
        raise RowRefusedError(Refusal.NOT_A_NUMBER, cell)
    value = Decimal(match[1].replace(",", ".")) / divide
    least, most = scale.ends
    stated_most = 100 if match[2] else int(match[3] or match[4] or most)
    if not least <= value <= most or stated_most != most:
        raise RowRefusedError(Refusal.OUT_OF_SCALE, cell)
    whole = value == value.to_integral_value()
    if scale is Scale.TEN and not whole:
        raise RowRefusedError(Refusal.NOT_WHOLE, cell)
    nrs = ((value - least) * PAIN_MAX / (most - least)).quantize(Decimal(1), ROUND_HALF_UP)
    return Score(value, int(nrs), (least, most) != (0, PAIN_MAX) or not whole)


def read_number(cell: str) -> Decimal | None:
    """Return the number in a cell with a score on any scale; None if it has none."""
    match = _SCORE.fullmatch(cell)
    return Decimal(match[1].replace(",", ".")) if match else None


@lru_cache(maxsize=1000)
def read_mark(cell: str) -> bool | None:
    """Return whether a cell marks a thing as done; None if unclear. A number counts how often."""
    text = folded(cell)
    if match := _COUNT.fullmatch(text):
        times, count, unit = match[1], match[2], match[3]
        if unit and not pattern("mark", "unit").fullmatch(unit):
            return None
        return all(re.search("[1-9]", number) for number in (times or "1", count))
    if more := _WORD_FIRST.fullmatch(text):
        text = more[1]
    if text in listed("mark", "done") | listed("mark", "ticked"):
        return True
    return False if text in listed("mark", "not_done") | listed("mark", "not_ticked") else None


def has_more(cell: str) -> bool:
    """Return whether a cell marks a thing as done, or as not done, and says more about it."""
    return _WORD_FIRST.fullmatch(folded(cell)) is not None and read_mark(cell) is not None


class Scales(NamedTuple):
    """The scale of scores if it is clear, and else the one that the header states.

    The user has to confirm the latter. Without scores, any scale would do.
    """

    known: Scale | None
    stated: Scale | None = None
    has_scores: bool = True


def scales_of(header: str, cells: Set[str], divide: int = 1) -> Scales:
    """Return TEN if the scores are clearly whole numbers from 0 to 10, else the stated scale.

    The header may state the scale. If it does not, a score from 6 to 10 is enough; scores up to 5
    may as well be on a scale of 0 to 5. A scale that not all scores fit is not the stated one.
    """
    if not cells:
        return Scales(Scale.TEN, has_scores=False)
    numbers = [number / divide for cell in cells if (number := read_number(cell)) is not None]
    is_whole = all(number == number.to_integral_value() for number in numbers)
    ends = {
        (0, 100) if scale[0].lower() in ("%", "mm") else (int(scale[1] or 0), int(scale[2] or 10))
        for scale in _STATED_SCALE.finditer(header)
    }
    if numbers and max(numbers) <= PAIN_MAX and is_whole and ends <= {Scale.TEN.ends}:
        out_of_ten = all(re.search(r"(?:/|of|-|–|\()\s?10\)?$", cell) for cell in cells)
        if ends or out_of_ten or max(numbers) > 5:
            return Scales(Scale.TEN)
    alike = (s for s in Scale if ends == {s.ends} and (is_whole or s is not Scale.TEN))
    stated = next(alike, Scale.TEN)
    least, most = stated.ends
    fits = ends == {stated.ends} and all(least <= number <= most for number in numbers)
    return Scales(None, stated if fits else None)


def note_forms(
    notes: Sequence[tuple[str, str]], places: Sequence[tuple[str, str]], several: bool
) -> tuple[str, ...]:
    """Return the note of a row, followed by its other forms in files that have the same row.

    `notes` and `places` are cells with the names of their columns. The names are written where
    `several` columns hold notes, and the next file may have more or fewer of them. Versions before
    28 November 2026 also kept the line ends of the file.
    """
    lines = [line for name, cell in notes if (line := _note_line(name, cell))]
    if not places_in(" ".join(cell for _, cell in places)).is_only_place:
        lines += [(f"{name}: {cell}",) * 2 for name, cell in places]
    forms = (
        "\n".join(line[is_named].replace("\n", end) for line in lines)
        for is_named in (several, not several)
        for end in ("\n", "\r\n", "\r")
    )
    return tuple(dict.fromkeys(forms))


def _note_line(name: str, cell: str) -> tuple[str, str] | None:
    """Return what a cell adds to a note, without and with the name of its column, if anything."""
    mark = folded(cell[:20])
    if mark in listed("mark", "not_ticked"):
        return None
    if mark in listed("mark", "ticked"):
        # A ticked box says as much as its name, such as pain.backache.
        return (name.rpartition(".")[2] or name,) * 2
    if folded(name) == "label" and mark in listed("mark", "done") | listed("mark", "not_done"):
        # Track & Graph writes the word for the value: 1.0 and Yes.
        return None
    is_just_note = listed("column", "just_note") >= set(folded_name(name).split())
    return cell, cell if is_just_note else f"{name}: {cell}"
