"""Progress and the weekly review show the numbers that are in the database."""

from datetime import timedelta

import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from holdwell.domain.dated import Pause
from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    CrampNight,
    DayPart,
    Moment,
    PainEntry,
    PainPlace,
    SessionState,
)
from holdwell.report import summary
from holdwell.store.repository import Store
from tests.app.conftest import OpenPage, charts_of, everything, go_to, texts
from tests.conftest import TODAY, MakeSession


def test_progress_without_and_with_one_session(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    assert "Your weeks will show here" in texts(open_page("progress"))
    known.save(make_session(TODAY, 12, before=6, after=4), now)
    app = open_page("progress")
    text = texts(app)
    assert "Middle pain score: 6 (1 score) in the last 4 weeks." in text
    # The question of mornings and evenings needs five scores for its chart.
    assert charts_of(app) == 3
    show(app, "often")
    text = texts(app)
    assert charts_of(app) == 2
    # The first day has no habit strength or streak.
    assert "Habit strength" not in text
    assert "Days in a row" not in text
    show(app, "pain")
    text = texts(app)
    assert "Middle score before a session: 6 (of 1 score); after: 4 (of 1 score)." in text
    assert "at least 14 days with a score" in text
    assert charts_of(app) == 2
    show(app, "change")
    text = texts(app)
    assert "In 1 session with both scores pain fell by two points or more in 1," in text
    assert "Middle change: −2." in text and "middle half −2" not in text
    assert "does not prove that the session caused it" in text
    show(app, "when")
    assert "Side reach: 1 score, too few to compare." in texts(app)


def test_after_a_flight_west_all_pages_count_the_same_week(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """In the time zone that the user has left, it is already tomorrow."""
    known.save_all([make_session(TODAY + timedelta(n), 7) for n in (-1, 0, 1)], now)
    pains = {-27: 9, -1: 2, 0: 4, 1: 3}
    known.save_all([PainEntry(TODAY + timedelta(n), pain) for n, pain in pains.items()], now)
    usual = "Middle pain score: 3 (3 scores) in the last 4 weeks."
    assert "This week so far: 3 sessions" in texts(open_page("today"))
    assert usual in texts(open_page("today")) and usual in texts(open_page("progress"))
    assert "3 sessions this week so far." in texts(open_page("progress"))
    assert "You stretched 3 times this week" in texts(open_page("review"))


def test_a_cramp_night_of_tomorrow_moves_the_four_weeks_of_all_pages(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_all(
        [PainEntry(TODAY + timedelta(n), pain) for n, pain in {-27: 9, 0: 2}.items()], now
    )
    known.save_cramp(TODAY + timedelta(1), CrampLeg.LEFT, now)
    for page in ("today", "progress"):
        assert "Middle pain score: 2 (1 score) in" in texts(open_page(page))


def show(app: AppTest, section: str) -> None:
    app.pills("hw-show").set_value(section).run()


def test_a_week_with_a_day_of_rest_is_left_out_of_the_goal_alone(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.choose_goal(5, Moment.of(now.local - timedelta(60)))
    known.save_all([make_session(TODAY - timedelta(30)), make_session(TODAY)], now)
    app = open_page("progress")
    show(app, "often")
    rest = "A week with a day on which Holdwell said to rest counts neither for nor against"
    assert rest not in texts(app)
    assert "0 a week on average in 4 full weeks" in texts(app)
    assert "met in 0 of 4 full weeks" in texts(app)
    known.save(CheckInAnswer(now, TODAY - timedelta(10), "dizzy_or_faint"), now)
    app.run()
    assert rest in texts(app)
    assert "0 a week on average in 4 full weeks" in texts(app)
    assert "met in 0 of 3 full weeks" in texts(app)


def test_progress_shows_the_numbers_of_the_database(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    made = []
    for back in range(20):
        day = TODAY - timedelta(back)
        made.append(make_session(day, 7, before=3, after=3, part=DayPart.MORNING))
        made.append(make_session(day, 20, before=6, after=4))
    known.save_all([*made, CrampNight(TODAY - timedelta(2), CrampLeg.LEFT)], now)
    assert "goal" not in everything(open_page("progress")).lower()
    known.choose_goal(14, Moment.of(now.local - timedelta(60)))
    app = open_page("progress")
    text = texts(app)
    # The four questions, each with its answer and a small chart.
    assert charts_of(app) == 4
    assert "4 sessions this week so far; your goal is 14 a week." in text
    assert "Usual pain: 4.5 on" in text
    assert "In 40 sessions with both scores pain fell by two points or more in 20," in text
    # Numbers and counts, and no verdict, which a small difference would not bear.
    assert (
        "Middle score before a session: Morning – 3 (of 20 scores); Bedtime – 6 (of 20 scores)."
    ) in text
    assert "Most pain" not in text
    show(app, "often")
    text = texts(app)
    assert "40 sessions in 4 weeks; 14 a week on average in 2 full weeks." in text
    assert "Days in a row: 20 days now, 20 days at the longest." in text
    assert "20 mornings and 20 bedtimes" in text
    assert "Paler: not a full week" in text
    assert "Your goal of 14 was met in 2 of 2 full weeks." in text
    assert "Holdwell said to rest" not in text
    # A full week of pregnancy may reach the line of the goal where no full calendar week does.
    assert "The sentences count calendar weeks; the bars are weeks of pregnancy" in text
    app.pills("hw-axis").set_value("calendar").run()
    assert "The sentences count calendar weeks" not in texts(app)
    show(app, "change")
    sentence = (
        "fell by two points or more in 20, rose by two points or more in 0, and changed by less"
    )
    assert f"{sentence} in 20" in texts(app)
    show(app, "when")
    text = texts(app)
    assert "Cramps in 1 of 1 answered night:" in text
    assert "caus" not in text.lower().replace("nothing about the cause", "")


def test_statistical_terms_are_shown_only_on_request(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_all([make_session(TODAY - timedelta(b), before=5) for b in range(15)], now)
    app = open_page("progress")
    exact = ("median", "quartile", "smoothed", "simulated", "regression", "variance")
    for section in ("glance", "often", "pain", "change", "when"):
        show(app, section)
        text = texts(app).lower()
        assert not [word for word in exact if word in text]
    show(app, "pain")
    app.session_state["more-trend"] = True
    app.run()
    text = texts(app)
    assert "smoothed level" in text
    # The band is named by what it covers, which for some histories is more than 95 %.
    assert "held the true level on 90 to 99 of 100 days (the fewest" in text
    assert "95" not in text


def test_the_chosen_section_and_range_are_in_the_address(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_all([make_session(TODAY - timedelta(b), before=5) for b in (0, 100, 400)], now)
    app = open_page("progress")
    # The address has the key, not the label, so that a link works in every language.
    show(app, "pain")
    assert app.query_params["show"] == "pain"
    app.pills("hw-range").set_value("year").run()
    app.pills("hw-axis").set_value("calendar").run()
    address = dict(app.query_params)
    assert address == {"show": "pain", "range": "year", "axis": "calendar"}
    # Go to the report and back.
    go_to(app, "report")
    app.query_params.clear()
    app.button("hw-back").click().run()
    assert dict(app.query_params) == address
    assert app.pills("hw-show").value == "pain"
    # A link from elsewhere, with a range that does not exist.
    app.query_params["show"] = "change"
    app.query_params["range"] = "century"
    go_to(app, "progress")
    assert (app.pills("hw-show").value, app.pills("hw-range").value) == ("change", "recent")
    # The default section is not in the address.
    show(app, "glance")
    assert "show" not in app.query_params


def test_one_score_with_its_place_is_counted_in_the_singular(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save(PainEntry(TODAY, 4, now, frozenset({PainPlace.PELVIS})), now)
    app = open_page("progress")
    app.button("hw-midwife").click().run()
    assert "Where it hurt, as noted with 1 of 1 score: pelvis 1." in texts(app)


def test_a_user_who_logs_only_pain_or_cramps_sees_them(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_cramp(TODAY - timedelta(1), CrampLeg.LEFT, now)
    app = open_page("progress")
    text = texts(app)
    assert "Your weeks will show here" not in text
    assert "No session yet. It shows here when you have held your first stretch" in text
    assert "Cramps in 1 of 1 answered night" in text
    for back in range(15):
        known.save(PainEntry(TODAY - timedelta(back), 4, now), now)
    app = open_page("progress")
    assert "Usual pain: 4.0 on" in texts(app)
    # A question without a chart has no button to open it.
    assert {b.key for b in app.button if "hw-open" in str(b.key)} == {
        "hw-open-pain",
        "hw-open-when",
    }
    show(app, "pain")
    assert "Counted here: 15 scores, logged outside a session." in texts(app)
    assert charts_of(app) == 1


@pytest.mark.parametrize("days", [379, 500])
def test_years_of_pain_without_sessions_are_drawn_and_described(
    open_page: OpenPage, known: Store, now: Moment, days: int
) -> None:
    """379 days are one day more than the longest line of usual pain."""
    known.save_all([PainEntry(TODAY - timedelta(n), 3 + n % 3) for n in range(0, days, 2)], now)
    app = open_page("progress")
    assert "Usual pain: " in texts(app)
    app.pills("hw-range").set_value("all").run()
    text = texts(app)
    assert not app.exception and "Something went wrong" not in text
    assert "Middle pain score: 4 (14 scores) in the last 4 weeks, 4 (14 scores) in" in text
    show(app, "pain")
    text = texts(app)
    assert charts_of(app) == 1
    assert f"Counted here: {(days + 1) // 2} scores, logged outside a session." in text
    assert "The line of usual pain is not drawn over more than 54 weeks" in text
    assert "Diamonds: the middle score of a week" in text and "Dots" not in text
    app.session_state["more-trend"] = True
    app.run()
    table = app.dataframe[0].value
    assert table["Scores"].sum() == (days + 1) // 2


def test_years_of_sessions_are_drawn_once_and_separate_scores_are_added(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    known.save_all([make_session(TODAY - timedelta(n), before=5) for n in range(0, 500, 5)], now)
    app = open_page("progress")
    app.pills("hw-range").set_value("all").run()
    show(app, "pain")
    assert charts_of(app) == 1
    assert texts(app).count("not drawn over more than 54 weeks") == 1
    known.save(PainEntry(TODAY, 2), now)
    app = open_page("progress")
    app.pills("hw-range").set_value("all").run()
    show(app, "pain")
    assert charts_of(app) == 2
    assert texts(app).count("not drawn over more than 54 weeks") == 1
    assert "Counted here: 101 scores; 1 was logged outside a session" in texts(app)


def weeks_drawn_full(app: AppTest) -> list[bool]:
    """Return for each bar of the last chart of sessions per week whether its week is full."""
    found: list[bool] = []
    for chart in app.get("vega_lite_chart"):
        for dataset in chart.proto.datasets:
            frame = convert_arrow_bytes_to_pandas_df(dataset.data.data)
            found = list(frame["full"]) if "full" in frame else found
    return found


def test_paused_days_and_days_before_the_first_session_count_nowhere(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """Seven weeks with a session a day, three paused weeks with two, and pain a week before all."""
    first, last = TODAY - timedelta(69), TODAY - timedelta(83)
    backs = [*range(20), *range(41, 70), 25, 26]
    known.save_all([make_session(TODAY - timedelta(n), before=4) for n in backs], now)
    known.save_pause(Pause(TODAY - timedelta(40), TODAY - timedelta(20)), now)
    known.save(PainEntry(first - timedelta(7), 4), now)
    app = open_page("progress")
    show(app, "often")
    text = texts(app)
    assert "You stretched on 49 of 49 days shown: 0 mornings and 49 bedtimes." in text
    report = summary.read(known, last, TODAY, TODAY, None)
    assert (report.days, report.total_days) == (49, 49)
    assert text.count("Paused, and counted neither for nor against") == 2
    # The chart of sessions beside cramp nights has pale bars for the same weeks.
    full = weeks_drawn_full(app)
    known.save_cramp(TODAY - timedelta(1), CrampLeg.LEFT, now)
    show(app, "when")
    assert weeks_drawn_full(app) == full
    assert full.count(False) == 6
    # If all days shown were paused, no sentence counts them.
    known.save_pause(Pause(first, TODAY), now)
    app = open_page("progress")
    show(app, "often")
    assert "You stretched on" not in texts(app)


def test_twelve_weeks_are_84_days_in_every_answer(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    sessions = [
        make_session(TODAY - timedelta(n), hour, before=4) for n in range(140) for hour in (8, 21)
    ]
    nights = [CrampNight(TODAY - timedelta(n), CrampLeg.LEFT) for n in range(1, 140)]
    known.save_all([*sessions, *nights], now)
    app = open_page("progress")
    app.pills("hw-range").set_value("recent").run()
    show(app, "often")
    assert "168 sessions in 13 weeks" in texts(app)
    show(app, "when")
    text = texts(app)
    assert "In the time shown: 168 sessions." in text
    assert "Cramps in 83 of 83 answered nights" in text


def test_habit_strength_does_not_change_in_a_pause_of_years(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """300 days of the habit, 500 paused days, and one session on the first day after them."""
    last = TODAY - timedelta(501)
    began = last - timedelta(299)
    known.choose_goal(7, Moment.of(now.local - (TODAY - began)))
    sessions = [make_session(began + timedelta(n)) for n in range(300)]
    known.save_all([*sessions, make_session(TODAY)], now)
    known.save_pause(Pause(last + timedelta(1), TODAY - timedelta(1)), now)
    app = open_page("progress")
    show(app, "often")
    assert "Habit strength: 100 of 100." in texts(app)


def test_a_score_of_tomorrow_does_not_end_a_streak_of_days(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    """Today has no session yet, and need not have one before it is over."""
    known.choose_goal(7, now)
    known.save_all([make_session(TODAY - timedelta(n)) for n in (1, 2)], now)
    known.save(PainEntry(TODAY + timedelta(1), 3), now)
    app = open_page("progress")
    show(app, "often")
    assert "Days in a row: 2 days now, 2 days at the longest." in texts(app)


def test_a_score_of_a_session_that_does_not_count_is_said_to_be_saved(
    open_page: OpenPage, known: Store, now: Moment, make_session: MakeSession
) -> None:
    stopped = make_session(TODAY, 20, before=6, held=2, state=SessionState.STOPPED)
    known.save(stopped, now)
    said = "1 session with a pain score is only in History: a session counts from one finished"
    for page in ("progress", "review"):
        text = texts(open_page(page))
        assert said in text and "After your first" not in text
    known.save_cramp(TODAY, CrampLeg.LEFT, now)
    text = texts(open_page("progress"))
    assert said in text and "No pain score yet" not in text


def test_a_gap_of_days_left_out_is_said_to_be_left_out(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    days = [TODAY - timedelta(back) for back in range(50)]
    known.save_all([PainEntry(day, 4) for day in days], now)
    known.leave_out(days[16:34], None, now)
    app = open_page("progress")
    show(app, "pain")
    assert "more than 14 days whose scores are left out or missing." in texts(app)
