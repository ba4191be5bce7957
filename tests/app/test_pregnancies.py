"""Several pregnancies of one user: no page mixes them, and the user can choose one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    CrampNight,
    DayPart,
    Moment,
    Pregnancy,
    Tracking,
)
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.report.summary import ReportRange
from holdwell.store.repository import Store
from holdwell.ui.common import pregnancy_picker
from tests.app.conftest import OpenPage, edit_saved, go_to, texts
from tests.conftest import TODAY, MakeSession
from tests.support.histories import delete_other_periods

MARK = "unmistakable-4711"
FIRST = Pregnancy(due_date=date(2025, 1, 10), birth_date=date(2025, 1, 8))
LOST = Pregnancy(due_date=date(2026, 6, 1), ended=True)
BORDERS = [TODAY, date(2026, 11, 12), date(2026, 9, 15)]
"""First days of the current pregnancy: in this week, in the last 4 and in the last 12 weeks."""


def starting(day: date) -> Pregnancy:
    return Pregnancy(due_date=day + timedelta(280))


def fill(store: Store, border: date, now: Moment, make_session: MakeSession) -> None:
    """Save three pregnancies; the 97 sessions before `border` have pain and a note to look for."""
    for pregnancy in (FIRST, LOST, starting(border)):
        store.save_pregnancy(pregnancy, now)
    current = [make_session(TODAY, 12, before=3, after=1), make_session(border, 6, before=2)]
    current[0] = replace(current[0], note="mine")
    others = [
        replace(
            make_session(border - timedelta(1 + n), 13, before=10, after=9, part=DayPart.OTHER),
            note=f"{MARK} {n}",
            comfort=1,
        )
        for n in range(97)
    ]
    longest_ago = replace(make_session(date(2025, 1, 20), 12, before=7), note="oldest-0815")
    nights = [CrampNight(border - timedelta(1 + n), CrampLeg.BOTH) for n in range(30)]
    nights.append(CrampNight(border, CrampLeg.LEFT))
    store.save_all([*current, *others, longest_ago, *nights], now)
    store.save(CheckInAnswer(now, border - timedelta(1), "bleeding"), now)
    gone = replace(make_session(border - timedelta(2), 15, before=10), note=MARK)
    gone_too = make_session(TODAY, 5)
    for session in (gone, gone_too):
        store.save(session, now)
        store.delete("session", session.id, now)


def pick(app: AppTest, period: PregnancyPeriod) -> None:
    if any(pills.key == pregnancy_picker.PICKED for pills in app.pills):
        app.pills(pregnancy_picker.PICKED).set_value(period.id).run()


def all_of(app: AppTest) -> str:
    """Return all that a page shows: text, buttons, pictures, and charts with their data."""
    drawn = ("vega_lite_chart", "arrow_vega_lite_chart", "imgs", "image", "progress", "expandable")
    charts = [str(element.proto) for kind in drawn for element in app.get(kind)]
    buttons = [f"{b.label} {b.disabled}" for b in app.button]
    return "\n".join([texts(app), *buttons, *(str(p.options) for p in app.pills), *charts])


def show(app: AppTest, key: str, value: object) -> None:
    """Choose a value unless it is chosen already."""
    if app.pills(key).value != value:
        app.pills(key).set_value(value).run()


Way = Callable[[AppTest], list[str]]


def plainly(app: AppTest) -> list[str]:
    return [all_of(app)]


def sections(app: AppTest) -> list[str]:
    shown = []
    for section in ("glance", "often", "pain", "change", "when"):
        show(app, "hw-show", section)
        shown.append(all_of(app))
        if any(pills.key == "hw-range" for pills in app.pills):
            # The chosen range applies to the next section too, so show each section in both.
            other = "all" if app.pills("hw-range").value == "recent" else "recent"
            app.pills("hw-range").set_value(other).run()
            shown.append(all_of(app))
    for button in [button for button in app.button if button.key == "hw-midwife"]:
        button.click().run()
        shown.append(all_of(app))
    return shown


def weeks(app: AppTest) -> list[str]:
    shown = [all_of(app)]
    while (earlier := [b for b in app.button if b.key == "hw-earlier" and not b.disabled]) and len(
        shown
    ) < 8:
        earlier[0].click().run()
        shown.append(all_of(app))
    return shown


def every_session(app: AppTest) -> list[str]:
    shown = [all_of(app)]
    while more := [b for b in app.button if b.key == "hw-sessions-more"]:
        more[0].click().run()
        shown.append(all_of(app))
    return shown


def every_range(app: AppTest) -> list[str]:
    shown = []
    for chosen in app.pills("hw-report-range").options:
        name = next(r for r in ReportRange if r.value and chosen == label(app, r))
        show(app, "hw-report-range", name)
        for box in [box for box in app.checkbox if box.key == "hw-notes-all" and not box.value]:
            box.check().run()
        shown.append(all_of(app))
    return shown


def label(app: AppTest, ranged: ReportRange) -> str:
    from holdwell.i18n.messages import plain, say

    return plain(say(f"report.range_{ranged.value}"))


PAGES: dict[str, Way] = {
    "today": plainly,
    "progress": sections,
    "review": weeks,
    "history": every_session,
    "report": every_range,
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("border", BORDERS)
def test_no_page_shows_anything_of_an_earlier_pregnancy(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    page: str,
    border: date,
) -> None:
    for period in known.pregnancy_periods():
        known.delete("pregnancy", period.id, now)
    fill(known, border, now, make_session)
    current = known.pregnancy_periods()[-1]
    assert current.first == border
    app = open_page(page)
    shown = PAGES[page](app)
    assert not app.exception
    for text in shown:
        assert MARK not in text and "97 " not in text and "oldest-0815" not in text
        assert "Pain 10" not in text
    assert ": 10 " not in texts(app)
    delete_other_periods(known, current)
    assert PAGES[page](open_page(page)) == shown


@pytest.mark.parametrize("page", [page for page in PAGES if page != "today"])
@pytest.mark.parametrize("place", [0, 1])
def test_no_page_shows_anything_but_the_chosen_pregnancy(
    open_page: OpenPage,
    known: Store,
    now: Moment,
    make_session: MakeSession,
    page: str,
    place: int,
) -> None:
    for period in known.pregnancy_periods():
        known.delete("pregnancy", period.id, now)
    fill(known, date(2026, 11, 12), now, make_session)
    chosen = known.pregnancy_periods()[place]
    assert chosen.pregnancy == (FIRST, LOST)[place]
    app = open_page(page)
    pick(app, chosen)
    shown = PAGES[page](app)
    assert not app.exception
    every = "\n".join(shown)
    if page == "history":
        assert (MARK in every) == (place == 1) and ("oldest-0815" in every) == (place == 0)
    if place == 1:
        # A pregnancy that ended is named only by its months.
        assert "97 sessions" in every or page in ("history", "review") or "sessions: 97" in every
        for word in ("ended", "trimester", "due", "of pregnancy and"):
            assert word not in texts(app).lower().replace("week of pregnancy and cramp", "")
        assert "Aug 2025 to Nov 2026" in every
    delete_other_periods(known, chosen)
    again = open_page(page)
    pick(again, chosen)
    assert PAGES[page](again) == shown


def test_the_chosen_pregnancy_stays_chosen_on_the_next_page(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_pregnancy(FIRST, now)
    day = date(2025, 1, 20)
    known.save(replace(make_session(day, 12, before=7), note="oldest-0815"), now)
    before, current = known.pregnancy_periods()
    app = open_page("history")
    assert app.pills(pregnancy_picker.PICKED).options == [
        "Jun 2026 to now",
        "Apr 2024 to Jun 2026",
    ]
    assert app.pills(pregnancy_picker.PICKED).value == current.id
    assert "Nothing here yet" in texts(app)
    pick(app, before)
    assert "oldest" in texts(app)
    go_to(app, "progress")
    assert app.pills(pregnancy_picker.PICKED).value == before.id
    text = texts(app)
    assert "In the time shown: 1 session." in text
    assert "this week so far" not in text and "now," not in text and "Strength" not in text
    assert "This week" not in [b.label for b in app.button] and "This week" not in text
    go_to(app, "review")
    assert [title.value for title in app.title] == ["Week by week"]
    assert "Week of Mon, 20 Jan 2025" in texts(app)
    go_to(app, "report")
    assert "Stretching sessions: 1." in texts(app)
    assert "Birth 8 Jan 2025" in texts(app)
    known.delete("pregnancy", before.id, now)
    go_to(app, "history")
    assert not [p for p in app.pills if p.key == pregnancy_picker.PICKED]
    assert "oldest" in texts(app), "its sessions are still there"


def test_with_one_pregnancy_there_is_nothing_to_choose(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save(make_session(TODAY), now)
    for page in ("history", "progress", "review", "report", "settings"):
        app = open_page(page)
        assert not [p for p in app.pills if p.key == pregnancy_picker.PICKED]
        assert "to now" not in all_of(app) and "Earlier" not in [e.label for e in app.expander]


def test_paused_tracking_offers_months_and_nothing_about_weeks(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_pregnancy(FIRST, now)
    known.save(make_session(date(2025, 1, 20), 12, before=7), now)
    known.save_profile(replace(known.profile(), tracking=Tracking.PAUSED), now)
    for page in ("history", "progress", "review", "report"):
        app = open_page(page)
        pick(app, known.pregnancy_periods()[0])
        text = all_of(app).lower().replace("week of pregnancy and cramp", "")
        assert "apr 2024 to jun 2026" in text
        for word in ("trimester", "of pregnancy", "after birth", "birth 8", "due", "goal"):
            assert word not in text.replace("of pregnancy and", ""), (page, word)


def test_a_chosen_range_is_cut_to_the_chosen_pregnancy(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_pregnancy(FIRST, now)
    for day in (date(2026, 6, 5), date(2026, 6, 6), TODAY):
        known.save(make_session(day), now)
    app = open_page("report")
    app.pills("hw-report-range").set_value(ReportRange.CHOSEN).run()
    app.date_input("hw-report-from").set_value(date(2026, 1, 1)).run()
    text = texts(app)
    assert "Saturday 6 June 2026 to Tuesday 24 November 2026" in text
    assert "Stretching sessions: 2." in text
    app.date_input("hw-report-to").set_value(date(2026, 2, 1)).run()
    assert "None of these days belongs" in app.warning[0].value
    pick(app, known.pregnancy_periods()[0])
    assert "Stretching sessions: 1." in texts(app)


def test_a_session_moved_to_an_earlier_pregnancy_stays_visible(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_pregnancy(FIRST, now)
    session = replace(make_session(TODAY, 12), note="moved back")
    app = edit_saved(open_page, known, session, now)
    (day,) = app.date_input
    day.set_value(date(2025, 2, 1))
    app.button[[b.label for b in app.button].index("Save")].click().run()
    assert known.session_count(known.pregnancy_periods()[0]) == 1
    assert app.pills(pregnancy_picker.PICKED).value == FIRST.id
    assert "moved back" in texts(app)
