"""Days and times are read as apps and people write them; unclear ones are left open."""

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from babel.dates import get_day_names, get_month_names
from hypothesis import given
from hypothesis import strategies as st

from holdwell.domain.models import DayPart
from holdwell.i18n.languages import codes, content_folder
from holdwell.transfer.csv.dates import (
    DateOrder,
    When,
    example,
    orders,
    read_day,
    read_time,
    with_year,
)
from tests.unit.transfer.csv.conftest import BERLIN, NOW

D, M, Y, S = DateOrder


MONTH_LANGUAGES = {"de", "de_AT", "en", "es", "fr", "it", "nl", "pt", *codes(content_folder())}
WEEKDAY_LANGUAGES = MONTH_LANGUAGES | {
    "bg", "ca", "cs", "cy", "da", "el", "et", "eu", "fi", "ga", "gl", "hr", "hu", "is", "lb", "lt",
    "lv", "mk", "mt", "nb", "nn", "pl", "pt_PT", "ro", "ru", "sk", "sl", "sq", "sr", "sr_Latn",
    "sv", "tr", "uk",
}  # fmt: skip


@pytest.mark.parametrize("language", sorted(MONTH_LANGUAGES))
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_months_are_read_in_every_language_with_and_without_a_full_stop(
    language: str, width: Literal["wide", "abbreviated"]
) -> None:
    contexts: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
    for context in contexts:
        for month, name in get_month_names(width, context, language).items():
            for cell in (f"24 {name.rstrip('.')} 2026", f"24 {name.rstrip('.')}. 2026"):
                found = read_day(cell)
                assert found is not None, cell
                assert found.day == date(2026, month, 24)


@pytest.mark.parametrize(
    ("cell", "order", "day", "at"),
    [
        ("2026-11-03", M, date(2026, 11, 3), None),
        ("2026/1/3 9:05", D, date(2026, 1, 3), time(9, 5)),
        ("2026-11-03T21:05:07.250", D, date(2026, 11, 3), time(21, 5, 7)),
        ("20261103", D, date(2026, 11, 3), None),
        ("20261103T210507", D, date(2026, 11, 3), time(21, 5, 7)),
        ("03.11.2026", D, date(2026, 11, 3), None),
        ("3. 11. 2026", D, date(2026, 11, 3), None),
        ("11/3/26", M, date(2026, 11, 3), None),
        ("3-11-26", D, date(2026, 11, 3), None),
        ("26/11/03", Y, date(2026, 11, 3), None),
        ("11/3/2026, 9:05:00 PM", M, date(2026, 11, 3), time(21, 5)),
        ("3-11-2026 12:00 a. m.", D, date(2026, 11, 3), time(0)),
        ("3 Nov 2026", M, date(2026, 11, 3), None),
        ("3 Nov 2026 at 20:05", M, date(2026, 11, 3), time(20, 5)),
        ("Tue, 3 November 2026 21h05", M, date(2026, 11, 3), time(21, 5)),
        ("Tuesday, November 3, 2026 at 8:05:00 PM", D, date(2026, 11, 3), time(20, 5)),
        ("Nov 3rd, 2026", D, date(2026, 11, 3), None),
        ("22nd Nov 2026", D, date(2026, 11, 22), None),
        ("03-Nov-2026", M, date(2026, 11, 3), None),
        ("03-Nov-26", D, date(2026, 11, 3), None),
        ("martes, 3 de noviembre de 2026", D, date(2026, 11, 3), None),
        ("1.º de noviembre de 2026", D, date(2026, 11, 1), None),
        ("3.oct.2026", D, date(2026, 10, 3), None),
        ("3oct2026", D, date(2026, 10, 3), None),
        ("25.11.2026.", D, date(2026, 11, 25), None),
        ("25.11.2026. 21:05", D, date(2026, 11, 25), time(21, 5)),
        ("2026-11-03 21:05 Europe/Madrid", D, date(2026, 11, 3), time(21, 5)),
        ("3-nov.-2026", D, date(2026, 11, 3), None),
        ("3-Mrz-26", D, date(2026, 3, 3), None),
        ("3 de setiembre de 2026", D, date(2026, 9, 3), None),
        ("3 sept. 2026", D, date(2026, 9, 3), None),
        ("3. März 2026 21:05 Uhr", D, date(2026, 3, 3), time(21, 5)),
        ("1er août 2026", D, date(2026, 8, 1), None),
        ("2026年11月3日", D, date(2026, 11, 3), None),
        ("2026-Nov-03 21:05", D, date(2026, 11, 3), time(21, 5)),
        ("2026. November 3", D, date(2026, 11, 3), None),
        ("3 / 11 / 2026", D, date(2026, 11, 3), None),
        ("3 Nov '26", D, date(2026, 11, 3), None),
        ("2026\u201111\u201103", D, date(2026, 11, 3), None),
        ("\u200e03/11/2026\u200e", D, date(2026, 11, 3), None),
        ("Nov. 3rd, 2026 @ 9:05 PM", D, date(2026, 11, 3), time(21, 5)),
        ("martedì 3 novembre 2026 ore 21:05", D, date(2026, 11, 3), time(21, 5)),
        ("46329", S, date(2026, 11, 3), None),
        ("46329.875", S, date(2026, 11, 3), time(21)),
    ],
)
def test_days_as_trackers_write_them(cell: str, order: DateOrder, day: date, at: time) -> None:
    found = read_day(cell, order)
    assert found is not None
    assert (found.day, found.at, found.offset) == (day, at, None)


@pytest.mark.parametrize(
    "cell",
    ["", "4", "31.11.2026", "13/13/2026", "2026", "46349", "yesterday", "2026-11-03 x", "24-Nov",
     "3 Brumaire 2026", "2026-11-03 25:00", "2026-11-03 13:00 pm", "0000-01-01", "Nov 23",
     "2026-11-03T21:05+99:00", "2026-11-03 21:05 CST", "20261301", "٣/١١/٢٠٢٦ x",
     "Nov 2026", "nov. 2026", "November 2026 21:05", "2026 Nov",
     "Coffee 24-11-2026", "Invoice 1/2/2026", "Coffee 24 Nov 2026", "Lunch, Nov 24, 2026",
     "May be 24.11.2026", "K 24.11.2026", "Wed Thu Fri 24.11.2026"],
)  # fmt: skip
def test_other_cells_are_not_days(cell: str) -> None:
    assert read_day(cell, D) is None
    assert read_day(cell, M) is None


@pytest.mark.parametrize(
    "cell",
    ["Di. 24.11.2026", "Di, 24.11.2026", "Dienstag, den 24.11.2026", "Tue 24/11/2026",
     "Tues. 24-11-2026", "on Tuesday 24 November 2026", "mar. 24/11/2026", "martes 24/11/2026",
     "mardi 24/11/2026", "martedì 24/11/2026", "ter., 24/11/2026", "dinsdag 24-11-2026",
     "le 24/11/2026", "el martes, 24 de noviembre de 2026", "Tuesday 2026-11-24",
     "am Dienstag, den 24.11.2026", "Di.24.11.2026", "火 2026/11/24", "Date: 24.11.2026",
     "Tuesday the 24th of November 2026", "Sonnabend, 24.11.2026", "terça 24/11/2026",
     "Tag 24.11.2026", "Día 24/11/2026", "Jour 24/11/2026", "Dia: 24/11/2026", "Day 24/11/2026",
     "Fecha: 24/11/2026", "pon. 24.11.2026", "mån 24/11/2026", "Вторник, 24.11.2026",
     "jour : 24/11/2026", "Di. 20261124", "火 2026年11月24日"],
)  # fmt: skip
def test_a_weekday_may_precede_a_day(cell: str) -> None:
    found = read_day(cell, D)
    assert found is not None
    assert found.day == date(2026, 11, 24)


@pytest.mark.parametrize("language", sorted(WEEKDAY_LANGUAGES))
@pytest.mark.parametrize("width", ["wide", "abbreviated", "short"])
def test_weekdays_are_read_in_every_language_with_and_without_a_full_stop(
    language: str, width: Literal["wide", "abbreviated", "short"]
) -> None:
    for name in get_day_names(width, locale=language).values():
        bare = name.rstrip(".")
        if len(bare) == 1:
            continue
        for cell in (f"{bare} 24.11.2026", f"{bare}. 24.11.2026", f"{bare}, 24.11.2026"):
            found = read_day(cell, D)
            assert found is not None, cell
            assert found.day == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("cell", "local"),
    [
        ("2026-11-23T20:05:00.000Z", "2026-11-23T21:05:00+01:00"),
        ("2026-11-23 20:05 UTC", "2026-11-23T21:05:00+01:00"),
        ("2026-11-23 20:05 +0200", "2026-11-23T20:05:00+02:00"),
        ("2026-07-01T23:30:00-04:00", "2026-07-01T23:30:00-04:00"),
        ("2026-11-23T20:05+01:00[Europe/Madrid]", "2026-11-23T20:05:00+01:00"),
        ("Mon Nov 23 2026 20:05:00 GMT+0100 (CET)", "2026-11-23T20:05:00+01:00"),
        ("1795723200", "2026-11-26T21:00:00+01:00"),
        ("1795723200000", "2026-11-26T21:00:00+01:00"),
        ("2026-11-23 20:05", "2026-11-23T20:05:00+01:00"),
        # The first of an hour that is repeated in autumn; the next for one left out in spring.
        ("2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00"),
        ("2026-03-29T02:30:00", "2026-03-29T03:30:00+02:00"),
    ],
)
def test_a_row_keeps_its_offset_and_utc_becomes_the_users_local_time(cell: str, local: str) -> None:
    found = read_day(cell)
    assert found is not None
    assert found.moment(BERLIN).local.isoformat() == local


@pytest.mark.parametrize(
    ("cell", "at"),
    [("21:05", time(21, 5)), ("9.05", time(9, 5)), ("9:05 pm", time(21, 5)), ("12am", time(0)),
     ("9 p. m.", time(21)), ("9:05\u202fPM", time(21, 5)), ("21:05:30.123", time(21, 5, 30)),
     ("21:05 Uhr", time(21, 5)), ("21h", time(21)), ("21h05", time(21, 5)), ("2105", time(21, 5)),
     ("25:00", None), ("24:00", time(0)), ("24:01", None),
     ("午前0時5分", time(0, 5)), ("午後0時30分", time(12, 30)), ("午後9時", time(21)),
     ("0,5", time(12)), ("0.25", None), ("00.25", time(0, 25)), ("0:25", time(0, 25)),
     ("0.999999", time(23, 59, 59)), ("0.875", time(21)), ("7 h 30", time(7, 30)), ("7", None),
     ("0 am", None), ("21:05-22:00", None), ("210530", time(21, 5, 30)), ("1234.56", None),
     ("090533.5", None), ("12/30/1899 9:05 PM", time(21, 5)), ("30.12.1899 21:05", time(21, 5)),
     ("1899-12-30T21:05:00", time(21, 5)), ("1/0/1900 21:05", time(21, 5)),
     ("1904-01-01 21:05", time(21, 5)), ("1970-01-01T21:05:00.000Z", time(21, 5)),
     ("0001-01-01 21:05", time(21, 5)), ("@ 9:05 PM", time(21, 5)), ("ore 21:05", time(21, 5)),
     ("2026-01-01 21:05", None), ("12/30/1899", None), ("ore 9", time(9)),
     ("las 21:05", time(21, 5)), ("gegen 21 Uhr", time(21)), ("~9pm", time(21)),
     ("about 9 pm", time(21)), ("gegen 9", None), ("9 o'clock", None), ("9pm-10pm", None),
     ("21:05 bed/sofa", None), ("9 y media", None), ("915", None)],
)  # fmt: skip
def test_times_as_trackers_write_them(cell: str, at: time | None) -> None:
    found = read_time(cell)
    assert (found and found.at) == at


@pytest.mark.parametrize(
    ("cell", "part"),
    [("am", DayPart.MORNING), ("pm", DayPart.OTHER), ("all day", DayPart.OTHER),
     ("Mañana", DayPart.MORNING), ("night", DayPart.BEDTIME)],
)  # fmt: skip
def test_a_part_of_the_day_is_not_a_time(cell: str, part: DayPart) -> None:
    found = read_time(cell)
    assert found is not None
    assert (found.at, found.part) == (None, part)


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["3/4/2026", "13/4/2026"], (D,)),
        (["3/4/2026", "4/13/2026"], (M,)),
        (["3/4/2026", "4/3/2026"], (D, M)),
        (["13/4/2026", "4/13/2026"], (D, M)),
        (["5/5/2026", "2026-03-04"], (D,)),
        (["2026-03-04"], (D,)),
        # 3 December would be in the future.
        (["3/12/2026"], (M,)),
        (["26/11/24"], (D, Y)),
        (["24-11-26", "26/11/24"], (D, Y)),
        # The year 2031 would be in the future.
        (["31/10/25"], (D,)),
        # A year of two digits is not written as one; nor is it first beside 20/11/2026.
        (["20.11.24", "1.11.24"], (D,)),
        (["20/11/2026", "23/11/25"], (D,)),
        # A weekday tells, unless it fits no order; "ma" is Monday in Dutch, Tuesday in French.
        (["Fri 20/11/26", "Sat 21/11/26"], (D,)),
        (["Mon 2/3/2026"], (D,)),
        (["mar 2/3/2026"], (M,)),
        (["Tues 2/3/2026"], (M,)),
        (["Sun 2/3/2026"], (D, M)),
        (["ma 2/3/2026"], (D, M)),
        (["46329"], (S,)),
        ([], (D,)),
    ],
)
def test_the_order_is_found_from_the_days_or_left_open(
    cells: list[str], wanted: tuple[DateOrder, ...]
) -> None:
    assert orders(cells, NOW.local.date()) == wanted


def test_the_example_is_a_day_that_most_orders_read_differently() -> None:
    assert example(["20/11/2026", "5/5/2026", "3/4/2026"], (D, M)) == "3/4/2026"
    assert example(["20/11/2026", "13/11/24"], (D, M, Y)) == "13/11/24"
    assert example(["46329"], (S,)) == "46329"


FORMS = {D: ("%d/%m/%Y", "%d.%m.%y"), M: ("%m/%d/%Y", "%m-%d-%y"), Y: ("%y/%m/%d", "%y-%m-%d")}


@given(
    st.lists(st.dates(date(2017, 1, 1), date(2026, 11, 24)), min_size=1),
    st.sampled_from([(order, form) for order, forms in FORMS.items() for form in forms]),
)
def test_the_right_order_is_always_among_those_found(
    days: list[date], written: tuple[DateOrder, str]
) -> None:
    right, form = written
    cells = [day.strftime(form) for day in days]
    possible = orders(cells, NOW.local.date())
    read = [read_day(cell, possible[0]) for cell in cells]
    assert right in possible or read == [When(day) for day in days]


@given(st.datetimes(datetime(2017, 1, 1), datetime(2026, 1, 1)), st.integers(-14, 14))
def test_an_instant_is_the_same_in_every_zone(at: datetime, hours: int) -> None:
    cell = f"{at:%Y-%m-%dT%H:%M:%S}{hours:+03}:00"
    found = read_day(cell)
    assert found is not None
    for zone in ("Asia/Tokyo", "America/New_York"):
        instant = found.moment(ZoneInfo(zone)).utc.replace(tzinfo=None)
        assert instant == at.replace(microsecond=0) - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "whole"),
    [("24/11", "24/11/2026"), ("24.11.", "24.11.2026"), ("24. 11. 21:05", "24. 11.2026 21:05"),
     ("11-24 9:05", "11-24-2026 9:05"), ("24 Nov", "24 Nov 2026"), ("24/11/26", "24/11/26 2026"),
     ("24/11/2026", "24/11/2026")],
)  # fmt: skip
def test_a_year_from_another_column_is_added_in_the_form_of_the_day(day: str, whole: str) -> None:
    assert with_year(day, "2026") == whole
