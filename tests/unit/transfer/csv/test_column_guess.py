"""Columns are proposed by whole words in their names and by their cells."""

import pytest

from holdwell.transfer.csv import column_guess, reader
from holdwell.transfer.csv.mapping import Role
from holdwell.transfer.csv.table import Table, TableRow

DATE, TIME, NAME, PAIN, BEFORE = Role.DATE, Role.TIME, Role.NAME, Role.PAIN, Role.BEFORE
AFTER, DONE, NOTE, LEAVE = Role.AFTER, Role.DONE, Role.NOTE, Role.LEAVE


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        (["Date", "Time", "Pain level", "Notes"], ["2026-11-23", "21:05", "4", "bath"],
         [DATE, TIME, PAIN, NOTE]),
        (["Fecha", "Hora", "Dolor antes", "Dolor después", "Comentario"],
         ["23/11/2026", "21:05", "7", "4", "x"], [DATE, TIME, BEFORE, AFTER, NOTE]),
        (["Datum", "Schmerzstärke", "Medikament", "Bemerkung"], ["23.11.2026", "4", "nein", "x"],
         [DATE, PAIN, LEAVE, NOTE]),
        (["id", "created", "score", "updated"], ["17", "2026-11-23 21:05", "4", "2026-11-24"],
         [LEAVE, DATE, PAIN, LEAVE]),
        (["id", "created", "score", "mood"], ["17", "2026-11-23 21:05", "4", "3"],
         [LEAVE, DATE, LEAVE, LEAVE]),
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
        (["Date", "EndTime", "StartTime", "Pain"], ["2026-11-23", "22:05", "21:05", "4"],
         [DATE, LEAVE, TIME, PAIN]),
        (["Date", "starttime", "pain", "commenttext"], ["2026-11-23", "21:05", "4", "bath"],
         [DATE, TIME, PAIN, NOTE]),
        (["Date", "Start", "End time", "Pain"], ["2026-11-23", "21:05", "22:05", "4"],
         [DATE, TIME, LEAVE, PAIN]),
        (["Date taken", "Time taken", "Pain"], ["2026-11-23", "21:05", "4"], [DATE, TIME, PAIN]),
        (["Fecha", "Hora (cita)", "Dolor"], ["2026-11-23", "21:05", "4"], [DATE, TIME, PAIN]),
        (["Date", "habitname", "value"], ["2026-11-23", "Back pain", "7"], [DATE, NAME, PAIN]),
        (["Date", "featurename", "value"], ["2026-11-23", "Back pain", "7"], [DATE, NAME, PAIN]),
    ],
)  # fmt: skip
def test_columns_are_proposed(header: list[str], row: list[str], wanted: list[Role]) -> None:
    found = Table(tuple(header), (TableRow(2, tuple(row)),))
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
        ("Pain (0 = no pain; 10 = worst pain),backPain", [PAIN, PAIN]),
        ("Teaching hours,Ankle swelling,Pain", [LEAVE, LEAVE, PAIN]),
        ("Back pain,Hip pain,Leg pain,Pain", [PAIN] * 4),
        ("0-10 pain,(0-10) Pain,1-10 pain,0-10 dolor,Escala 0-10 dolor", [PAIN] * 5),
        ("On a scale of 0-10 how bad is your pain?", [PAIN]),
        ("Pain (0-10) before,Pain (0-10) after", [BEFORE, AFTER]),
        ("Dolor (0-10) antes,Dolor (0-10) después", [BEFORE, AFTER]),
        ("Schmerz (0-10) vorher,Schmerz (0-10) nachher", [BEFORE, AFTER]),
        ("Douleur (0-10) avant,Douleur (0-10) après", [BEFORE, AFTER]),
        ("Pain (0-10) lower back,Hip pain (0-10)", [PAIN, PAIN]),
        ("Pain before (lower back),Dolor antes (cadera)", [BEFORE, BEFORE]),
        ("Pain before (out of 10),Schmerz nachher (von 0 bis 10)", [BEFORE, AFTER]),
        ("Pain before the evening stretch,Pain after doing the stretches", [BEFORE, AFTER]),
        ("Pain before stretching today,Pain before bedtime", [BEFORE, PAIN]),
        ("0=no 1=yes stretched,1 = stretched,Stretched (1=yes)", [DONE] * 3),
        ("Schmerz hier (0-10),Dolor para el médico", [PAIN, PAIN]),
        ("Pain with exercise,Pain on exercise,Dolor con ejercicio", [PAIN] * 3),
        ("On medication for pain,Con ejercicios para el dolor,Pain", [LEAVE, LEAVE, PAIN]),
        ("Schmerz trotz Übung,Douleur à l'exercice,Douleur d'hier", [PAIN, PAIN, LEAVE]),
    ],
)
def test_names_are_matched_by_whole_words(names: str, wanted: list[Role]) -> None:
    count = names.count(",") + 1
    rows = "".join(
        f"2026-11-{d},{','.join(str(d % 8) for _ in range(count))}\n" for d in range(10, 25)
    )
    found = reader.read(f"Date,{names}\n{rows}".encode())
    assert list(column_guess.propose(found))[1:] == wanted


@pytest.mark.parametrize(
    ("names", "role"),
    [
        ("Check,Habit result?,SUCCESS,Did it,Outcome,Geschafft,¿Cumplido?,Hecha", DONE),
        ("Realizado,Réalisé,Completato,Concluído,Gelukt,完了,Status,Task completed?", DONE),
        ("Back pain exercises done", DONE),
        ("Did it hurt?,Did it help,Cancelled,Dizzy,Cramps,Symptom check,Baby kick count", None),
        ("Enjoyed,Slept well,With midwife,Medication taken,Evening,Homework,Missed?", None),
        ("Painful,Any pain?,Pelvic pain,Dolor,Fait mal,Pain status", NOTE),
    ],
)  # fmt: skip
def test_a_yes_or_no_is_a_mark_only_under_a_name_that_says_so(
    names: str, role: Role | None
) -> None:
    for name in names.split(","):
        text = f"Date,Activity,{name}\n2026-11-24,Stretching,no\n2026-11-23,Stretching,yes\n"
        *told, found = column_guess.propose(reader.read(text.encode()))
        assert told == [DATE, NAME], name
        assert found == role if role else found in (LEAVE, NOTE), name
