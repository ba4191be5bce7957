"""Cells of another tracker's table: scores of pain on several scales, and marks of things done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from holdwell.domain.models import PAIN_MAX
from holdwell.transfer.csv.words import folded, folded_name, listed, pattern, places_in


class Refusal(StrEnum):
    """Why a row is not taken; each reason has its sentence in content/wording."""

    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    BAD_TIME = "bad_time"
    FUTURE = "future"
    TOO_OLD = "too_old"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_SCALE = "out_of_scale"
    NOT_A_MARK = "not_a_mark"  # a cell that does not say whether the user stretched
    NOT_DONE = "not_done"
    OTHER_NAME = "other_name"  # the row is about something else
    OUTSIDE = "outside"  # the row belongs to another table in the file
    NO_SCORE = "no_score"  # a note, and neither a score nor a session that it belongs to
    DELETED = "deleted"  # before Holdwell exported the row
    NOTHING = "nothing"
    NOTE_LONG = "note_long"
    TOO_WIDE = "too_wide"


@dataclass(eq=False)
class RowRefusedError(Exception):
    """A row is not taken; `value` is the cell at fault."""

    reason: Refusal
    value: str = ""


class Scale(StrEnum):
    """What the numbers of pain are. TEN is NRS-11 as it is; the others are brought to it."""

    TEN = "ten"
    TEN_PARTS = "ten_parts"
    FOUR = "four"
    FIVE = "five"
    ONE_TO_FIVE = "one_to_five"
    HUNDRED = "hundred"

    @property
    def ends(self) -> tuple[int, int]:
        """Return the numbers that mean no pain and the worst pain."""
        ends = {"four": (0, 4), "five": (0, 5), "one_to_five": (1, 5), "hundred": (0, 100)}
        return ends.get(self, (0, PAIN_MAX))


@dataclass(frozen=True, slots=True)
class Score:
    """One score of pain: the number in the file, NRS-11, and whether these are not the same."""

    value: Decimal
    nrs: int
    converted: bool


OF = "of|von|van|de|di|sur|su|sobre"
_NUMBER = re.compile(
    r"\+?(\d{1,6}(?:[.,]\d{1,17})?) ?"
    rf"(?:(%)|(?:/|(?:out )?(?:{OF})) ?(\d{{1,3}})"
    rf"|\((?:nrs )?(?:0 ?[-–] ?|(?:out )?(?:{OF}) ?|/)?(10)\))?"
    # A word for the number, such as (severe), - severe, :severe; (of 5) is more than that.
    r"(?: ?\([^()\d]{1,40}\)|(?: ?: ?| [-–] )[^\W\d].{0,80})?",
    re.IGNORECASE,
)

_COUNT = re.compile(r"([.,]?\d[\d.,:]{0,11}?)(?: ?([^\W\d]{0,10}|%)|:(\D.*)| ?/ ?\d{1,4})")
_SAYS = re.compile(
    r"(?:(?<![\d.,])([01]) ?(?:-|–|—|\.\.|[=:][^=:\d]{1,30}|\w{1,3} )\W{0,3}"
    rf"|(?:/|\b(?:{OF})\b) ?(?![01]\b))(\d{{1,3}})(?!\d)|\bnrs\b|%|\bmm\b",
    re.IGNORECASE,
)
"""0-10, 1 to 5, 0 à 10, 0 = none … 10 = worst, /10, out of 5, NRS, %."""


def read_score(cell: str, scale: Scale, divide: int = 1) -> Score:
    """Read a score of pain, its number divided by `divide`. Raises RowRefusedError."""
    match = _NUMBER.fullmatch(cell)
    if match is None:
        raise RowRefusedError(Refusal.NOT_A_NUMBER, cell)
    value = Decimal(match[1].replace(",", ".")) / divide
    least, most = scale.ends
    said = 100 if match[2] else int(match[3] or match[4] or most)
    if not least <= value <= most or said != most:
        raise RowRefusedError(Refusal.OUT_OF_SCALE, cell)
    whole = value == value.to_integral_value()
    if scale is Scale.TEN and not whole:
        raise RowRefusedError(Refusal.NOT_WHOLE, cell)
    nrs = ((value - least) * PAIN_MAX / (most - least)).quantize(Decimal(1), ROUND_HALF_UP)
    return Score(value, int(nrs), (least, most) != (0, PAIN_MAX) or not whole)


def read_number(cell: str) -> Decimal | None:
    """Return the number of a cell of pain, whatever its scale; None if it is none."""
    match = _NUMBER.fullmatch(cell)
    return Decimal(match[1].replace(",", ".")) if match else None


def read_mark(cell: str) -> bool | None:
    """Say whether a cell marks a thing as done; None if it does not tell. A number is a count."""
    text = folded(cell)
    if match := _COUNT.fullmatch(text):
        known = not match[2] or pattern("mark", "unit").fullmatch(match[2])
        return any(digit in "123456789" for digit in match[1]) if known else None
    if text in listed("mark", "done") | listed("mark", "ticked"):
        return True
    return False if text in listed("mark", "not_done") | listed("mark", "not_ticked") else None


def scale_of(header: str, cells: Sequence[str], divide: int = 1) -> Scale | None:
    """Return the scale if it is plain that it is 0 to 10 in whole numbers; None: the user says.

    Plain is what the header says, or whole numbers of which one is 6 to 10 under a header that says
    no other scale: no more than 5 may as well be 0 to 5.
    """
    numbers = [number / divide for cell in cells if (number := read_number(cell)) is not None]
    is_whole = all(number == number.to_integral_value() for number in numbers)
    found = _SAYS.finditer(header)
    said = {one[0].lower() == "nrs" or (one[1] != "1" and one[2] == "10") for one in found}
    if not numbers or max(numbers) > PAIN_MAX or not is_whole or False in said:
        return None
    over = all(re.search(r"(?:/|of|-|–|\()\s?10\)?$", cell) for cell in cells)
    return Scale.TEN if said or over or max(numbers) > 5 else None


def note_forms(
    noted: Sequence[tuple[str, str]], placed: Sequence[tuple[str, str]], several: bool
) -> tuple[str, ...]:
    """Return the note of a row, and then each other form that files with the same row give it.

    `noted` and `placed` are cells with the names of their columns, which are written where there
    are several columns of notes. The next file may have data in more of them, and other line ends.
    """
    forms = [_note_lines(noted, placed, with_names) for with_names in (several, not several)]
    ends = ("\n", "\r\n", "\r") if any("\n" in line for line in forms[0]) else ("\n",)
    notes = ["\n".join(x.replace("\n", end) for x in lines) for lines in forms for end in ends]
    return tuple(notes) if len(set(notes)) > 1 else (notes[0],)


def _note_lines(
    noted: Sequence[tuple[str, str]], placed: Sequence[tuple[str, str]], with_names: bool
) -> list[str]:
    lines: list[str] = []
    for name, cell in noted:
        # A box that was ticked is worth its name, such as pain.backache.
        mark = folded(cell[:20])
        if mark in listed("mark", "ticked"):
            lines.append(name.rpartition(".")[2] or name)
        elif mark not in listed("mark", "not_ticked"):
            plain = listed("column", "just_note") >= set(folded_name(name).split())
            lines.append(f"{name}: {cell}" if with_names and not plain else cell)
    if not places_in(" ".join(cell for _, cell in placed)).is_all:
        lines += [f"{name}: {cell}" for name, cell in placed]
    return lines
