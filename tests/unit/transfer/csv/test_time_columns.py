"""Times of a column are read by what its other cells say, or left open."""

from datetime import time, timedelta

import pytest

from holdwell.transfer.csv.time_columns import read_times


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        # One hour above 12 tells that all are hours of a 24-hour clock.
        ("21 8 0", [time(21), time(8), time(0)]),
        ("9 8", [None, None]),
        ("21 8 30", [None, None, None]),
        ("21 9 9pm", [None, None, time(21)]),
        # A spreadsheet drops the 0 of 0915.
        ("2105 915", [time(21, 5), time(9, 15)]),
        ("915 120", [None, None]),
        ("2105 975 30", [time(21, 5), None, None]),
        # 0.25 may be 0:25 unless another is a part of the day.
        ("0.875 0.25", [time(21), time(6)]),
        ("21.05 0.25", [time(21, 5), None]),
    ],
)
def test_a_number_alone_is_a_time_where_others_tell(cells: str, wanted: list[time | None]) -> None:
    found = read_times(cells.split(), of_hours=True)
    assert [when and when.at for when in map(found.get, cells.split())] == wanted


def test_a_number_is_no_hour_where_it_may_be_a_length() -> None:
    assert read_times(["10", "20"]) == {"10": None, "20": None}


@pytest.mark.parametrize(
    ("cells", "by_clock", "midnight"),
    [
        ("00:00 00:00", False, None),
        ("00:00 00:00 21:05 08:10", False, None),
        ("00:00 21:05", False, time(0)),
        # The user writes something around midnight, too.
        ("00:00 00:00 23:30 0:30", False, time(0)),
        ("00:00", False, None),
        ("00:00 24:00", False, time(0)),
        ("12am 12am", False, time(0)),
        ("00:00 00:00", True, time(0)),
        ("00:00Z 00:00Z", False, time(0)),
    ],
)
def test_several_midnights_stand_for_no_time_unless_a_clock_wrote_them(
    cells: str, by_clock: bool, midnight: time | None
) -> None:
    found = read_times(cells.split(), by_clock=by_clock)[cells.split()[0]]
    assert found is not None
    assert found.at == midnight


def test_an_end_is_no_offset_unless_it_is_before_a_beginning() -> None:
    assert read_times(["04:30-05:00", "9:00-10:00"]) == {"04:30-05:00": None, "9:00-10:00": None}
    west = read_times(["04:30-05:00", "21:05-05:00"])
    assert {when and when.offset for when in west.values()} == {timedelta(hours=-5)}
