"""Progress and the weekly review: the pages say what the database has."""

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from holdwell.domain.models import CrampLeg, DayPart, Moment
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, everything, texts
from tests.conftest import TODAY, MakeSession


def test_progress_without_and_with_one_session(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "Your weeks will show here" in texts(open_page("progress"))
    known.save_session(make_session(TODAY, 12, before=6, after=4), now)
    app = open_page("progress")
    said = texts(app)
    assert "One session so far" in said
    assert "Median pain before a session: 6 in the last 4 weeks." in said
    assert charts_of(app) == 2
    app.pills("hw-section").set_value("pain").run()
    assert "Median before: 6. Median after: 4. From 1 session " in texts(app)
    assert "at least 14 days with a score" in texts(app)
    assert charts_of(app) == 2
    app.pills("hw-section").set_value("change").run()
    assert "Median change: −2 (middle half −2 to −2) in 1 session." in texts(app)
    assert "does not prove that the session caused it" in texts(app)
    app.pills("hw-section").set_value("when").run()
    assert "Side reach: 1 score, too few for a median." in texts(app)


def charts_of(app: AppTest) -> int:
    return len(app.get("vega_lite_chart")) + len(app.get("arrow_vega_lite_chart"))


def test_progress_answers_with_the_numbers_of_the_database(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    made = []
    for back in range(20):
        day = TODAY - timedelta(back)
        made.append(make_session(day, 7, before=3, after=3, part=DayPart.MORNING))
        made.append(make_session(day, 20, before=6, after=4))
    known.save_all(made, [(TODAY - timedelta(2), CrampLeg.LEFT)], now)
    assert "goal" not in everything(open_page("progress")).lower()
    known.choose_goal(14, now)
    app = open_page("progress")
    said = texts(app)
    assert "4 sessions this week so far; your goal is 14 a week." in said
    assert "fell by two points or more in 20 of 40 sessions" in said
    assert "Days in a row: 20 days now, 20 days at most." in said
    assert "20 mornings and 20 bedtimes" in said
    app.pills("hw-section").set_value("pain").run()
    assert "Smoothed level: 4.5 on" in texts(app)
    app.pills("hw-section").set_value("change").run()
    told = "fell by two points or more in 20, rose by two points or more in 0, and changed by less"
    assert f"{told} in 20" in texts(app)
    app.pills("hw-section").set_value("when").run()
    said = texts(app)
    assert "Most pain before a session: Bedtime (median 6)." in said
    assert "Cramps in 1 of 1 answered night:" in said
    assert "caus" not in said.lower().replace("nothing of cause", "")


def test_the_review_has_three_sentences_and_goes_back_in_time(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "After your first session" in texts(open_page("review"))
    made = [make_session(TODAY - timedelta(back), 20, before=5) for back in (0, 1, 7, 8, 9)]
    known.save_all(made, [], now)
    app = open_page("review")
    said = texts(app)
    assert "You stretched 2 times this week and 2 times in the same days of last week." in said
    assert "Median pain before a session was 5 this week and 5 last week." in said
    assert "No night of these weeks has an answer about cramps." in said
    app.button("hw-earlier").click().run()
    assert "once last week, in which you began on Sun, 15 Nov 2026." in texts(app)
    assert "Week of Mon, 16 Nov 2026" in texts(app)
    assert charts_of(app) == 1
