"""A third stretch needs only a file in content/: routines, plans, data and exports have it."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from holdwell.domain.models import (
    Hold,
    HoldOutcome,
    Moment,
    Profile,
    Routine,
    RoutineStretch,
    SessionState,
    Side,
    new_id,
)
from holdwell.guide import load
from holdwell.guide.model import Stretch
from holdwell.i18n import languages, messages
from holdwell.i18n.languages import SHIPPED
from holdwell.sessions import plan
from holdwell.sessions.defaults import starting_routines
from holdwell.sessions.plan import BEDTIME_ID, PlannedHold
from holdwell.stats import frames, queries
from holdwell.stats.queries import Grouping, ScoreCount
from holdwell.store.repository import Store
from holdwell.transfer import exporting, importing, validation
from holdwell.ui.stretch.walk_through import WalkThrough
from tests.conftest import MakeSession
from tests.support.third_stretch import ID, NAME, content_with_third_stretch
from tools import demo

TODAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = content_with_third_stretch(tmp_path)
    monkeypatch.setenv("HOLDWELL_CONTENT", str(made))
    return made


@pytest.fixture
def taught(folder: Path) -> tuple[Stretch, ...]:
    return load.guide().stretches


def test_a_third_stretch_comes_third_in_every_language(folder: Path) -> None:
    for code in languages.codes(folder):
        assert [s.id for s in load.load(folder, code).stretches][2] == ID
    # Its cue names the side as each language does.
    cues = {code: load.load(folder, code).stretch(ID) for code in languages.codes(folder)}
    assert cues["en"] is not None
    assert cues["es"] is not None
    assert cues["en"].cue[Side.LEFT].startswith("Left heel on the base. Grow tall over your r")
    assert "sobre la pierna derecha" in cues["es"].cue[Side.LEFT]


def test_the_content_that_is_shipped_is_unchanged(folder: Path) -> None:
    assert load.load(SHIPPED).stretch(ID) is None


def test_the_first_routines_hold_it_for_the_recommended_time(folder: Path) -> None:
    for made in starting_routines(Profile()):
        assert made.stretches == (
            RoutineStretch("side_reach", 35),
            RoutineStretch("hinge_forward", 35),
            RoutineStretch(ID, 25),
        )
    # A user who chose another duration gets that.
    profile = Profile(hold_seconds=50)
    (made, _) = starting_routines(profile)
    assert {item.hold_s for item in made.stretches} == {50}


@pytest.mark.parametrize(
    ("least", "most", "seconds"), [(20, 20, 20), (20, 29, 20), (88, 90, 85), (90, 90, 90)]
)
def test_the_first_routine_with_it_can_be_edited(
    taught: tuple[Stretch, ...], least: int, most: int, seconds: int
) -> None:
    stretch = taught[2].model_copy(update={"hold_min": least, "hold_max": most})
    assert plan.usual_item(stretch, Profile()).hold_s == seconds


def test_a_plan_holds_it_on_both_sides(taught: tuple[Stretch, ...]) -> None:
    mine = Routine(new_id(), "Mine", (RoutineStretch(ID, 25),), repeats=2)
    holds = plan.plan(mine, taught, 10).holds
    assert [(h.stretch, h.side) for h in holds] == [(ID, Side.LEFT), (ID, Side.RIGHT)] * 2
    walk = WalkThrough(load.guide(), pregnant=True)
    for hold in holds:
        (shown,) = walk.holds([PlannedHold(new_id(), ID, hold.side, 25, hold.lead, 10)])
        assert shown["name"] == NAME
        assert f"{hold.side.value.capitalize()} heel" in shown["cue"]
        assert f"raised={hold.side.value}" in shown["picture"]


def test_a_routine_that_was_edited_before_stays_as_it_was(taught: tuple[Stretch, ...]) -> None:
    mine = Routine(new_id(), "Mine", (RoutineStretch("side_reach"),))
    assert {h.stretch for h in plan.plan(mine, taught, 10).holds} == {"side_reach"}


@pytest.mark.parametrize(("ready", "stretches"), [(0, 2), (10, 2), (60, 2)])
def test_the_short_version_has_as_many_stretches_as_fit(
    taught: tuple[Stretch, ...], ready: int, stretches: int
) -> None:
    every = Routine(new_id(), "All", tuple(RoutineStretch(s.id) for s in taught))
    made = plan.short_plan(every, taught, ready)
    assert made.seconds <= plan.SHORT_SECONDS
    assert [h.stretch for h in made.holds][::2] == [s.id for s in taught][:stretches]
    alone = replace(every, stretches=(RoutineStretch(ID),))
    assert {h.stretch for h in plan.short_plan(alone, taught, ready).holds} == {ID}


def test_export_and_import_include_it(
    folder: Path, store: Store, now: Moment, make_session: MakeSession, tmp_path: Path
) -> None:
    hold = Hold(new_id(), 2, ID, Side.LEFT, 25.0, 25.0, HoldOutcome.FINISHED, now)
    known = make_session(TODAY, state=SessionState.FINISHED)
    session = replace(known, holds=(*known.holds, hold))
    mine = Routine(BEDTIME_ID, "Mine", (RoutineStretch(ID, 25),))
    store.save(session, now)
    store.save_routines([mine], now)
    exported = exporting.export(store, now)
    other = Store(tmp_path / "other.db")
    importing.insert(other, validation.read(exported), now)
    assert other.session(session.id) == session
    assert other.routines() == [mine]
    other.close()


def test_the_example_history_includes_it(folder: Path, tmp_path: Path) -> None:
    at = datetime(2026, 11, 24, 12, tzinfo=timezone(timedelta(hours=1)))
    store = Store(demo.make(tmp_path, at))
    rows = queries.scores_by_group(store, Grouping.STRETCH, date(2020, 1, 1), date(2027, 1, 1))
    assert {row.group for row in rows} == {"side_reach", "hinge_forward", ID}
    store.close()


def test_a_stretch_that_is_no_longer_taught_still_counts() -> None:
    rows = [ScoreCount(ID, False, 5, 9), ScoreCount("side_reach", False, 3, 9)]
    found = frames.pain_groups(rows, ["side_reach", "hinge_forward"])
    assert [(group.group, group.scores) for group in found] == [("side_reach", 9), (ID, 9)]


def test_each_content_folder_has_its_own_texts(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert messages.say("nav.today") == "Today"
    other = content_with_third_stretch(tmp_path / "other")
    file = other / "wording" / "en.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('today = "Today"', 'today = "Now"'), encoding="utf-8")
    monkeypatch.setenv("HOLDWELL_CONTENT", str(other))
    assert messages.say("nav.today") == "Now"
