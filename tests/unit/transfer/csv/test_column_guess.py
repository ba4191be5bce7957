"""Columns are proposed by whole words and by what is in them; what is not pain never is."""

import pytest

from holdwell.transfer.csv import column_guess, reader
from holdwell.transfer.csv.reader import Table
from holdwell.transfer.csv.tracker import Role

DATE, TIME, OFFSET, NAME, PAIN, BEFORE, AFTER, DONE, NOTE, PLACE, LEAVE, *_ = Role


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        (["Date", "Time", "Pain level", "Notes"], ["2026-11-23", "21:05", "4", "bath"],
         [DATE, TIME, PAIN, NOTE]),
        (["Fecha", "Hora", "Dolor antes", "Dolor después", "Comentario"],
         ["23/11/2026", "21:05", "7", "4", "x"], [DATE, TIME, BEFORE, AFTER, NOTE]),
        (["Datum", "Schmerzstärke", "Medikament", "Bemerkung"], ["23.11.2026", "4", "nein", "x"],
         [DATE, PAIN, LEAVE, NOTE]),
        (["id", "created", "score", "mood"], ["17", "2026-11-23 21:05", "4", "3"],
         [LEAVE, DATE, PAIN, LEAVE]),
        (["Date", "Pain"], ["2026-11-23", "mild"], [DATE, NOTE]),
        (["Date", "Time", "Pain"], ["2026-11-23 00:00:00", "21:05", "7"], [DATE, TIME, PAIN]),
        (["", "", ""], ["2026-11-23", "4", "slept badly, hot bath"], [DATE, LEAVE, NOTE]),
        (["Name", "Age"], ["x", "5"], [LEAVE, LEAVE]),
        (["Day", "Stretched"], ["2026-11-23", "✓"], [DATE, DONE]),
        (["Day", "Back pain stretch"], ["2026-11-23", "2"], [DATE, DONE]),
        (["When", "Item", "Value"], ["2026-11-23", "Back pain", "7"], [DATE, NAME, PAIN]),
        (["Date", "Pain"], ["yesterday", "7"], [DATE, PAIN]),
        (["Date", "Session", "Before"], ["2026-11-23", "evening", "4"], [DATE, TIME, BEFORE]),
        (["日付", "痛み"], ["2026年11月24日", "4"], [DATE, PAIN]),
        (["Date", "Steps", "Pain"], ["", "900", "7"], [DATE, LEAVE, PAIN]),
    ],
)  # fmt: skip
def test_columns_are_proposed(header: list[str], row: list[str], wanted: list[Role]) -> None:
    found = Table(tuple(header), (reader.TableRow(2, tuple(row)),))
    assert list(column_guess.propose(found)) == wanted


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ("Morning pain,Afternoon pain,Evening pain", [PAIN, PAIN, PAIN]),
        ("Schmerz Vormittag,Schmerz Nachmittag", [PAIN, PAIN]),
        ("Postpartum pain", [PAIN]),
        ("Pain meds taken,Pain", [LEAVE, PAIN]),
        ("Energy level,Stress level,Mood score", [LEAVE, LEAVE, LEAVE]),
        ("Sleep score,Back pain", [LEAVE, PAIN]),
        ("Headache,Back pain", [LEAVE, PAIN]),
        ("Worst pain,Pain", [LEAVE, PAIN]),
        ("Before,After", [BEFORE, AFTER]),
        ("Antes,Después", [BEFORE, AFTER]),
        ("NRS vorher,NRS nachher", [BEFORE, AFTER]),
        ("Pain before stretching,Pain after stretching", [BEFORE, AFTER]),
        ("Pre-stretch pain,Post-stretch pain", [BEFORE, AFTER]),
        ("Pain before the session,Pain after exercise", [BEFORE, AFTER]),
        ("Pain before bed,Pain after walking", [PAIN, PAIN]),
        ("After-dinner pain,Dolor antes de dormir", [PAIN, PAIN]),
        ("Schmerz nach der Übung,Schmerz nach dem Essen", [AFTER, PAIN]),
        ("Back pain exercises,Pain killers,Pain goal,Pain", [LEAVE, LEAVE, LEAVE, PAIN]),
        ("Pain (0 = no pain; 10 = worst pain),backPain", [LEAVE, PAIN]),
        ("Teaching hours,Ankle swelling,Pain", [LEAVE, LEAVE, PAIN]),
        ("Back pain,Hip pain,Leg pain,Pain", [PAIN, PAIN, PAIN, LEAVE]),
    ],
)
def test_names_are_matched_by_whole_words(names: str, wanted: list[Role]) -> None:
    count = names.count(",") + 1
    rows = "".join(
        f"2026-11-{d},{','.join(str(d % 8) for _ in range(count))}\n" for d in range(10, 25)
    )
    found = reader.read(f"Date,{names}\n{rows}".encode())
    assert list(column_guess.propose(found))[1:] == wanted
