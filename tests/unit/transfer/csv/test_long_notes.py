"""A note that is too long with what is added to it is refused, or cut and reported."""

import pytest

from holdwell.domain.models import NOTE_MAX
from holdwell.transfer.csv import saving
from holdwell.transfer.csv.cells import Refusal, Scale
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from holdwell.transfer.csv.table import Table
from tests.unit.transfer.csv.conftest import BERLIN, NOW, drafted_with, table

DATE, NAME, PAIN, NOTE = Role.DATE, Role.NAME, Role.PAIN, Role.NOTE


@pytest.mark.parametrize(("room", "number"), [(70, 1), (20, 0)])
def test_the_names_and_the_score_of_the_file_need_room_as_well(room: int, number: int) -> None:
    found = table(["2026-11-20", "Hip pain at night", "3", "x" * (NOTE_MAX - 17 - room)])
    mapping = ColumnMapping(
        (DATE, NAME, PAIN, NOTE), scale=Scale.FIVE, pain_names=frozenset({"Hip pain at night"})
    )
    made = drafted_with(found, mapping, NOW, BERLIN)
    items = saving.items(made.entries, Scale.FIVE, NOW, BERLIN)
    assert [item.note.endswith("Pain in the file: 3 of 5.") for item in items] == [True] * number
    assert [row.reason for row in made.refused] == [Refusal.NOTE_LONG] * (1 - number)


def test_a_workout_whose_notes_are_too_long_together_is_brought_in_and_reported() -> None:
    rows = [["2026-11-20 18:00", f"Stretch {n}", str(n) * 1500] for n in range(2)]
    found: Table = table(*rows, header=["Date", "Exercise", "Notes"])
    names = frozenset({"Stretch 0", "Stretch 1"})
    made = drafted_with(found, ColumnMapping((DATE, NAME, NOTE), done_names=names), NOW, BERLIN)
    (entry,) = made.entries
    assert len(entry.note) == NOTE_MAX
    assert [(row.number, row.reason, row.cells[0]) for row in made.refused] == [
        (2, Refusal.NOTE_LONG, "2026-11-20 18:00")
    ]
