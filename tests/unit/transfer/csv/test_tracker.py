"""Each row becomes pain entries or a session by its cells, or is refused with a reason."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import Moment
from holdwell.i18n.languages import content_folder, languages
from holdwell.i18n.messages import say, speaking
from holdwell.transfer.csv import reader, saving
from holdwell.transfer.csv.cells import Refusal, Scale, scales_of
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from holdwell.transfer.csv.tracker import TrackerEntry
from tests.unit.transfer.csv.conftest import (
    BERLIN,
    FIXTURES,
    NOW,
    Draft,
    drafted,
    drafted_with,
    one,
    reason,
    table,
)

DATE, TIME, OFFSET, NAME, PAIN = Role.DATE, Role.TIME, Role.OFFSET, Role.NAME, Role.PAIN
BEFORE, AFTER, DONE, NOTE = Role.BEFORE, Role.AFTER, Role.DONE, Role.NOTE
LINE = "Date;Time;Pain;After;Note\n23.11.2026;21:05;7;4;=hot bath; with oil\n"


def nrs(entry: TrackerEntry) -> tuple[int | None, int | None]:
    pain, after = entry.pain, entry.after
    return pain.nrs if pain else None, after.nrs if after else None


def mapped(text: str, *roles: Role, pain: str = "", done: str = "") -> Draft:
    """Read a table of which only rows about the given names are taken."""
    mapping = ColumnMapping(roles, pain_names=frozenset([pain]), done_names=frozenset([done]))
    return drafted_with(reader.read(text.encode()), mapping, NOW, BERLIN)


# -- pain -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "wanted"),
    [
        ("Pain", ["0", "6", "10"], Scale.TEN),
        ("Pain", ["3", "4,0", "7.0"], Scale.TEN),
        ("Pain", ["3", "5"], None),
        ("Pain (0-10)", ["3", "5"], Scale.TEN),
        ("NRS", ["3", "5"], Scale.TEN),
        ("Pain", ["3/10", "5/10"], Scale.TEN),
        ("Pain", ["3", "45"], None),
        ("Pain (0-10)", ["3", "45"], None),
        ("Pain", ["6", "4.5"], None),
        ("Pain", ["mild"], None),
        ("Pain (1-10)", ["3", "7"], None),
        ("Pain (1 to 5)", ["3", "5"], None),
        ("Pain (0 = none, 10 = worst)", ["3", "5"], Scale.TEN),
        ("Pain (0-100)", ["8", "10"], None),
        ("Schmerz von 100", ["8", "10"], None),
        ("Pain %", ["8", "10"], None),
        ("VAS (mm)", ["8", "10"], None),
        ("Pain in the last 24 hours", ["8", "10"], Scale.TEN),
        ("Dolor de 0 a 10", ["3", "5"], Scale.TEN),
        ("Schmerz (von 0 bis 10)", ["3", "5"], Scale.TEN),
        ("Douleur de 0 à 10", ["3", "5"], Scale.TEN),
        ("Pijn van 0 tot 10", ["3", "5"], Scale.TEN),
        ("Pain", ["3 (0-10)", "5 (of 10)", "4 (10)"], Scale.TEN),
    ],
)
def test_the_scale_is_only_assumed_if_it_is_clear(
    header: str, cells: list[str], wanted: Scale | None
) -> None:
    assert scales_of(header, set(cells)).known is wanted


@pytest.mark.parametrize(
    ("header", "cells", "wanted"),
    [
        ("Pain (0-100)", ["40", "7"], Scale.HUNDRED),
        ("VAS 0-100 mm", ["33", "7"], Scale.HUNDRED),
        ("Schmerz 1-5", ["3", "1"], Scale.ONE_TO_FIVE),
        ("Schmerz 1-5", ["3", "0"], None),
        ("Pain /5", ["3", "0"], Scale.FIVE),
        ("Pain /5", ["3", "7"], None),
        ("Dolor (0 = nada, 4 = mucho)", ["3", "0"], Scale.FOUR),
        ("Pain (0-10)", ["3.5", "7"], Scale.TEN_PARTS),
        ("Pain (1-10)", ["3", "7"], None),
        ("Back pain 0-4 Hip pain 0-100", ["3", "2"], None),
        ("Pain", ["3", "2"], None),
    ],
)
def test_the_scale_in_the_header_is_proposed_if_all_scores_are_on_it(
    header: str, cells: list[str], wanted: Scale | None
) -> None:
    assert scales_of(header, set(cells)).stated is wanted


@pytest.mark.parametrize(
    ("cell", "scale", "score", "converted"),
    [
        ("7", Scale.TEN, 7, False),
        ("+7", Scale.TEN, 7, False),
        ("7,0", Scale.TEN, 7, False),
        ("7 / 10", Scale.TEN, 7, False),
        ("7 out of 10", Scale.TEN, 7, False),
        ("7 (severe)", Scale.TEN, 7, False),
        ("7 (0-10)", Scale.TEN, 7, False),
        ("7 (of 10)", Scale.TEN, 7, False),
        ("7 (NRS 0-10)", Scale.TEN, 7, False),
        ("7 (10)", Scale.TEN, 7, False),
        ("4,5", Scale.TEN_PARTS, 5, True),
        ("4", Scale.TEN_PARTS, 4, False),
        ("2", Scale.THREE, 7, True),
        ("3", Scale.FOUR, 8, True),
        ("3", Scale.FIVE, 6, True),
        ("1", Scale.ONE_TO_FIVE, 0, True),
        ("4", Scale.ONE_TO_FIVE, 8, True),
        ("44", Scale.HUNDRED, 4, True),
        ("45 %", Scale.HUNDRED, 5, True),
        ("100", Scale.HUNDRED, 10, True),
    ],
)
def test_scores_are_converted_to_nrs_11(
    cell: str, scale: Scale, score: int, converted: bool
) -> None:
    found = one("2026-11-23", cell, roles=[DATE, PAIN], scale=scale).pain
    assert found is not None
    assert (found.nrs, found.converted) == (score, converted)


@given(st.decimals(0, 100, places=1), st.sampled_from(list(Scale)))
def test_a_score_is_always_nrs_11_and_near(value: object, scale: Scale) -> None:
    found = drafted(table(["2026-11-23", str(value)], header=["d", "p"]), DATE, PAIN, scale=scale)
    least, most = scale.ends
    for entry in found.entries:
        assert entry.pain is not None
        exact = (Decimal(str(value)) - least) * 10 / (most - least)
        assert 0 <= entry.pain.nrs <= 10
        assert abs(entry.pain.nrs - exact) <= Decimal("0.5")
    assert len(found.entries) + len(found.refused) == 1


# -- rows -----------------------------------------------------------------------------------------


def test_a_diary_row_is_pain_and_not_a_session() -> None:
    entry = one("2026-11-23", "21:05", "7", "hot bath", roles=[DATE, TIME, PAIN, NOTE])
    assert (entry.is_session, nrs(entry), entry.note) == (False, (7, None), "hot bath")
    assert entry.moment.local.replace(tzinfo=None) == datetime(2026, 11, 23, 21, 5)


def test_an_english_question_names_no_place_of_another_language() -> None:
    text = "Date,Time,How bad has your pain been today?\n2026-11-23,21:05,7\n"
    draft = drafted_with(reader.read(text.encode()), ColumnMapping((DATE, TIME, PAIN)), NOW, BERLIN)
    assert [(nrs(entry), entry.where.places) for entry in draft.entries] == [
        ((7, None), frozenset())
    ]


def test_scores_before_and_after_are_those_of_a_session() -> None:
    assert drafted(LINE.encode(), DATE, TIME, BEFORE, AFTER, NOTE).refused[0].reason is (
        Refusal.TOO_WIDE
    )
    quoted = LINE.replace("=hot bath; with oil", '"=hot bath; with oil"').encode()
    (entry,) = drafted(quoted, DATE, TIME, BEFORE, AFTER, NOTE).entries
    assert (entry.is_session, nrs(entry), entry.note) == (True, (7, 4), "=hot bath; with oil")


@pytest.mark.parametrize(
    "mark", ["YES_MANUAL", "2", "1", "✓", "✔\ufe0f", "x", "Yes", "sí", "0:25:10", ".5 h"]
)
def test_a_mark_is_a_session_without_a_score(mark: str) -> None:
    entry = one("2026-11-23", mark, roles=[DATE, DONE])
    assert (entry.is_session, nrs(entry)) == (True, (None, None))


@pytest.mark.parametrize("mark", ["NO", "0", "false", "SKIP", "UNKNOWN", "YES_AUTO", "-1"])
def test_a_day_without_stretching_is_refused(mark: str) -> None:
    assert reason("2026-11-23", mark, roles=[DATE, DONE]) == (Refusal.NOT_DONE, "")


def test_scores_of_a_day_without_stretching_are_pain_and_no_session() -> None:
    found = table(["2026-11-23", "7", "no"], header=["Date", "Pain before", "Stretched"])
    (entry,) = drafted(found, DATE, BEFORE, DONE).entries
    assert (entry.is_session, nrs(entry)) == (False, (7, None))


def test_several_columns_of_pain_are_several_entries() -> None:
    found = table(["2026-11-23", "7", "2", "x"], header=["Date", "Back pain", "Hip pain", "Note"])
    entries = drafted(found, DATE, PAIN, PAIN, NOTE).entries
    assert [(nrs(e)[0], e.label, e.note) for e in entries] == [
        (7, "Back pain", "x"),
        (2, "Hip pain", ""),
    ]


LONG = (
    "Feature,When,Value,Note\nBack pain,2026-11-20,4,bad night\nHours slept,2026-11-20,7.5,\n"
    "Stretch,2026-11-21,1,\nStretch,2026-11-22,0,\nCoffee,2026-11-22,3,\n"
)


def test_only_rows_about_the_chosen_names_are_taken() -> None:
    found = mapped(LONG, NAME, DATE, PAIN, NOTE, pain="Back pain", done="Stretch")
    assert [(e.is_session, nrs(e)[0], e.label) for e in found.entries] == [
        (False, 4, "Back pain"),
        (True, None, "Stretch"),
    ]
    assert [(r.number, r.reason, r.value) for r in found.refused] == [
        (3, Refusal.OTHER_NAME, "Hours slept"),
        (5, Refusal.NOT_DONE, ""),
        (6, Refusal.OTHER_NAME, "Coffee"),
    ]


def test_rows_of_one_workout_are_one_session() -> None:
    text = (
        "Workout,Date,Note\nStretches,2026-11-23 18:01,left\nStretches,2026-11-23 18:01,right\n"
        "Stretches,2026-11-23 21:01,left\n"
    )
    found = mapped(text, NAME, DATE, NOTE, done="Stretches").entries
    assert [(e.row, e.note) for e in found] == [(2, "left\nright"), (4, "left")]


def test_midnight_stamps_are_days_unless_some_are_not() -> None:
    rows = ["date,pain", "2026-11-24 00:00:00,7", "11/23/2026 12:00:00 AM,6", "2026-11-22T00:00Z,5"]
    found = drafted_with(
        reader.read("\n".join(rows).encode()),
        ColumnMapping((DATE, PAIN), order=DateOrder.MONTH_FIRST),
        NOW,
        BERLIN,
    )
    assert [(e.when.day.day, e.when.at) for e in found.entries] == [
        (24, None), (23, None), (22, None)
    ]  # fmt: skip
    mixed = drafted(b"date,pain\n2026-11-23 00:00,7\n2026-11-23 21:00,6\n", DATE, PAIN).entries
    assert [e.when.at and e.when.at.hour for e in mixed] == [0, 21]


@pytest.mark.parametrize(
    ("offset", "in_utc", "local"),
    [
        ("-300", False, "2026-11-22T21:05:00-05:00"),
        ("UTC+0200", False, "2026-11-22T21:05:00+02:00"),
        ("+02:00", False, "2026-11-22T21:05:00+02:00"),
        ("UTC+0200", True, "2026-11-22T23:05:00+02:00"),
        ("UTC-0500", True, "2026-11-22T16:05:00-05:00"),
        ("+0100", False, "2026-11-22T21:05:00+01:00"),
        ("-5", False, "2026-11-22T21:05:00-05:00"),
        ("-18000000", True, "2026-11-22T16:05:00-05:00"),
        ("America/New_York", False, "2026-11-22T21:05:00-05:00"),
        ("Asia/Kolkata", True, "2026-11-23T02:35:00+05:30"),
    ],
)
def test_an_offset_in_a_column_is_that_of_the_row(offset: str, in_utc: bool, local: str) -> None:
    found = table(["2026-11-22 21:05", offset, "7"], header=["Date", "Offset", "Pain"])
    mapping = ColumnMapping((DATE, OFFSET, PAIN), in_utc=in_utc)
    (entry,) = drafted_with(found, mapping, NOW, BERLIN).entries
    assert entry.moment.local.isoformat() == local


@pytest.mark.parametrize(
    ("day", "at", "offset", "why"),
    [
        ("0001-01-01", "00:30", "UTC-0500", Refusal.TOO_OLD),
        ("9999-12-31", "23:30", "UTC+0500", Refusal.FUTURE),
        ("9999-12-31", "24:00", "UTC+0500", Refusal.FUTURE),
    ],
)
def test_an_offset_out_of_pythons_range_only_costs_its_row(
    day: str, at: str, offset: str, why: Refusal
) -> None:
    found = table([day, at, offset, "7"], ["2026-11-22", "21:05", "", "6"], header=["x"] * 4)
    mapping = ColumnMapping((DATE, TIME, OFFSET, PAIN), in_utc=True)
    made = drafted_with(found, mapping, NOW, BERLIN)
    assert [(row.reason, row.value) for row in made.refused] == [(why, day)]
    assert [nrs(entry)[0] for entry in made.entries] == [6]


def test_an_empty_cell_does_not_cost_the_rest_of_the_row() -> None:
    data = b"date,before,after,note\n2026-11-23,--,4,felt ok\n2026-11-22,N/A,n/a,-\n"
    found = drafted(data, DATE, BEFORE, AFTER, NOTE)
    assert [(e.row, nrs(e), e.note) for e in found.entries] == [(2, (None, 4), "felt ok")]
    assert [(r.number, r.reason) for r in found.refused] == [(3, Refusal.NOTHING)]


def test_a_note_without_a_score_or_session_is_refused() -> None:
    assert reason("2026-11-23", "--", "felt ok", roles=[DATE, PAIN, NOTE]) == (Refusal.NO_SCORE, "")
    assert one("2026-11-23", "x", "felt ok", roles=[DATE, DONE, NOTE]).note == "felt ok"


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["", "21:05", "4", ""], (Refusal.NO_DATE, "")),
        (["31.11.2026", "21:05", "4", ""], (Refusal.BAD_DATE, "31.11.2026")),
        (["24-Nov", "21:05", "4", ""], (Refusal.NO_YEAR, "24-Nov")),
        (["2026-11-24", "21:30", "4", ""], (Refusal.FUTURE, "2026-11-24")),
        (["9999-12-31", "21:30", "4", ""], (Refusal.FUTURE, "9999-12-31")),
        (["2015-11-24", "21:30", "4", ""], (Refusal.TOO_OLD, "2015-11-24")),
        (["0001-01-01", "00:00", "4", ""], (Refusal.TOO_OLD, "0001-01-01")),
        (["2026-11-23", "", "mild", ""], (Refusal.NOT_A_NUMBER, "mild")),
        (["2026-11-23", "", "5-6", ""], (Refusal.NOT_A_NUMBER, "5-6")),
        (["2026-11-23", "", "-1", ""], (Refusal.NOT_A_NUMBER, "-1")),
        (["2026-11-23", "", "4.5", ""], (Refusal.NOT_WHOLE, "4.5")),
        (["2026-11-23", "", "11", ""], (Refusal.OUT_OF_SCALE, "11")),
        (["2026-11-23", "", "4/5", ""], (Refusal.OUT_OF_SCALE, "4/5")),
        (["2026-11-23", "", "4 %", ""], (Refusal.OUT_OF_SCALE, "4 %")),
        (["2026-11-23", "21:05", "", ""], (Refusal.NOTHING, "")),
        (["2026-11-23", "", "4", "x" * 2001], (Refusal.NOTE_LONG, "")),
        (["2026-11-23", "x" * 2001, "4", ""], (Refusal.NOTE_LONG, "")),
        (["2026-11-23", "before bed", "4", "x" * 1990], (Refusal.NOTE_LONG, "")),
        (["x" * 99, "", "4", ""], (Refusal.BAD_DATE, "x" * 39 + "…")),
    ],
)
def test_an_impossible_row_is_refused_with_its_reason(
    cells: list[str], wanted: tuple[Refusal, str]
) -> None:
    assert reason(*cells, roles=[DATE, TIME, PAIN, NOTE]) == wanted


def test_words_instead_of_a_time_are_kept_in_the_note() -> None:
    entry = one("2026-11-23", "before bed", "4", "x", roles=[DATE, TIME, PAIN, NOTE])
    assert (entry.when.at, entry.note) == (None, "x\nbefore bed")
    session = one("2026-11-23", "after lunch", "yes", roles=[DATE, TIME, DONE])
    assert (session.is_session, session.note) == (True, "after lunch")
    assert one("2026-11-23", "evening", "yes", roles=[DATE, TIME, DONE]).note == ""


def test_a_number_beside_a_score_makes_it_unclear() -> None:
    for cell in ("3 (of 5)", "7 (6-8)", "7 - 8", "4 (3/5)"):
        assert reason("2026-11-23", cell, roles=[DATE, PAIN]) == (Refusal.NOT_A_NUMBER, cell)


def test_an_unclear_mark_and_rows_outside_the_table_are_refused() -> None:
    assert reason("2026-11-23", "maybe", roles=[DATE, DONE]) == (Refusal.NOT_A_MARK, "maybe")
    two = b"Date,Pain\n2026-11-23,4\n2026-11-22,4\n\nName,Age\nAna,33\n"
    found = drafted(two, DATE, PAIN)
    assert [(r.number, r.reason) for r in found.refused] == [
        (5, Refusal.OUTSIDE),
        (6, Refusal.OUTSIDE),
    ]


def test_the_list_of_refused_rows_keeps_their_notes() -> None:
    found = reader.read((FIXTURES / "na.csv").read_bytes())
    made = drafted(found, DATE, PAIN, NOTE)
    assert [nrs(entry)[0] for entry in made.entries] == [7, 8, 9]
    assert saving.list_of_refused(found, made.refused).decode("utf-8-sig").splitlines()[1:] == [
        f'{row},"{say("trackers.refused_no_score")}",2026-11-{day},,{note}'
        for row, day, note in ((2, 24, "felt ok"), (3, 23, "ok"))
    ]


def test_the_list_of_refused_rows_opens_right_in_a_spreadsheet() -> None:
    found = reader.read(b"Date,Pain,=Note\n2026-11-24,mild,=1+1\n")
    made = drafted(found, DATE, PAIN, NOTE)
    (spanish,) = (known for known in languages(content_folder()) if known.code == "es")
    with speaking(spanish):
        header, row, _ = saving.list_of_refused(found, made.refused).decode().split("\r\n")
    assert header.startswith("\ufeff")
    assert header.endswith(";Date;Pain;'=Note"), "decimals have a comma there"
    assert row.startswith("2;")
    assert row.endswith(";2026-11-24;mild;'=1+1")


def test_several_notes_are_kept_with_their_names() -> None:
    header = ["Date", "Pain", "Mood", "Meds", "Note"]
    found = table(["2026-11-23", "7", "tired", "", "hot bath"], header=header)
    (entry,) = drafted(found, DATE, PAIN, NOTE, NOTE, NOTE).entries
    assert entry.note == "Mood: tired\nhot bath"
    header = ["Date", "Pain", "pain.backache", "pain.nausea"]
    ticked = table(["2026-11-23", "7", "true", "false"], header=header)
    (entry,) = drafted(ticked, DATE, PAIN, NOTE, NOTE).entries
    assert entry.note == "backache"


def test_a_row_in_the_future_is_refused() -> None:
    now = Moment(NOW.utc - timedelta(hours=12), NOW.utc_offset)
    found = table(["2026-11-24", "4"], ["2026-11-25", "4"], header=["d", "p"])
    made = drafted_with(found, ColumnMapping((DATE, PAIN)), now, BERLIN)
    assert [e.when.day for e in made.entries] == [date(2026, 11, 24)]
    assert [r.reason for r in made.refused] == [Refusal.FUTURE]


def test_a_time_with_the_zero_date_of_a_database_keeps_the_day_of_its_row() -> None:
    entry = one("2026-11-23", "12/30/1899 21:05", "7", roles=(Role.DATE, Role.TIME, Role.PAIN))
    assert entry.moment.local.replace(tzinfo=None) == datetime(2026, 11, 23, 21, 5)


def test_a_day_and_its_year_in_two_columns() -> None:
    entry = one("2026", "23/11", "7", roles=(Role.YEAR, Role.DATE, Role.PAIN))
    assert entry.when.day == date(2026, 11, 23)
