"""The report: its numbers are those of the database, and it says nothing that it must not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    CrampNight,
    DayPart,
    DueDate,
    DueDateSource,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    Pause,
    Pregnancy,
    Tracking,
)
from holdwell.guide import Verdict
from holdwell.i18n.languages import choose, content_folder, languages
from holdwell.i18n.messages import say, speaking
from holdwell.report import figures, summary, text
from holdwell.report.summary import ReportRange
from holdwell.stats import frames
from holdwell.stats.frames import Spread
from holdwell.store.repository import Store
from tests.conftest import MakeSession
from tests.support.histories import session_on

TODAY = date(2026, 11, 24)
FIRST = TODAY - timedelta(27)
DUE = date(2027, 3, 13)


@pytest.fixture
def filled(store: Store, now: Moment, make_session: MakeSession) -> Store:
    """Two weeks of a 24-week pregnancy: mornings 3 to 3, evenings 6 to 4, one unrated."""
    made = []
    for back in range(14):
        day = TODAY - timedelta(back)
        made.append(make_session(day, 7, before=3, after=3, part=DayPart.MORNING))
        made.append(make_session(day, 20, before=6, after=4))
    made.append(make_session(TODAY, 12, part=DayPart.OTHER))
    nights = [
        CrampNight(TODAY - timedelta(1), CrampLeg.LEFT),
        CrampNight(TODAY - timedelta(2), CrampLeg.BOTH),
        CrampNight(TODAY - timedelta(3), CrampLeg.NONE),
    ]
    store.save_all([*made, *nights], now)
    store.save_pregnancy(Pregnancy(due_date=DUE), now)
    return store


def read(store: Store, notes: frozenset[str] | None = frozenset()) -> summary.Report:
    return summary.read(store, FIRST, TODAY, TODAY, notes)


def test_numbers_are_those_of_the_database(filled: Store) -> None:
    made = read(filled)
    assert (made.sessions, made.days, made.total_days) == (29, 14, 14)
    assert made.since == TODAY - timedelta(13)
    assert made.before == Spread(4.5, 3.0, 6.0, 28)
    assert made.after == Spread(3.5, 3.0, 4.0, 28)
    assert made.change is not None
    change = made.change
    assert (change.median, change.fell, change.little, change.rose) == (-1, 14, 14, 0)
    cramps = made.cramps
    assert (cramps.cramps, cramps.left, cramps.right, cramps.both) == (2, 1, 0, 1)
    # Tonight is not over: thirteen nights since the first session.
    assert (cramps.answered, made.nights) == (3, 13)
    assert [round(level.level, 1) for level in (made.levels[0], made.levels[-1])] == [4.5, 4.5]


@pytest.mark.parametrize(
    ("code", "covers", "drawn"),
    [
        ("en", "on 92 to 99 % of days, and on 99 to 100 % where pain stayed", "92 to 100 %"),
        ("es", "en el 92 a 99 % de los días, y en el 99 a 100 % cuando", "92 a 100 %"),
    ],
)
def test_the_band_of_the_trend_is_named_by_what_it_covers(
    filled: Store, code: str, covers: str, drawn: str
) -> None:
    with speaking(choose(languages(content_folder()), code, None)):
        report = read(filled)
        said = "\n".join(text.lines(report))
        note = say("report.figure_trend_note")
    assert report.levels and covers in said and drawn in note
    assert "95" not in said + note


def test_sentences_say_how_many_were_rated_and_answered(filled: Store, now: Moment) -> None:
    assert "goal" not in "\n".join(text.lines(read(filled))).lower()
    filled.choose_goal(14, Moment.of(now.local - timedelta(40)))
    said = "\n".join(text.lines(read(filled)))
    assert "Stretching sessions: 29. on 14 of 14 days" in said
    assert (
        "Pain before a session (0 to 10): 4.5 (3 to 6). median (middle half); rated in 28 of 29"
        in said
    )
    assert "3 of 13 nights answered; left leg 1, right 0, both 1" in said
    assert (
        "28 sessions with both scores: lower by 2 or more in 14, higher by 2 or more in 0" in said
    )
    assert "Weeks 22 to 24 of pregnancy" in said
    assert "24w 3d on 24 Nov 2026" in said
    assert "Due date 13 Mar 2027" in said
    assert "Counted from the first session, 11 Nov 2026." in said
    assert "Own goal: 14 sessions a week" in said
    assert "Holdwell is not a medical device" in said


@pytest.mark.parametrize("how", ["paused", "ended"])
def test_a_pregnancy_out_of_sight_is_not_looked_back_at(
    filled: Store, now: Moment, how: str
) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    filled.choose_goal(14, Moment.of(now.local - timedelta(40)))
    if how == "paused":
        filled.save_profile(replace(filled.profile(), tracking=Tracking.PAUSED), now)
    else:
        filled.save_pregnancy(replace(pregnancy, ended=True), now)
    made = read(filled)
    said = "\n".join(text.lines(made)).lower()
    for word in ("pregnan", "24w", "due", "birth", "trimester"):
        assert word not in said
    assert made.pregnancy is None
    assert made.sessions == 29
    assert made.consistency.goals == ()
    assert "own goal" not in said
    ranges = summary.ranges(summary.shown_pregnancy(filled), TODAY)
    assert set(ranges) == {ReportRange.WEEKS_4, ReportRange.WEEKS_12}


def test_ranges_follow_the_dates() -> None:
    lmp = DUE - timedelta(280)
    found = summary.ranges(Pregnancy(due_date=DUE), TODAY)
    assert found[ReportRange.WEEKS_4] == (FIRST, TODAY)
    assert found[ReportRange.PREGNANCY] == (lmp, TODAY)
    assert ReportRange.BIRTH not in found
    birth = date(2026, 11, 1)
    found = summary.ranges(Pregnancy(due_date=DUE, birth_date=birth), TODAY)
    assert found[ReportRange.PREGNANCY] == (lmp, birth - timedelta(1))
    assert found[ReportRange.BIRTH] == (birth, TODAY)


def test_a_range_that_ends_before_it_begins_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="ends on or after"):
        summary.read(store, TODAY, FIRST, TODAY, None)


def test_no_week_is_counted_after_the_longest_pregnancy(filled: Store, now: Moment) -> None:
    """The birth was never noted: "week 57 of pregnancy" is no week."""
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    longest = timedelta(44 * 7 - 280)
    for due, said in (
        (TODAY - longest, "Weeks 42 to 44 of pregnancy; 44w 0d on 24 Nov 2026"),
        (TODAY - longest - timedelta(1), ""),
        (TODAY - timedelta(weeks=17), ""),
    ):
        filled.save_pregnancy(replace(pregnancy, due_date=due), now)
        *weeks, _ = text.where(read(filled))
        assert "; ".join(weeks) == said
        found = summary.ranges(filled.pregnancy(), TODAY)
        assert found[ReportRange.PREGNANCY][1] == min(TODAY, due + longest)


def test_weeks_across_the_birth(filled: Store, now: Moment) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    filled.save_pregnancy(replace(pregnancy, birth_date=TODAY - timedelta(8)), now)
    said = text.where(read(filled))
    assert said == ["Week 22 of pregnancy to week 1 after birth", "Birth 16 Nov 2026"]


def test_an_empty_database_blames_nobody(store: Store) -> None:
    made = read(store)
    said = "\n".join(text.lines(made))
    assert "Stretching sessions: 0. no session in this time." in said
    assert "goal" not in said
    assert made.since is None


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three answers as content/ gives them."""

    class InventedAnswer:
        def __init__(self, name: str, label: str, verdict: Verdict) -> None:
            self.id, self.label, self.verdict = name, label, verdict

    class InventedGuide:
        class check_in:  # noqa: N801
            answers = (
                InventedAnswer("well", "I am well", Verdict.GO),
                InventedAnswer("dizzy", "I feel dizzy.", Verdict.NOT_TODAY),
                InventedAnswer("bleeding", "I am bleeding", Verdict.CALL_NOW),
            )

    monkeypatch.setattr(summary, "guide", InventedGuide)
    yield


def test_stop_signs_are_counted_gravest_first(filled: Store, now: Moment, answers: None) -> None:
    assert text.signs(read(filled)) == ["No answer before a session in this time."]

    def answer(name: str, day: date) -> None:
        filled.save(CheckInAnswer(now, day, name), now)

    answer("well", TODAY)
    assert text.signs(read(filled)) == ["None in 1 answer before sessions."]
    for back in (1, 5):
        answer("dizzy", TODAY - timedelta(back))
    answer("bleeding", TODAY - timedelta(3))
    answer("no_longer_known", TODAY - timedelta(4))
    answer("dizzy", TODAY - timedelta(60))
    made = read(filled)
    assert made.asked == 5
    assert text.signs(made) == [
        "I am bleeding: once, last on 21 Nov 2026 (told to call for care at once).",
        "I feel dizzy: 2 times, last on 23 Nov 2026 (told not to stretch that day).",
        "no_longer_known: once, last on 20 Nov 2026.",
    ]


def test_after_a_loss_no_answer_of_that_pregnancy_is_named(filled: Store, now: Moment) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    for name, back in (("baby_moving_less", 3), ("bleeding_or_fluid", 2), ("chest_or_breath", 5)):
        filled.save(CheckInAnswer(now, TODAY - timedelta(back), name), now)
    assert "Baby moving less" in " ".join(text.signs(read(filled)))
    filled.save_pregnancy(replace(pregnancy, ended=True), now)
    assert text.signs(read(filled)) == [
        "Chest pain or short of breath: once, last on 19 Nov 2026 (told to call for care at once).",
        "A stop sign of pregnancy: 2 times, last on 22 Nov 2026 (told to call for care at once).",
    ]


def test_after_a_loss_an_answer_that_is_no_longer_known_is_not_named(
    filled: Store, now: Moment
) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    for name, back in (("baby_quiet", 3), ("baby_still", 2)):
        filled.save(CheckInAnswer(now, TODAY - timedelta(back), name), now)
    assert "baby_quiet" in " ".join(text.signs(read(filled)))
    filled.save_pregnancy(replace(pregnancy, ended=True), now)
    assert text.signs(read(filled)) == [
        "An answer that is no longer offered: 2 times, last on 22 Nov 2026."
    ]


def test_where_it_hurts_is_counted_by_place(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    lower_back = frozenset({PainPlace.LOWER_BACK})
    told = [
        make_session(TODAY, 7, before=6, after=4),
        make_session(TODAY, 9),  # Not rated.
        make_session(FIRST - timedelta(1), 9, before=5),
    ]
    made = [replace(one, pain_places=lower_back, pain_side=PainSide.LEFT) for one in told]
    store.save_all([*made, make_session(TODAY, 20, after=2)], now)
    both = PainEntry(TODAY, 5, places=lower_back | {PainPlace.HIP})
    store.save_all([both, PainEntry(TODAY, 3), PainEntry(TODAY, 4, side=PainSide.BOTH)], now)
    found = read(store)
    assert text.scores_with_place(found) == (3, 5)
    row = text.rows(found)["places"]
    assert row.label == "Where it hurts"
    assert (row.value, row.basis) == (
        "3 of 5",
        "scores that say it: lower back 2, hip or buttock 1, left 1, both sides 1",
    )
    assert "Where it hurts" not in " ".join(
        text.lines(summary.read(store, FIRST, FIRST, TODAY, None))
    )


def test_ten_years_are_counted_by_sql(decade: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No query of the report returns more rows than there are weeks and scores."""
    store = Store(decade)
    sizes: list[int] = []
    original = store.rows

    def counted(*args: Any) -> list[dict[str, Any]]:
        found = original(*args)
        sizes.append(len(found))
        return found

    monkeypatch.setattr(store, "rows", counted)
    made = summary.read(store, TODAY - timedelta(3652), TODAY, TODAY, None)
    assert made.sessions > 7000
    assert made.too_long_for_trend
    assert not made.levels
    assert len(made.notes) == summary.NOTES_AT_MOST < made.notes_chosen
    assert max(sizes) < 11 * 2 * 530
    store.close()


def test_the_report_names_each_goal_pause_and_where_the_due_date_is_from(
    filled: Store, now: Moment
) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    scan = DueDate(pregnancy.id, DUE, DueDateSource.SCAN, None, date(2026, 8, 31), 87)
    earlier_day = DUE + timedelta(7)
    other = replace(pregnancy, due_date=earlier_day)
    filled.save_pregnancy(other, now, DueDate(pregnancy.id, earlier_day))
    filled.save_pregnancy(pregnancy, now, scan)
    filled.save_pause(Pause(TODAY - timedelta(6), TODAY - timedelta(5)), now)
    with filled.writing():
        filled.db.execute("UPDATE goal SET from_day = ?", [(TODAY - timedelta(10)).isoformat()])
    earlier = Moment(now.utc - timedelta(9), now.utc_offset)
    filled.save_profile(replace(filled.profile(), goal_per_week=7), earlier)
    filled.save_all([PainEntry(TODAY, 9), PainEntry(TODAY - timedelta(14), 5)], now)
    filled.leave_out([TODAY - timedelta(2)], None, now)
    made = read(filled)
    assert made.consistency.full_weeks == 0, "a week with paused days is judged by no goal"
    said = "\n".join(text.lines(made))
    assert "Paused, and counted neither for nor against: 18 Nov 2026 to 19 Nov 2026." in said
    due = "Due date 13 Mar 2027 (from a scan: 12w 3d on 31 Aug 2026); given before: 20 Mar 2027"
    assert due in said
    assert "from 28 scores, 2 of them not at a session; 1 day left out" in said


def test_paused_days_and_nights_are_not_missed_ones(filled: Store, now: Moment) -> None:
    """Of the 14 days since the first session two were paused, with a session and a cramp night."""
    store, last = filled, TODAY - timedelta(2)
    store.save_pause(Pause(last - timedelta(1), last), now)
    made = read(store)
    assert (made.sessions, made.days, made.total_days) == (29, 12, 12)
    # What is beside the days is said, so that the total adds up.
    said = "Stretching sessions: 29. on 12 of 12 days; 4 of the sessions on paused days"
    assert any(line.startswith(said) for line in text.lines(made))
    # Thirteen nights are over; of the two paused ones two have an answer.
    assert (made.cramps.answered, made.nights) == (3, 13)
    store.save_pause(Pause(FIRST, TODAY - timedelta(8)), now)
    made = read(store)
    assert (made.days, made.total_days) == (6, 6)
    assert (made.cramps.answered, made.nights) == (3, 7)


def test_tonight_is_a_night_where_it_has_an_answer(filled: Store, now: Moment) -> None:
    assert read(filled).nights == 13
    filled.save_cramp(TODAY, CrampLeg.LEFT, now)
    made = read(filled)
    assert (made.cramps.answered, made.nights) == (4, 14)


def test_only_paused_days_are_no_days_to_count(filled: Store, now: Moment) -> None:
    filled.save_pause(Pause(FIRST, TODAY), now)
    assert "Stretching sessions: 29. only on paused days." in text.lines(read(filled))


def test_paused_days_without_a_session_have_none(filled: Store, now: Moment) -> None:
    filled.save_pause(Pause(TODAY + timedelta(1), None), now)
    later = TODAY + timedelta(7)
    made = summary.read(filled, TODAY + timedelta(1), later, later, frozenset())
    assert "Stretching sessions: 0. no session in this time." in text.lines(made)


def test_the_chart_of_cramps_has_each_night_that_is_counted(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    """The night before the first session lies in the week before it."""
    monday = TODAY - timedelta(1)
    store.save(make_session(monday), now)
    for back in (1, 9):
        store.save_cramp(monday - timedelta(back), CrampLeg.LEFT, now)
    made = read(store)
    drawn = frames.weekly_cramps(made.week_cramps, made.axis, made.drawn_from, made.last)
    assert int(drawn["cramps"].sum()) == made.cramps.cramps == 2
    assert made.drawn_from == monday - timedelta(14)


def test_goals_that_changed_are_named_one_after_the_other(filled: Store, now: Moment) -> None:
    filled.save_profile(replace(filled.profile(), goal_per_week=7), now)
    rows = [("2026-11-01", 7), ("2026-11-16", 9)]
    with filled.writing():
        filled.db.execute("DELETE FROM goal")
        for day, goal in rows:
            filled.db.execute(
                "INSERT INTO goal (id, profile_id, from_day, goal_per_week, created_at, updated_at)"
                " SELECT ?, id, ?, ?, created_at, created_at FROM profile",
                [day, day, goal],
            )
    made = summary.read(filled, FIRST, TODAY, TODAY, frozenset())
    assert made.consistency.goals == (9,)
    early = Moment(now.utc - timedelta(20), now.utc_offset)
    filled.save_all([session_on(FIRST)], early)
    made = summary.read(filled, FIRST, TODAY, TODAY, frozenset())
    assert made.consistency.goals == (7, 9)
    assert "7 → 9 sessions" in "\n".join(text.lines(made))


@pytest.mark.parametrize("sessions", [0, 10])
def test_over_years_scores_by_themselves_are_said_and_drawn(
    store: Store, now: Moment, make_session: MakeSession, sessions: int
) -> None:
    """There are 250 such scores, 3 to 5, on every other day of 500, and one on a day left out."""
    first = TODAY - timedelta(499)
    store.save_all([PainEntry(TODAY - timedelta(2 * n), 3 + n % 3) for n in range(250)], now)
    store.save_all([make_session(TODAY - timedelta(n), before=9) for n in range(sessions)], now)
    store.save(PainEntry(first, 10), now)
    store.leave_out([first], None, now)
    made = summary.read(store, first, TODAY, TODAY, frozenset())
    said = "\n".join(text.lines(made))
    assert (
        "Pain, without the scores after a session: 4 (3 to 5). median (middle half); "
        "no trend is drawn over more than 54 weeks; "
        f"from {250 + sessions} scores, 250 of them not at a session; 1 day left out." in said
    )
    assert figures.alone(made)["scores"].sum() == 250
    assert figures.medians(made, made.week_scores)["scores"].sum() == sessions
    # The first diamond stands in the week of the first score that counts.
    rated = figures.alone(made).query("scores > 0")
    assert rated["median"].between(3, 5).all()
    assert made.drawn_from == first
    drawn = figures.pain(made)
    assert drawn is not None
    assert "diamond" in str(drawn.to_dict())
    # The names of what there is none of would only ask where it is.
    assert ("triangle-up" in str(drawn.to_dict())) is bool(sessions)
    store.leave_out([TODAY - timedelta(2 * n) for n in range(250)], None, now)
    left = figures.pain(summary.read(store, first, TODAY, TODAY, frozenset()))
    assert (left is not None) is bool(sessions), "without a score there is nothing to draw"


def test_few_scores_have_a_median_in_place_of_a_trend(store: Store, now: Moment) -> None:
    store.save_all([PainEntry(TODAY - timedelta(n), n) for n in (2, 3, 7)], now)
    row = text.rows(read(store))["figure_trend"]
    assert row.value == "3 (2.5 to 5)"
    assert row.basis == (
        "median (middle half); a trend needs 14 days with a score and no gap of more than 14 days; "
        "from 3 scores, 3 of them not at a session"
    )
    store.leave_out([TODAY - timedelta(n) for n in (2, 3, 7)], None, now)
    row = text.rows(read(store))["figure_trend"]
    assert (row.value, row.basis) == ("–", "no score in this time; 3 days left out")


def test_who_logs_pain_alone_has_a_report_of_it(store: Store, now: Moment) -> None:
    days = [TODAY - timedelta(back) for back in range(20)]
    store.save_all([PainEntry(day, 4) for day in days], now)
    made = read(store)
    said = "\n".join(text.lines(made))
    assert "Stretching sessions: 0. no session in this time." in said
    assert "from 20 scores, 20 of them not at a session" in said
    assert made.drawn_from == days[-1]
    chart = figures.pain(made)
    assert chart is not None
    assert "<svg" in figures.svg(chart, figures.WIDE, 160)
    # A session later on cuts none of the scores before it off.
    store.save(session_on(TODAY), now)
    assert read(store).drawn_from == days[-1]
