"""The numbers of the report for a midwife or doctor: counts, medians and quartiles of a range.

`text` puts them into words, and `pdf` sets the page. SQL counts, so that ten years are no slower.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from holdwell.domain import dates
from holdwell.domain.dates import Days, DaySpan, Stage
from holdwell.domain.models import DueDate, Moment, Pregnancy
from holdwell.domain.pregnancies import PregnancyPeriod, period_of
from holdwell.domain.week_axis import WeekAxis, stage_axis
from holdwell.guide.advice import SELF_HARM, Audience, Verdict
from holdwell.guide.load import guide
from holdwell.report.pregnancy import due_dates, shown_pregnancy
from holdwell.sessions import left_out
from holdwell.stats import frames, queries, trend_line
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.stats.frames import Consistency
from holdwell.stats.queries import CrampCount, DayScore, PlaceCount, ScoreCount
from holdwell.stats.trend_line import TrendDay
from holdwell.store.repository import Store

SHORT_WEEKS, LONG_WEEKS = 4, 12
NOTES_AT_MOST = 40
"""More notes than this never fit one page; the others are counted."""


class ReportRange(StrEnum):
    """The ranges that can be chosen with one tap; CHOSEN is for days that the user enters."""

    WEEKS_4 = "weeks_4"
    WEEKS_12 = "weeks_12"
    PREGNANCY = "pregnancy"
    BIRTH = "birth"
    WHOLE = "whole"
    CHOSEN = "chosen"


def ranges(
    pregnancy: Pregnancy | None, today: date, within: PregnancyPeriod, began: date | None
) -> dict[ReportRange, Days]:
    """Return the first and last local day of each range that a pregnancy period offers.

    `pregnancy` is None if weeks are not shown; one that ended has no range of its own either.
    `today` is the day to look back from (`queries.latest_day`), `began` the first day with an
    entry in the period. A period that is over is offered as a whole, not by its last weeks.
    """
    offered = {
        ReportRange.WEEKS_4: (today - timedelta(days=7 * SHORT_WEEKS - 1), today),
        ReportRange.WEEKS_12: (today - timedelta(days=7 * LONG_WEEKS - 1), today),
    }
    if within.last is not None:
        offered = {ReportRange.WHOLE: (min(within.begins or today, began or today, today), today)}
    if pregnancy is not None and not pregnancy.ended:
        birth = pregnancy.birth_date
        if pregnancy.due_date is not None:
            first = dates.lmp_from_due_date(pregnancy.due_date)
            end = birth or first + timedelta(days=dates.LONGEST_PREGNANCY_DAYS + 1)
            last = min(today, end - timedelta(days=1))
            if first <= last:
                offered[ReportRange.PREGNANCY] = (first, last)
        if birth is not None and birth <= today:
            offered[ReportRange.BIRTH] = (birth, today)
    clamped = {name: within.clamp(*days) for name, days in offered.items()}
    return {name: days for name, days in clamped.items() if days is not None}


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the user. `id` is that of its session or pain entry; `at` is None if unknown."""

    id: str
    day: date
    at: Moment | None
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """An answer before a session that was not "go": how often it came up, and when last.

    If content/ no longer has the answer, `label` is its id and `verdict` is None. If the pregnancy
    ended, `label` is empty for unknown answers and those about pregnancy: they could hurt.
    One that is `private` is shown to others only if the user chooses so.
    """

    label: str
    verdict: Verdict | None
    count: int
    last: date
    private: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All numbers of a report.

    `first` and `last` are the range asked for, as far as it lies in the period. Counting begins at
    `since`, its first day that is not before the first session (None: no session yet). `pauses` are
    the paused spans of the range, `paused_sessions` is the number of sessions in them, and `days`
    the number of other days with a session. `nights` could have an answer about cramps. `answers`
    are those before sessions; of the ones that are shown, `asked` is how many were given, and
    `signs` are all but "go". `levels` is the line of the trend, empty if there is none.
    `notes_chosen` counts the notes to include, of which `notes` are those that may fit on the page.
    `due` is the due date as it was given, None if unknown, and `earlier_due` the last different one
    that was given before it, if any. `pregnancy` is None if tracking is paused or the pregnancy
    ended. Over years `axis` has calendar weeks, because the weeks of a pregnancy say nothing about
    the time around it.
    """

    first: date
    last: date
    since: date | None
    axis: WeekAxis
    pregnancy: Pregnancy | None
    pauses: tuple[Days, ...]
    due: DueDate | None
    earlier_due: date | None
    consistency: Consistency
    days: int
    paused_sessions: int
    places: tuple[PlaceCount, ...]
    levels: tuple[TrendDay, ...]
    cramps: CrampCount
    nights: int
    answers: tuple[Sign, ...]
    notes: tuple[Note, ...]
    notes_chosen: int
    day_scores: tuple[DayScore, ...]
    week_scores: tuple[ScoreCount[int], ...]
    changes: Mapping[int, int]
    week_cramps: Mapping[int, CrampCount]
    uncounted: int
    """The number of sessions that have a pain score but do not count."""

    shows_private: bool = False

    @property
    def private(self) -> tuple[Sign, ...]:
        """The answers that are shown only if the user chooses so (`shows_private`)."""
        return tuple(answer for answer in self.answers if answer.private)

    @property
    def shown_answers(self) -> tuple[Sign, ...]:
        others = tuple(answer for answer in self.answers if not answer.private)
        return (*self.private, *others) if self.shows_private else others

    @property
    def asked(self) -> int:
        return sum(answer.count for answer in self.shown_answers)

    @property
    def signs(self) -> tuple[Sign, ...]:
        return tuple(a for a in self.shown_answers if a.verdict is not Verdict.GO)

    @property
    def stage(self) -> Stage:
        return dates.stage(self.pregnancy, self.last)

    @property
    def sessions(self) -> int:
        return self.consistency.sessions

    @property
    def total_days(self) -> int:
        """The number of days from `since` to `last` that were not paused."""
        if self.since is None:
            return 0
        paused = [(max(first, self.since), last) for first, last in self.pauses]
        return _length(self.since, self.last) - sum(_length(*span) for span in paused)

    @property
    def drawn_from(self) -> date:
        """The first day of the charts and weeks: that of the first session or score, or the first
        day of the week with the first answer about cramps, whichever is earlier."""
        begins = [row.day for row in self.day_scores[:1]] + ([self.since] if self.since else [])
        if self.week_cramps:
            begins.append(max(self.first, self.axis.first_day(min(self.week_cramps))))
        return min(begins, default=self.first)

    @property
    def too_long_for_trend(self) -> bool:
        """Whether the range is longer than `trend_line.LONGEST_DAYS`."""
        return trend_line.is_too_long(self.first, self.last)


def read(
    store: Store,
    first: date,
    last: date,
    today: date,
    chosen: frozenset[str] | None,
    within: PregnancyPeriod | None = None,
) -> Report:
    """Read the report of the local days `first` to `last`. Raises StoreError; see `_shown_days`.

    Only days of one pregnancy period are counted: `within`, by default the one that `last`
    belongs to. The night that begins `today` is not over and counts only if it has an answer.
    `chosen` are the ids of the entries whose notes are included; None: all of the range.
    """
    within = within or period_of(store.pregnancy_periods(), last)
    first, last = days = _shown_days(first, last, within)
    pregnancy = shown_pregnancy(store, within)
    has_trend = not trend_line.is_too_long(first, last)
    axis = stage_axis(pregnancy if has_trend else None, last) or calendar_weeks(store.profile())
    since = _since(store, days, within)
    days_held, paused_sessions = _days_and_paused_sessions(store, days)
    due, earlier_due = due_dates(store, pregnancy)
    day_scores = queries.trend_scores(store, *days)
    included = [n for n in notes(store, *days) if chosen is None or n.id in chosen]
    return Report(
        first=first,
        last=last,
        since=since,
        axis=axis,
        pregnancy=pregnancy,
        pauses=tuple(store.goal_history().paused_between(*days)),
        due=due,
        earlier_due=earlier_due,
        consistency=_consistency(store, since or first, last, today),
        days=days_held,
        paused_sessions=paused_sessions,
        places=tuple(queries.pain_places(store, *days)),
        levels=tuple(trend_line.fit(day_scores)) if has_trend else (),
        cramps=queries.cramps(store, *days),
        nights=_nights(store, since, days, today),
        answers=tuple(_answers(store, *days, within)),
        notes=tuple(included),
        notes_chosen=len(included) if chosen is not None else note_count(store, *days),
        day_scores=tuple(day_scores),
        week_scores=tuple(queries.scores_by_week(store, axis, *days)),
        changes=queries.pain_changes(store, *days),
        week_cramps=queries.cramps_by_week(store, axis, *days),
        uncounted=queries.uncounted_with_score(store, *days),
    )


def _shown_days(first: date, last: date, within: DaySpan) -> Days:
    """Return the part of a range of days that lies in a period. Raises ValueError without one."""
    days = within.clamp(first, last)
    if days is None:
        raise ValueError("no day of the range lies in the period")
    return days


def _since(store: Store, days: Days, within: DaySpan) -> date | None:
    """Return the first of the days that is not before the first session of a period, or None."""
    began = queries.first_session_day(store, within)
    return max(days[0], began) if began is not None and began <= days[1] else None


_GRAVEST_FIRST = (Verdict.CALL_NOW, Verdict.NOT_TODAY, None, Verdict.GENTLY, Verdict.GO)
"""The order of signs. An answer that content/ no longer has may have been a grave one."""


def _answers(store: Store, first: date, last: date, within: PregnancyPeriod) -> list[Sign]:
    """Return the answers before sessions, "go" last and the others gravest first.

    Answers whose label is empty (see `Sign`) are counted together by their verdict.
    """
    ended = within.pregnancy is not None and within.pregnancy.ended
    answers = {answer.id: answer for answer in guide().check_in.answers}
    by_label: dict[tuple[str, Verdict | None], Sign] = {}
    for row in queries.check_in_answers(store, first, last):
        answer = answers.get(row.answer)
        verdict = answer.verdict if answer is not None else None
        label = answer.label if answer is not None else row.answer
        if ended and (answer is None or answer.stage is Audience.PREGNANT):
            label = ""
        private = row.answer == SELF_HARM or (answer is not None and answer.private)
        sign = by_label.get((label, verdict), Sign(label, verdict, 0, row.last, private))
        count, latest = sign.count + row.count, max(sign.last, row.last)
        by_label[label, verdict] = replace(sign, count=count, last=latest)
    return sorted(by_label.values(), key=lambda s: (_GRAVEST_FIRST.index(s.verdict), not s.label))


def _length(first: date, last: date) -> int:
    """Return the number of days from `first` to `last`; 0 if `last` is before `first`."""
    return max(0, (last - first).days + 1)


def _days_and_paused_sessions(store: Store, days: Days) -> tuple[int, int]:
    """Count the days with a session that were not paused, and the sessions on paused days."""
    pauses = store.goal_history().paused_between(*days)
    sql = f"SELECT count(DISTINCT local_day) {queries.SESSIONS}"
    all_days, *paused_days = (queries.number(store, sql, *span) for span in (days, *pauses))
    paused_sessions = sum(queries.sessions(store, *span) for span in pauses)
    return all_days - sum(paused_days), paused_sessions


def _consistency(store: Store, first: date, last: date, today: date) -> Consistency:
    """Count the sessions, and the calendar weeks in which the goal was reached."""
    counted = (calendar_weeks(store.profile()), first, last)
    by_week = queries.sessions_by_week(store, *counted)
    history = left_out.goal_history(store, first, last, today)
    return frames.consistency(frames.weekly_sessions(by_week, *counted, today, history))


def _nights(store: Store, since: date | None, days: Days, today: date) -> int:
    """Count the nights since the first session or answer about cramps.

    A paused night, and tonight, which is not over, count only if they have an answer.
    """
    begins = [day for day in (since, queries.first_night(store, *days)) if day]
    if not begins:
        return 0
    counted = min(begins), min(days[1], today - timedelta(days=1))
    paused = store.goal_history().paused_between(*counted)
    only_answered = [*paused, (max(today, days[0]), days[1])]
    asked = sum(queries.cramps(store, *span).answered for span in only_answered)
    return _length(*counted) - sum(_length(*span) for span in paused) + asked


_WITH_NOTE = "AND trim(note) <> ''"
_NOTES_SQL = (
    "SELECT id, local_day, utc_offset, note, started_at AS place, "
    f"CASE WHEN time_known THEN started_at END AS at {queries.SESSIONS} {_WITH_NOTE} UNION ALL "
    "SELECT id, local_day, utc_offset, note, coalesce(felt_at, local_day || 'T12'), felt_at "
    f"{queries.PAINS} {_WITH_NOTE}"
)
"""SQL for the sessions and pain entries with a note; `place` is what they are sorted by."""


def note_count(store: Store, first: date, last: date) -> int:
    """Count the notes of the range."""
    return queries.number(store, f"SELECT count(*) FROM ({_NOTES_SQL})", first, last)


def notes(store: Store, first: date, last: date, limit: int = NOTES_AT_MOST) -> list[Note]:
    """Return the notes of the range, newest first, at most `limit`."""
    sql = f"SELECT * FROM ({_NOTES_SQL}) ORDER BY place DESC LIMIT {limit:d}"
    return [
        Note(
            row["id"],
            date.fromisoformat(row["local_day"]),
            Moment.from_iso(row["at"], row["utc_offset"]) if row["at"] else None,
            row["note"],
        )
        for row in queries.between(store, sql, first, last)
    ]
