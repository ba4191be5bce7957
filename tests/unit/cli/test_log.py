"""`holdwell log` and `holdwell cramp`: what they save, for which day, and what they refuse."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdwell.cli import commands
from holdwell.cli.access import RefusedError
from holdwell.cli.parser import main
from holdwell.domain.models import CrampLeg, DayPart, Moment, SessionState, Side
from holdwell.store.people import DATABASE_NAME
from holdwell.store.repository import opened
from tests.unit.cli.conftest import LOGGED, said_as_json, store_of


def test_log_saves_the_session_and_prints_its_id(
    data: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    holds = ["--hold", "side_reach:left:35", "--hold", "hinge_forward:right:40.5"]
    assert main([*LOGGED, *holds, "--comfort", "4", "--note", " =1+1 ", *data]) == 0
    store = store_of(data)
    session = store.session(capsys.readouterr().out.strip())
    store.close()
    assert session is not None
    assert session.state is SessionState.LOGGED
    assert (session.pain_before, session.pain_after, session.comfort) == (4, 2, 4)
    assert session.note == "=1+1"
    assert session.local_day == date(2026, 11, 20)
    assert session.started.local.hour == 21
    assert [(h.stretch, h.side, h.held_s) for h in session.holds] == [
        ("side_reach", Side.LEFT, 35.0),
        ("hinge_forward", Side.RIGHT, 40.5),
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--day", "2199-01-01", "--before", "1"], "not come yet"),
        (["--day", "1999-01-01", "--before", "1"], "10 years"),
        ([], "Nothing to save"),
        (["--hold", "headstand:left:30"], "side_reach"),
        (["--hold", "side_reach:up:30"], "side_reach"),
        (["--hold", "side_reach:left:many"], "side_reach"),
        (["--hold", "side_reach:left:nan"], "3,600"),
        (["--hold", "side_reach:left:-1"], "3,600"),
        (["--note", "x" * 2001], "2,000"),
    ],
)
def test_log_refuses_what_the_form_refuses_with_the_same_sentence(
    data: list[str], capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert main(["log", *options, *data]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""
    assert not list(Path(data[1]).glob("*.db")), "what is refused makes no database"


def test_every_hold_is_either_read_or_refused() -> None:
    outcomes: Counter[str] = Counter()
    seconds = st.one_of(
        st.integers(-5, 4000).map(str),
        st.floats(0, 4000).map(str),
        st.sampled_from(["nan", "inf", "-0", "", "many", "1e3", "35 s"]),
    )
    stretch = st.sampled_from(["side_reach", "hinge_forward", "headstand", ""])
    side = st.sampled_from(["left", "right", "up", ""])
    near = st.tuples(stretch, side, seconds).map(":".join)
    good = st.integers(1, 3600).map("side_reach:left:{}".format)
    anything = st.text(alphabet="0123456789:-.einfsde_rachlt ", max_size=25)

    @settings(max_examples=300)
    @given(good | near | anything)
    def take(text: str) -> None:
        try:
            field, held_s = commands._hold(text)
        except RefusedError as error:
            assert text in str(error)
            outcomes["refused"] += 1
            return
        outcomes["taken"] += 1
        assert text == f"{field.stretch}:{field.side}:{text.split(':')[2]}"
        assert 0 < held_s <= 3600

    take()
    assert outcomes["taken"] > 50, outcomes
    assert outcomes["refused"] > 50, outcomes


@pytest.mark.parametrize("clock", [(1, 28), (9, 30), (21, 5)])
def test_a_day_without_a_time_is_the_users_day_and_gets_no_invented_time(
    data: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    clock: tuple[int, int],
) -> None:
    here = Moment.of(datetime(2026, 11, 27, *clock).astimezone())
    monkeypatch.setattr(commands, "now", lambda: here)
    today = "2026-11-26" if clock < (4, 0) else "2026-11-27"
    # After midnight today's date is not yet the user's day: it means the day before.
    for told, day in (("2026-11-20", "2026-11-20"), (today, today), ("2026-11-27", today)):
        said = said_as_json(capsys, "log", "--day", told, "--before", "3", *data)
        assert (said["day"], said["started"]) == (day, None)
        with opened(Path(data[1]) / DATABASE_NAME) as store:
            session = store.session(said["id"])
        assert session is not None and str(session.local_day) == day
        assert (session.time_known, session.part) == (False, DayPart.OTHER)
        assert session.started.utc <= here.utc
    # A day that has not begun is refused.
    assert main(["log", "--day", "2026-11-28", "--before", "3", *data]) == 1


@pytest.mark.parametrize(
    ("ends_at", "day", "part"), [(0, "2026-11-27", "morning"), (4, "2026-11-26", "bedtime")]
)
def test_the_day_ends_at_the_hour_that_the_user_chose(
    data: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ends_at: int,
    day: str,
    part: str,
) -> None:
    here = Moment.of(datetime(2026, 11, 27, 1, 28).astimezone())
    monkeypatch.setattr(commands, "now", lambda: here)
    with opened(Path(data[1]) / DATABASE_NAME) as store:
        store.save_profile(replace(store.profile(), day_ends_at=ends_at), here)
    assert main(["log", "--before", "3", *data]) == 0
    with opened(Path(data[1]) / DATABASE_NAME) as store:
        session = store.session(capsys.readouterr().out.strip())
    assert session is not None
    assert (str(session.local_day), session.part.value) == (day, part)
    # The date on the wall means the user's day, and a day that has not begun is refused.
    for wall, shown in (("2026-11-27", 0), ("2026-11-28", 1)):
        assert main(["fhir", "-", "--from", wall, "--to", wall, *data]) == shown
    assert "The last day has not come yet." in capsys.readouterr().err


def test_the_day_that_is_printed_ends_at_the_hour_that_the_user_chose(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Moment.of(datetime(2026, 11, 27, 1, 28).astimezone())
    monkeypatch.setattr(commands, "now", lambda: here)
    with opened(Path(data[1]) / DATABASE_NAME) as store:
        store.save_profile(replace(store.profile(), day_ends_at=0), here)
    assert said_as_json(capsys, "log", "--before", "3", *data)["day"] == "2026-11-27"
    given = said_as_json(capsys, "log", "--day", "2026-11-20", "--before", "3", *data)
    assert (given["day"], given["started"]) == ("2026-11-20", None)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be set")
def test_a_time_that_summer_time_skips_becomes_the_time_after_the_gap(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        given = ["--day", "2026-03-08", "--time", "02:30", "--before", "3"]
        monkeypatch.setattr(commands, "now", lambda: Moment.of(datetime(2026, 3, 9, tzinfo=UTC)))
        assert main(["log", *given, *data]) == 0
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    store = store_of(data)
    session = store.session(capsys.readouterr().out.strip())
    store.close()
    assert session is not None
    assert session.started.local.isoformat() == "2026-03-08T03:30:00-04:00"


def test_a_session_logged_in_the_hour_that_comes_twice_has_the_right_moment(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    second = Moment.of(datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=1))))
    monkeypatch.setattr(commands, "now", lambda: second)
    assert main(["log", "--before", "3", *data]) == 0
    store = store_of(data)
    session = store.session(capsys.readouterr().out.strip())
    store.close()
    assert session is not None
    assert session.started == second


def test_a_cramp_is_saved(data: list[str]) -> None:
    assert main(["cramp", "2026-11-20", "left", *data]) == 0
    store = store_of(data)
    night = store.cramp(date(2026, 11, 20))
    store.close()
    assert night is not None
    assert night.leg is CrampLeg.LEFT


def test_left_and_then_right_make_both(data: list[str]) -> None:
    for leg in ("left", "right"):
        assert main(["cramp", "2026-11-20", leg, *data]) == 0
    store = store_of(data)
    night = store.cramp(date(2026, 11, 20))
    store.close()
    assert night is not None
    assert night.leg is CrampLeg.BOTH
    assert main(["cramp", "1950-01-01", "left", *data]) == 1


def test_a_night_that_has_not_begun_has_no_cramp(
    data: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As in History, tonight begins at 18:00."""
    for hour, code in ((1, 1), (17, 1), (18, 0)):
        here = Moment.of(datetime(2026, 11, 24, hour, tzinfo=UTC))
        monkeypatch.setattr(commands, "now", lambda here=here: here)
        assert main(["cramp", "2026-11-23", "left", *data]) == 0
        assert main(["cramp", "2026-11-24", "left", *data]) == code
        assert ("not come yet" in capsys.readouterr().err) == bool(code)
