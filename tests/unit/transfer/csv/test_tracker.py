"""CSV files of other trackers: read as they are meant, or refused with a reason; never a crash."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdwell.domain.models import DayPart, Moment, Session, SessionState
from holdwell.store import undo
from holdwell.store.repository import Store
from holdwell.transfer import exporting, validation
from holdwell.transfer.csv import column_guess, reader, tracker, tracker_import
from holdwell.transfer.csv.dates import DateOrder, When, orders, read_day, read_time
from holdwell.transfer.csv.reader import Table, TableError, TableProblem
from holdwell.transfer.csv.tracker import Draft, Mapping, Refusal, Role, Scale
from tests.conftest import MakeSession
from tests.support.effort import attempts

NOW = Moment.of(datetime(2026, 11, 24, 21, 5, tzinfo=timezone(timedelta(hours=1))))
D, M = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST
DATE, TIME, BEFORE, AFTER, NOTE, LEAVE = Role
TEXT = "Date;Time;Pain;After;Note\n23.11.2026;21:05;7;4;=hot bath; with oil\n"


def place(wall: datetime) -> Moment:
    """Berlin in winter."""
    zone = timezone(timedelta(hours=1))
    return Moment.of(wall.astimezone(zone) if wall.tzinfo else wall.replace(tzinfo=zone))


def table(*rows: Sequence[str], header: Sequence[str] = ()) -> Table:
    made = io.StringIO(newline="")
    csv.writer(made).writerows([header, *rows] if header else rows)
    return reader.read(made.getvalue().encode())


def drafted(found: Table, *roles: Role, order: DateOrder = D, scale: Scale = Scale.TEN) -> Draft:
    return tracker.draft(found, Mapping(roles, order, scale), NOW, place)


def one(*cells: str, roles: Sequence[Role], scale: Scale = Scale.TEN) -> Session:
    found = drafted(table(cells, header=["x"] * len(cells)), *roles, scale=scale)
    assert found.refused == ()
    return found.sessions[0]


def reason(*cells: str, roles: Sequence[Role], scale: Scale = Scale.TEN) -> tuple[Refusal, str]:
    found = drafted(table(cells, header=["x"] * len(cells)), *roles, scale=scale)
    assert found.sessions == ()
    return found.refused[0].reason, found.refused[0].value


# -- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"]
)
@pytest.mark.parametrize("delimiter", list(reader.DELIMITERS))
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    rows = [["Día", "Dolor", "Nota"], ["23/11/2026", "4,5", "mañana; ¿qué?, | más"],
            ["24/11/2026", "3", "línea\nsegunda"]]  # fmt: skip
    made = io.StringIO(newline="")
    csv.writer(made, delimiter=delimiter).writerows(rows)
    found = reader.read(made.getvalue().encode(encoding))
    assert found.header == tuple(rows[0])
    assert [list(row.cells) for row in found.rows] == rows[1:]
    assert [row.number for row in found.rows] == [2, 3]


def test_signs_that_only_windows_has() -> None:
    assert reader.decoded("a–b “c” 5 €".encode("cp1252")) == "a–b “c” 5 €"


def test_excels_line_about_the_delimiter_and_blank_rows_are_counted() -> None:
    found = reader.read(b"sep=;\r\nDate;Pain\r\n;\r\n\r\n2026-11-23;4\r\n")
    assert found.header == ("Date", "Pain")
    assert [(row.number, row.cells) for row in found.rows] == [(5, ("2026-11-23", "4"))]


def test_a_file_without_a_header() -> None:
    found = reader.read(b"2026-11-23,4,bath\n2026-11-24,3,walk\n")
    assert found.header == ("", "", "")
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", TableProblem.EMPTY),
        (b"\n\n,,\n", TableProblem.EMPTY),
        (b"Date,Pain\n", TableProblem.EMPTY),
        (b"PK\x03\x04\x14\0\x06\0", TableProblem.NOT_TEXT),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", TableProblem.NOT_TEXT),
        (b"\xff\xfea", TableProblem.NOT_TEXT),
        (b"a,b\n" + b"1,2\n" * 10_001, TableProblem.TOO_MANY_ROWS),
        (b"," * 50 + b"a\n1", TableProblem.TOO_MANY_COLUMNS),
        (b"a" * (5 * 2**20 + 1), TableProblem.TOO_LARGE),
        (b'a,b\n1,2\n3,"' + b"x" * 200_000, TableProblem.QUOTES),
    ],
)
def test_what_is_no_table_is_named(data: bytes, problem: TableProblem) -> None:
    with pytest.raises(TableError) as caught:
        reader.read(data)
    assert caught.value.problem is problem
    assert caught.value.number == (3 if problem is TableProblem.QUOTES else None)


# -- days and times -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "order", "day", "at"),
    [
        ("2026-11-03", M, date(2026, 11, 3), None),
        ("2026/1/3 9:05", D, date(2026, 1, 3), time(9, 5)),
        ("2026-11-03T21:05:07.250", D, date(2026, 11, 3), time(21, 5, 7)),
        ("03.11.2026", D, date(2026, 11, 3), None),
        ("3. 11. 2026", D, date(2026, 11, 3), None),
        ("11/3/26", M, date(2026, 11, 3), None),
        ("11/3/2026, 9:05:00 PM", M, date(2026, 11, 3), time(21, 5)),
        ("3-11-2026 12:00 a. m.", D, date(2026, 11, 3), time(0)),
        ("3 Nov 2026", M, date(2026, 11, 3), None),
        ("Tue, 3 November 2026 21h05", M, date(2026, 11, 3), time(21, 5)),
        ("Nov 3rd, 2026", D, date(2026, 11, 3), None),
        ("03-Nov-2026", M, date(2026, 11, 3), None),
        ("martes, 3 de noviembre de 2026", D, date(2026, 11, 3), None),
        ("3 sept. 2026", D, date(2026, 9, 3), None),
    ],
)
def test_days_as_trackers_write_them(cell: str, order: DateOrder, day: date, at: time) -> None:
    assert read_day(cell, order, "es") == When(day, at)


@pytest.mark.parametrize(
    "cell",
    ["", "4", "31.11.2026", "13/13/2026", "26-11-03", "2026", "46349", "yesterday", "2026-11-03 x",
     "3 Brumaire 2026", "2026-11-03 25:00", "2026-11-03 13:00 pm", "0000-01-01", "٣/١١/٢٠٢٦ x"],
)  # fmt: skip
def test_what_is_no_day_is_none(cell: str) -> None:
    assert read_day(cell, D) is None
    assert read_day(cell, M) is None


def test_an_offset_makes_an_instant() -> None:
    found = read_day("2026-11-23T23:30:00Z", D)
    assert found is not None
    assert found.aware == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    session = one("2026-11-23T23:30:00Z", "4", roles=[DATE, BEFORE])
    # At her place it is half past midnight, and still the night of the 23rd.
    assert session.started.local.replace(tzinfo=None) == datetime(2026, 11, 24, 0, 30)
    assert (session.local_day, session.part) == (date(2026, 11, 23), DayPart.BEDTIME)
    assert read_day("2026-11-23T23:30:00+99:00", D) is None


@pytest.mark.parametrize(
    ("cell", "at"),
    [("21:05", time(21, 5)), ("9.05", time(9, 5)), ("9:05 pm", time(21, 5)), ("12am", time(0)),
     ("9 p. m.", time(21)), ("21:05:30", time(21, 5, 30)), ("25:00", None), ("7", None),
     ("0 am", None), ("evening", None)],
)  # fmt: skip
def test_times_as_trackers_write_them(cell: str, at: time | None) -> None:
    assert read_time(cell) == at


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["3/4/2026", "13/4/2026"], (D,)),
        (["3/4/2026", "4/13/2026"], (M,)),
        (["3/4/2026", "4/3/2026"], (D, M)),
        (["13/4/2026", "4/13/2026"], (D, M)),
        (["5/5/2026", "2026-03-04"], (D,)),
        (["2026-03-04"], (D,)),
        # As the 3rd of December it has not come yet.
        (["3/12/2026"], (M,)),
        ([], (D,)),
    ],
)
def test_the_order_is_taken_from_the_days_or_asked_for(
    cells: list[str], wanted: tuple[DateOrder, ...]
) -> None:
    assert orders(cells, NOW.local.date()) == wanted


@given(st.lists(st.dates(date(2017, 1, 1), date(2026, 11, 24)), min_size=1), st.booleans())
def test_the_order_is_never_taken_wrong(days: list[date], month_first: bool) -> None:
    form = "%m/%d/%Y" if month_first else "%d/%m/%Y"
    cells = [day.strftime(form) for day in days]
    possible = orders(cells, NOW.local.date())
    right = M if month_first else D
    read = [read_day(cell, possible[0]) for cell in cells]
    assert right in possible or read == [When(day) for day in days]


# -- columns ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "wanted"),
    [
        (["Date", "Time", "Pain level", "Notes"], ["2026-11-23", "21:05", "4", "bath"],
         [DATE, TIME, BEFORE, NOTE]),
        (["Fecha", "Hora", "Dolor antes", "Dolor después", "Comentario"],
         ["23/11/2026", "21:05", "7", "4", "x"], [DATE, TIME, BEFORE, AFTER, NOTE]),
        (["Datum", "Schmerzstärke", "Medikament", "Bemerkung"], ["23.11.2026", "4", "nein", "x"],
         [DATE, BEFORE, LEAVE, NOTE]),
        (["id", "created", "score", "mood"], ["17", "2026-11-23 21:05", "4", "3"],
         [LEAVE, DATE, BEFORE, LEAVE]),
        (["Date", "Pain"], ["2026-11-23", "mild"], [DATE, NOTE]),
        (["", "", ""], ["2026-11-23", "4", "slept badly, hot bath"], [DATE, LEAVE, NOTE]),
        (["Name", "Age"], ["x", "5"], [LEAVE, LEAVE]),
    ],
)  # fmt: skip
def test_columns_are_proposed(header: list[str], row: list[str], wanted: list[Role]) -> None:
    found = Table(tuple(header), (reader.TableRow(2, tuple(row)),))
    assert list(column_guess.propose(found, "es")) == wanted


def test_our_own_sessions_are_read_too(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = make_session(date(2026, 11, 23), 20, before=6, after=4)
    session = replace(session, started=session.started.at_offset(60), note="mine")
    store.save_session(session, now)
    text = exporting.to_csv("session", exporting.read_tables(store)["session"])
    found = reader.read(text.encode())
    roles = column_guess.propose(found)
    assert found.header[roles.index(BEFORE)] == "pain_before"
    assert found.header[roles.index(DATE)] == "started_at"
    made = drafted(found, *roles).sessions
    assert len(made) == 1
    assert tracker_import.unknown(store, made) == [], "the same day, time and scores"


# -- pain ---------------------------------------------------------------------------------------


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
    ],
)
def test_the_scale_is_only_taken_where_it_is_plain(
    header: str, cells: list[str], wanted: Scale | None
) -> None:
    assert tracker.scale_of(header, cells) is wanted


@pytest.mark.parametrize(
    ("cell", "scale", "score", "kept"),
    [
        ("7", Scale.TEN, 7, ""),
        ("7,0", Scale.TEN, 7, ""),
        ("7 / 10", Scale.TEN, 7, ""),
        ("4,5", Scale.TEN_PARTS, 5, "4.5 of 10"),
        ("4", Scale.TEN_PARTS, 4, ""),
        ("3", Scale.FIVE, 6, "3 of 5"),
        ("2.5", Scale.FIVE, 5, "2.5 of 5"),
        ("44", Scale.HUNDRED, 4, "44 of 100"),
        ("45 %", Scale.HUNDRED, 5, "45 of 100"),
        ("0", Scale.HUNDRED, 0, "0 of 100"),
        ("100", Scale.HUNDRED, 10, "100 of 100"),
    ],
)
def test_pain_is_brought_to_ten_and_what_the_file_said_is_kept(
    cell: str, scale: Scale, score: int, kept: str
) -> None:
    session = one("2026-11-23", cell, "bath", roles=[DATE, AFTER, NOTE], scale=scale)
    assert (session.pain_before, session.pain_after) == (None, score)
    assert session.note == ("bath" + (f"\nPain after in the file: {kept}." if kept else ""))


@given(st.decimals(0, 100, places=1), st.sampled_from(list(Scale)))
def test_a_score_is_always_nrs_11_and_near(value: object, scale: Scale) -> None:
    found = drafted(table(["2026-11-23", str(value)], header=["d", "p"]), DATE, BEFORE, scale=scale)
    for session in found.sessions:
        assert session.pain_before is not None
        exact = float(str(value)) * 10 / scale.most
        assert 0 <= session.pain_before <= 10
        assert abs(session.pain_before - exact) <= 0.5
    assert len(found.sessions) + len(found.refused) == 1


# -- rows ---------------------------------------------------------------------------------------


def test_a_row_becomes_a_session_added_by_hand() -> None:
    found = drafted(reader.read(TEXT.encode()), DATE, TIME, BEFORE, AFTER, NOTE)
    assert found.refused[0].reason is Refusal.TOO_WIDE
    quoted = TEXT.replace("=hot bath; with oil", '"=hot bath; with oil"')
    (session,) = drafted(reader.read(quoted.encode()), DATE, TIME, BEFORE, AFTER, NOTE).sessions
    assert session.state is SessionState.LOGGED
    assert session.started.local.replace(tzinfo=None) == datetime(2026, 11, 23, 21, 5)
    assert (session.local_day, session.part) == (date(2026, 11, 23), DayPart.BEDTIME)
    assert (session.pain_before, session.pain_after) == (7, 4)
    assert (session.note, session.holds, session.comfort) == ("=hot bath; with oil", (), None)


def test_a_row_without_a_time_stands_at_noon_and_never_ahead_of_now() -> None:
    session = one("2026-11-20", "4", roles=[DATE, BEFORE])
    assert session.started.local.time() == tracker.NOON
    assert session.part is DayPart.OTHER
    morning = Moment(NOW.utc - timedelta(hours=12), NOW.utc_offset)
    found = table(["2026-11-24", "4"], header=["d", "p"])
    mapping = Mapping((DATE, BEFORE), D, Scale.TEN)
    (early,) = tracker.draft(found, mapping, morning, place).sessions
    (late,) = tracker.draft(found, mapping, NOW, place).sessions
    assert early.started == morning
    assert early.id == late.id, "and coming again in the evening it is the same row"


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["", "21:05", "4", ""], (Refusal.NO_DATE, "")),
        (["31.11.2026", "21:05", "4", ""], (Refusal.BAD_DATE, "31.11.2026")),
        (["2026-11-23", "late", "4", ""], (Refusal.BAD_TIME, "late")),
        (["2026-11-24", "21:30", "4", ""], (Refusal.FUTURE, "2026-11-24")),
        (["9999-12-31", "21:30", "4", ""], (Refusal.FUTURE, "9999-12-31")),
        (["2015-11-24", "21:30", "4", ""], (Refusal.TOO_OLD, "2015-11-24")),
        (["0001-01-01", "00:00", "4", ""], (Refusal.TOO_OLD, "0001-01-01")),
        (["2026-11-23", "", "mild", ""], (Refusal.NOT_A_NUMBER, "mild")),
        (["2026-11-23", "", "-1", ""], (Refusal.NOT_A_NUMBER, "-1")),
        (["2026-11-23", "", "4.5", ""], (Refusal.NOT_WHOLE, "4.5")),
        (["2026-11-23", "", "11", ""], (Refusal.OUT_OF_SCALE, "11")),
        (["2026-11-23", "", "4/5", ""], (Refusal.OUT_OF_SCALE, "4/5")),
        (["2026-11-23", "", "4 %", ""], (Refusal.OUT_OF_SCALE, "4 %")),
        (["2026-11-23", "21:05", "", ""], (Refusal.NOTHING, "")),
        (["2026-11-23", "", "4", "x" * 2001], (Refusal.NOTE_LONG, "")),
        (["x" * 99, "", "4", ""], (Refusal.BAD_DATE, "x" * 39 + "…")),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(
    cells: list[str], wanted: tuple[Refusal, str]
) -> None:
    assert reason(*cells, roles=[DATE, TIME, BEFORE, NOTE]) == wanted


def test_several_notes_are_kept_with_their_names() -> None:
    found = table(["2026-11-23", "tired", "", "hot bath"], header=["Date", "Mood", "Meds", "Note"])
    (session,) = drafted(found, DATE, NOTE, NOTE, NOTE).sessions
    assert session.note == "Mood: tired\nNote: hot bath"


# -- into the record ----------------------------------------------------------------------------

DIARY = b"Date,Pain\n2026-11-20,7\n2026-11-20,7\n2026-11-21,6\n2026-11-22,mild\n"


def test_coming_in_twice_adds_nothing(store: Store) -> None:
    first = drafted(reader.read(DIARY), DATE, BEFORE).sessions
    assert tracker_import.bring_in(store, first, NOW) == 3, "two rows that are alike are two rows"
    again = drafted(reader.read(DIARY), DATE, BEFORE).sessions
    assert [s.id for s in again] == [s.id for s in first]
    assert tracker_import.unknown(store, again) == []
    longer = DIARY.replace(b"Pain\n", b"Pain\n2026-11-19,2\n") + b"2026-11-23,5\n"
    more = drafted(reader.read(longer), DATE, BEFORE).sessions
    assert tracker_import.bring_in(store, more, NOW) == 2
    assert store.session_count() == 5
    assert undo.change_count(store) == 0


def test_what_she_edited_or_deleted_since_stays_so(store: Store) -> None:
    sessions = drafted(reader.read(DIARY), DATE, BEFORE).sessions
    tracker_import.bring_in(store, sessions, NOW)
    store.delete_session(sessions[0].id, NOW)
    store.save_session(replace(sessions[1], pain_before=1), NOW)
    assert tracker_import.bring_in(store, sessions, NOW) == 0
    known = store.session(sessions[1].id)
    assert known is not None
    assert known.pain_before == 1
    assert store.is_deleted(sessions[0].id)


def test_what_she_logged_by_hand_is_there_once(store: Store) -> None:
    twice = b"Date,Time,Pain\n2026-11-20,21:05,7\n2026-11-20,21:05,7\n2026-11-20,21:05,6\n"
    sessions = drafted(reader.read(twice), DATE, TIME, BEFORE).sessions
    mine = replace(sessions[0], id="mine", note="by hand")
    store.save_session(mine, NOW)
    assert tracker_import.unknown(store, sessions) == list(sessions[1:])


def test_all_of_it_or_nothing(store: Store) -> None:
    sessions = drafted(reader.read(DIARY), DATE, BEFORE).sessions
    store.db.execute(
        "CREATE TRIGGER stop BEFORE INSERT ON session WHEN NEW.pain_before = 6 "
        "BEGIN SELECT RAISE(ABORT, 'no more'); END"
    )
    with pytest.raises(Exception, match="no more"):
        tracker_import.bring_in(store, sessions, NOW)
    assert store.session_count() == 0


# -- anything -----------------------------------------------------------------------------------

CELLS = (
    "2026-11-23", "23.11.2026", "11/23/2026 9:05 PM", "2026-11-23T21:05:00Z", "21:05", "7", "4,5",
    "45", "3/5", "mild", "", " ", "=1+1", "-1", "1e400", "9" * 400, "\ufeff", "\u202e", "☂️👩🏽‍🍼",
    '"', '""', '"a', "'", "a\0b", "x" * 3000, "a\nb", "٣", "²", "½", "0000-00-00", "9999-99-99",
    "2026-11-23T21:05:00+99:99", "31 Feb 2026", "Nov 3, 2026", "1.1.01", "12 de de 2026",
    "0001-01-01",
    "9999-12-31 23:59 -18:00", "NaN", "sep=,", "Date", "Pain", "Note",
)  # fmt: skip


def broken_file(chance: random.Random) -> bytes:
    """A table that somebody might have, then damaged in one way or several."""
    width = chance.choice((1, 2, 3, 4, 4, 5, 8))
    rows = [
        [chance.choice(CELLS) for _ in range(max(0, width + chance.choice((0, 0, 0, 0, 1, -1))))]
        for _ in range(chance.choice((0, 1, 3, 10, 30)))
    ]
    good = [[f"2026-11-{chance.randrange(1, 25):02}", "21:05", str(chance.randrange(11)), "n"]
            for _ in range(chance.choice((0, 2, 20)))]  # fmt: skip
    made = io.StringIO(newline="")
    everything = chance.random() < 0.5
    delimiter = chance.choice(reader.DELIMITERS)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=delimiter, quoting=quoting).writerows(
        [["Date", "Time", "Pain", "Note"], *good, *rows]
    )
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"))
    data = bytearray(made.getvalue().encode(encoding, errors="replace"))
    for _ in range(chance.choice((0, 0, 1, 3, 20))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:]
            case 2:
                del data[at : at + 8]
            case 3:
                data[at:at] = chance.randbytes(chance.choice((1, 2, 30)))
            case _:
                data[at:at] = chance.choice((b'"', b"\r", b"\n", b";", b",", b"\xff\xfe", b"\0"))
    return bytes(data)


def taken_in(store: Store, data: bytes, chance: random.Random, write: bool) -> str:
    """What the page does with a file, from reading to saving; a word for how it ended."""
    try:
        found = reader.read(data)
    except TableError as error:
        return error.problem
    proposed = column_guess.propose(found, chance.choice(("en_GB", "es", "de")))
    roles = [chance.choice(list(Role)) if chance.random() < 0.2 else role for role in proposed]
    if DATE not in roles:
        roles[0] = DATE
    for order in orders(found.column(roles.index(DATE)), NOW.local.date()):
        scale = tracker.scale_of(found.header[0], list(found.column(0))) or chance.choice([*Scale])
        made = tracker.draft(found, Mapping(tuple(roles), order, scale), NOW, place, "es")
        assert len(made.sessions) + len(made.refused) == len(found.rows)
        assert len({session.id for session in made.sessions}) == len(made.sessions)
    if not made.sessions:
        return "refused"
    if write:
        new = tracker_import.bring_in(store, made.sessions, NOW)
        assert tracker_import.bring_in(store, made.sessions, NOW) == 0
        assert store.session_count() >= new
        # What came in can be shown, exported, and read back as an import.
        assert len(store.sessions(limit=99)) <= store.session_count()
        assert validation.read(exporting.export(store, NOW)).tables["session"]
    return "taken"


def test_broken_files_are_refused_or_read(store: Store) -> None:
    store.db.execute("PRAGMA synchronous=OFF")
    outcomes: Counter[str] = Counter()
    files = attempts(2_000, 10_000)
    for seed in range(files):
        chance = random.Random(seed)
        data = broken_file(chance)
        try:
            outcome = taken_in(store, data, chance, write=outcomes["taken"] < 200)
        except Exception as error:
            pytest.fail(f"seed {seed}: {error!r}")
        outcomes[outcome] += 1
    assert outcomes.total() == files
    assert outcomes["taken"] > files / 5, outcomes
    assert outcomes["refused"] > files / 100, outcomes
    assert outcomes[TableProblem.NOT_TEXT] > files / 100, outcomes
    assert outcomes[TableProblem.EMPTY] > files / 1000, outcomes


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_a_table_or_an_error(data: bytes) -> None:
    try:
        found = reader.read(data)
    except TableError:
        return
    column_guess.propose(found)
    roles = (DATE, *[NOTE] * (len(found.header) - 1))
    drafted(found, *roles)
