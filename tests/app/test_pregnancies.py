"""Two pregnancies of one person: every page shows one at a time, and nothing of the other."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell import fhir, report
from holdwell.records import CrampLeg, Moment, Pregnancy, Tracking
from holdwell.store import Store
from holdwell.ui.where import Where
from tests.app.conftest import OpenPage, texts
from tests.conftest import MakeSession

TODAY = date(2026, 11, 24)
DUE = date(2027, 6, 20)
BORDER = date(2026, 9, 13)
"""The first day of the last period of a pregnancy that is due on `DUE`."""
OLD_NOTE, NEW_NOTE = "a note of the first", "a note of the second"
FIRST = Pregnancy(due_date=date(2026, 3, 1), birth_date=date(2026, 3, 3))
SECOND = Pregnancy(due_date=DUE)
CHOOSER = "hw-chapter-choice"
WITH_CHOICE = ("history", "progress", "review", "report")


@pytest.fixture
def two(saved: Store, now: Moment, make_session: MakeSession) -> Store:
    """97 sessions of pain 10 up to the border; from it on five of pain 3 and 2."""
    saved.save_profile(replace(saved.profile(), welcomed=True, safety_seen=True), now)
    saved.save_pregnancy(FIRST, now)
    saved.save_pregnancy(SECOND, now)
    old = [make_session(BORDER - timedelta(1 + n), before=10, after=10) for n in range(97)]
    new = [make_session(BORDER + timedelta(n), before=3, after=2) for n in (0, 1, 2, 3, 72)]
    sessions = [replace(one, note=OLD_NOTE) for one in old]
    sessions += [replace(one, note=NEW_NOTE) for one in new]
    nights = [(BORDER - timedelta(n), CrampLeg.BOTH) for n in range(1, 41)]
    saved.save_all(sessions, [*nights, (BORDER, CrampLeg.LEFT)], now)
    gone = replace(make_session(BORDER - timedelta(3), hour=3), note="deleted long ago")
    saved.save_session(gone, now)
    saved.delete_session(gone.id, now)
    return saved


def shown(app: AppTest) -> str:
    assert not app.exception
    tables = "\n".join(frame.value.to_string() for frame in app.dataframe)
    boxes = "\n".join(box.label for box in app.checkbox)
    return f"{texts(app)}\n{tables}\n{boxes}"


def test_the_border_is_where_the_second_begins(two: Store) -> None:
    assert [chapter.first for chapter in two.chapters()] == [None, BORDER]


@pytest.mark.parametrize("page", sorted(path.stem for path in Path("pages").glob("*.py")))
def test_no_page_counts_the_other_pregnancy(two: Store, open_page: OpenPage, page: str) -> None:
    app = open_page(page)
    said = shown(app)
    assert OLD_NOTE not in said
    assert (CHOOSER in [one.key for one in app.button_group]) == (page in WITH_CHOICE)
    if page not in ("record", "changes"):
        for mark in ("97 sessions", "102 sessions", "deleted long ago", "40 nights"):
            assert mark not in said, (page, mark)


@pytest.mark.parametrize("section", ["often", "pain", "change", "when"])
@pytest.mark.parametrize("span", ["recent", "all"])
def test_progress_is_about_one_of_them(
    two: Store, open_page: OpenPage, section: str, span: str
) -> None:
    app = open_page("progress")
    app.pills("hw-section").set_value(section).run()
    said = shown(app)
    assert "5 sessions" in said
    old = app.pills(CHOOSER).options[1]
    assert old.endswith(("Sept 2026", "Sep 2026"))
    app.pills(CHOOSER).set_value(FIRST.id).run()
    if "hw-range" in [one.key for one in app.button_group]:
        app.button_group("hw-range").set_value(span).run()
    said = shown(app)
    assert "5 sessions" not in said
    assert "of your goal" not in said


def test_history_lists_one_of_them_and_remembers_which(two: Store, open_page: OpenPage) -> None:
    app = open_page("history")
    assert texts(app).count(NEW_NOTE) == 5
    app.pills(CHOOSER).set_value(FIRST.id).run()
    said = texts(app)
    assert NEW_NOTE not in said and OLD_NOTE in said
    assert "15 of 97" in said
    app.switch_page("pages/progress.py").run()
    assert app.pills(CHOOSER).value == FIRST.id


def test_the_report_is_about_one_of_them(two: Store, open_page: OpenPage, now: Moment) -> None:
    app = open_page("report")
    said = shown(app)
    assert "5 sessions" in said or "5 of" in said or "Sessions: 5" in said
    made = report.read(two, BORDER - timedelta(60), TODAY, TODAY, None)
    assert (made.first, made.sessions) == (BORDER, 5)
    assert [note.text for note in made.notes] == [NEW_NOTE] * 5
    assert made.pregnancy == SECOND
    assert made.cramps.both == 0 and made.cramps.left == 1
    old = report.read(two, date(2020, 1, 1), BORDER - timedelta(1), TODAY, None)
    assert (old.sessions, old.pregnancy) == (97, FIRST)
    bundle = fhir.bundle(two, date(2020, 1, 1), TODAY, now)
    assert bundle["entry"]
    values = [entry["resource"].get("valueQuantity", {}) for entry in bundle["entry"]]
    assert sorted({one["value"] for one in values if one.get("code") == "{score}"}) == [2, 3]


def test_paused_the_times_are_still_told_apart(
    two: Store, open_page: OpenPage, now: Moment
) -> None:
    two.save_profile(replace(two.profile(), tracking=Tracking.PAUSED), now)
    for page in WITH_CHOICE:
        app = open_page(page)
        said = shown(app)
        assert OLD_NOTE not in said and "97 sessions" not in said
        assert app.pills(CHOOSER).options[0].startswith("Since")


def test_another_pregnancy_is_begun_in_the_settings(
    saved: Store, open_page: OpenPage, now: Moment
) -> None:
    saved.save_profile(replace(saved.profile(), welcomed=True, safety_seen=True), now)
    saved.save_pregnancy(FIRST, now)
    app = open_page("settings")
    app.button("hw-another").click().run()
    app.pills("settings-new-where").set_value(Where.PREGNANT).run()
    app.date_input("settings-new-due").set_value(date(2026, 12, 1)).run()
    app.button("settings-new-next").click().run()
    assert "before the birth that is in your record" in texts(app)
    assert saved.pregnancies() == [FIRST]
    assert app.date_input("settings-new-due").value == date(2026, 12, 1)
    app.date_input("settings-new-due").set_value(DUE).run()
    app.button("settings-new-next").click().run()
    assert not app.exception
    first, second = saved.pregnancies()
    assert first == FIRST
    assert (second.due_date, second.birth_date) == (DUE, None)
    assert "Earlier pregnancies" in [one.label for one in app.expander]
    app.button(f"hw-change-{FIRST.id}").click().run()
    app.date_input(f"settings-{FIRST.id}-birth").set_value(date(2026, 3, 5)).run()
    app.button(f"settings-{FIRST.id}-next").click().run()
    assert [one.birth_date for one in saved.pregnancies()] == [date(2026, 3, 5), None]


def test_one_that_ended_is_kept_by_its_months_and_not_named(
    saved: Store, open_page: OpenPage, now: Moment
) -> None:
    saved.save_profile(replace(saved.profile(), welcomed=True, safety_seen=True), now)
    lost = Pregnancy(due_date=date(2026, 9, 1), ended=True)
    saved.save_pregnancy(lost, now)
    app = open_page("settings")
    assert "hw-another" not in [one.key for one in app.button]
    app.button("hw-change").click().run()
    app.pills(f"settings-{lost.id}-where").set_value(Where.PREGNANT).run()
    app.date_input(f"settings-{lost.id}-due").set_value(DUE).run()
    app.button(f"settings-{lost.id}-next").click().run()
    assert saved.pregnancies()[0] == lost
    assert saved.pregnancies()[1].due_date == DUE
    said = texts(app)
    assert "Nov 2025 to Sept 2026" in said or "Nov 2025 to Sep 2026" in said
    assert "1 Sep" not in said and "2026-09-01" not in said
