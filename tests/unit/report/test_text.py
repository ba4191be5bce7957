"""The sentences of the report: true to its numbers, and free of what must not be said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from holdwell.domain.dated import Pause
from holdwell.domain.models import (
    CheckInAnswer,
    CrampLeg,
    DueDate,
    DueDateSource,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
)
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.guide.advice import Verdict
from holdwell.i18n.formats import date_text
from holdwell.i18n.languages import choose, content_folder, languages
from holdwell.i18n.messages import say, speaking
from holdwell.report import summary, text
from holdwell.report.pregnancy import due_date_text
from holdwell.report.summary import ReportRange
from holdwell.store.repository import Store
from tests.conftest import MakeSession
from tests.support.histories import session_on
from tests.unit.report.conftest import DUE, FIRST, TODAY, read


@pytest.mark.parametrize(
    ("code", "covers", "drawn"),
    [
        (
            "en",
            "on 90 to 99\u00a0% of days, and on 99 to 100\u00a0% where pain stayed",
            "90 to 100\u00a0%",
        ),
        (
            "es",
            "en el 90 a 99\u00a0% de los días, y en el 99 a 100\u00a0% cuando",
            "90 a 100\u00a0%",
        ),
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
    assert "Stretching sessions: 29. On 14 of 14 days" in said
    assert (
        "Pain before a session (0 to 10): 4.5 (3 to 6). Median (middle half); rated in 28 of 29"
        in said
    )
    assert "3 of 13 nights answered; left leg 1, right 0, both 1" in said
    assert "Median (middle half); 28 sessions with both scores: lower by 2 or more in 14," in said
    assert "higher by 2 or more in 0" in said
    assert "Weeks 22 to 24 of pregnancy" in said
    assert "24w 3d on 24 Nov 2026" in said
    assert "Due date 13 Mar 2027" in said
    assert "Sessions are counted from the first, 11 Nov 2026." in said
    assert "Own goal: 14 sessions a week" in said
    assert "Holdwell is not a medical device" in said


def test_the_weeks_begin_with_the_first_score_or_night_before_any_session(
    filled: Store, now: Moment
) -> None:
    filled.save(PainEntry(TODAY - timedelta(20), 5), now)
    assert "Weeks 21 to 24 of pregnancy" in text.stage_lines(read(filled))
    assert text.since(read(filled)) == "Sessions are counted from the first, 11 Nov 2026."
    filled.save_cramp(TODAY - timedelta(25), CrampLeg.LEFT, now)
    assert "Weeks 20 to 24 of pregnancy" in text.stage_lines(read(filled))


def test_no_week_is_counted_after_the_longest_pregnancy(filled: Store, now: Moment) -> None:
    """If the birth was never recorded, the report does not say "week 57 of pregnancy"."""
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    longest = timedelta(44 * 7 - 280)
    for due, said in (
        (TODAY - longest, "Weeks 42 to 44 of pregnancy; 44w 0d on 24 Nov 2026"),
        (TODAY - longest - timedelta(1), ""),
        (TODAY - timedelta(weeks=17), ""),
    ):
        filled.save_pregnancy(replace(pregnancy, due_date=due), now)
        *weeks, _ = text.stage_lines(read(filled))
        assert "; ".join(weeks) == said
        found = summary.ranges(filled.pregnancy(), TODAY, PregnancyPeriod(), None)
        assert found[ReportRange.PREGNANCY][1] == min(TODAY, due + longest)


def test_weeks_across_the_birth(filled: Store, now: Moment) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    filled.save_pregnancy(replace(pregnancy, birth_date=TODAY - timedelta(8)), now)
    said = text.stage_lines(read(filled))
    assert said == ["Week 22 of pregnancy to week 1 after birth", "Birth 16 Nov 2026"]


def test_an_empty_database_has_no_goal_and_no_reproach(store: Store) -> None:
    made = read(store)
    said = "\n".join(text.lines(made))
    assert "Stretching sessions: 0. No session in this period." in said
    assert "goal" not in said
    assert made.since is None


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answers as content/ gives them, none of them private."""

    class InventedAnswer:
        def __init__(self, name: str, label: str, verdict: Verdict) -> None:
            self.id, self.label, self.verdict = name, label, verdict
            self.private = False

    class InventedGuide:
        class check_in:  # noqa: N801
            answers = (
                InventedAnswer("well", "I am well", Verdict.GO),
                InventedAnswer("dizzy", "I feel dizzy.", Verdict.NOT_TODAY),
                InventedAnswer("bleeding", "I am bleeding", Verdict.CALL_NOW),
                InventedAnswer("self_harm", "I think of harm", Verdict.CALL_NOW),
            )

    monkeypatch.setattr(summary, "guide", InventedGuide)
    yield


def test_stop_signs_are_counted_gravest_first(filled: Store, now: Moment, answers: None) -> None:
    assert text.signs(read(filled)) == [
        "The question before a session was not answered in this period."
    ]

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


def test_a_private_answer_is_named_only_if_the_user_chooses_so(filled: Store, now: Moment) -> None:
    def said(name: str) -> list[str]:
        filled.save(CheckInAnswer(now, TODAY, name), now)
        return text.signs(read(filled))

    assert said("self_harm") == []
    assert not {say("report.signs_title"), say("report.signs_not_asked")} & {
        *text.lines(read(filled))
    }
    assert said("fine") == ["None in 1 answer before sessions."]
    assert said("dizzy_or_faint")[1:] == []
    made = read(filled)
    assert "harming" not in "".join(text.lines(made))
    added = replace(made, shows_private=True)
    assert text.signs(added)[0].startswith("Thoughts of harming myself or others: once")
    assert (made.asked, added.asked) == (2, 3)


def test_thoughts_of_self_harm_are_private_whatever_the_content_says(
    filled: Store, now: Moment, answers: None
) -> None:
    filled.save(CheckInAnswer(now, TODAY, "self_harm"), now)
    assert text.signs(read(filled)) == []
    assert len(text.signs(replace(read(filled), shows_private=True))) == 1


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
        "scores that name it: lower back 2, hip or buttock 1, left 1, both sides 1",
    )
    assert "Where it hurts" not in " ".join(
        text.lines(summary.read(store, FIRST, FIRST, TODAY, None))
    )


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
    due = "Due date 13 Mar 2027 (from a scan, 12w 3d on 31 Aug 2026); given before: 20 Mar 2027"
    assert due in said
    assert "from 28 scores, 2 not at a session; 1 day left out" in said


@pytest.mark.parametrize(
    ("source", "days", "said"),
    [
        (DueDateSource.SCAN, 87, "13 Mar 2027 (from a scan, 12w 3d on 31 Aug 2026)"),
        (DueDateSource.SCAN, None, "13 Mar 2027"),
        (
            DueDateSource.TRANSFER,
            5,
            "13 Mar 2027 (from a transfer on 31 Aug 2026, embryo of day 5)",
        ),
        (DueDateSource.CONCEPTION, None, "13 Mar 2027 (from conception on 31 Aug 2026)"),
        (DueDateSource.DATE, None, "13 Mar 2027"),
        (DueDateSource.UNKNOWN, 87, "13 Mar 2027"),
    ],
)
def test_the_source_of_an_imported_due_date_is_said_if_it_is_complete(
    source: DueDateSource, days: int | None, said: str
) -> None:
    due = DueDate("id", DUE, source, None, date(2026, 8, 31), days)
    assert due_date_text(due, date_text) == said
    assert due_date_text(replace(due, source_day=None), date_text) == "13 Mar 2027"


def test_a_period_of_one_day_is_not_a_range(filled: Store) -> None:
    made = summary.read(filled, TODAY, TODAY, TODAY, frozenset())
    assert text.range_text(made) == date_text(TODAY)


def test_scores_too_few_for_the_line_are_not_said_to_be_in_it(filled: Store, now: Moment) -> None:
    filled.save_all([PainEntry(TODAY, 9), PainEntry(TODAY - timedelta(40), 5)], now)
    made = summary.read(filled, TODAY - timedelta(50), TODAY, TODAY, frozenset())
    assert "from 29 scores, 1 not at a session" in text.rows(made)["trend"].basis


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


def test_few_scores_have_a_median_in_place_of_a_trend(store: Store, now: Moment) -> None:
    store.save_all([PainEntry(TODAY - timedelta(n), n) for n in (2, 3, 7)], now)
    row = text.rows(read(store))["figure_trend"]
    assert row.value == "3", "quartiles of three scores would only look exact"
    assert row.basis == (
        "median; a trend needs 14 days with a score that counts and no gap of more "
        "than 14 days; from 3 scores, 3 not at a session"
    )
    store.save_all([PainEntry(TODAY - timedelta(n), n) for n in (4, 5)], now)
    row = text.rows(read(store))["figure_trend"]
    assert (row.value, row.basis[:21]) == ("4 (3 to 5)", "median (middle half);")
    store.leave_out([TODAY - timedelta(n) for n in (2, 3, 4, 5, 7)], None, now)
    row = text.rows(read(store))["figure_trend"]
    assert (row.value, row.basis) == ("–", "all scores of this period are left out")


def test_the_report_says_that_the_only_score_does_not_count(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    assert text.rows(read(store))["before"].basis == "no score in this period"
    store.save(replace(make_session(TODAY, before=6), holds=()), now)
    for row in ("before", "after", "figure_trend"):
        basis = text.rows(read(store))[row].basis
        assert basis == "no score of this period counts, as no hold was finished"


def test_the_report_tells_scores_left_out_from_days_without_a_score(
    store: Store, now: Moment
) -> None:
    days = [TODAY - timedelta(back) for back in range(50)]
    store.save_all([PainEntry(day, 4) for day in days], now)
    store.leave_out(days[16:34], None, now)
    row = text.rows(summary.read(store, days[-1], TODAY, TODAY, frozenset()))["trend"]
    assert "more than 14 days whose scores are left out or missing lie" in row.basis
