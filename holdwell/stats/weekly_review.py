"""The weekly review: this week, the last one and the four before, in three plain sentences.

Every number in a sentence comes from a `WeekComparison`. No sentence judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from holdwell.domain.dates import DaySpan, week_start
from holdwell.i18n.formats import half_up, listed_text, number_text, sentence_day_text
from holdwell.i18n.messages import counted, say
from holdwell.stats import glance, queries
from holdwell.stats.calendar_weeks import first_weekday
from holdwell.stats.scores import Spread, median_text, trend_spread
from holdwell.store.repository import ALWAYS, Store

WEEKS_BEFORE = 4


@dataclass(frozen=True, slots=True)
class DaysSummary:
    """The numbers of a span of days. `pain` is the spread of all scores except those after a
    session and those of days left out (None: no score, or all are `left_out`).

    `has_days` is False without a day in the pregnancy period since the first session or entry.
    """

    sessions: int
    pain: Spread | None
    cramps: int
    answered: int
    has_days: bool = True
    left_out: bool = False
    uncounted: int = 0
    """The number of sessions that have a pain score but do not count."""


@dataclass(frozen=True, slots=True)
class WeekComparison:
    """The weeks that the review compares. This week has had `days` days so far.

    `began` is the day of the first session or entry if it is in last week, but not its first day.
    """

    days: int
    this: DaysSummary
    last: DaysSummary
    last_same_days: DaysSummary | None
    """The same days of last week; None if the first session or entry came after its first day."""
    before: DaysSummary
    weeks_before: int
    """How many of the four weeks before were whole weeks since the first session: 0 to 4."""
    unpaused: tuple[int, ...]
    """The number of sessions in each of these weeks that has no paused day."""
    began: date | None = None
    this_paused: bool = False
    last_paused: bool = False
    """Whether the week has a paused day: if so, its sessions are not compared with others."""

    @property
    def uncounted(self) -> int:
        """The number of sessions of all these weeks that have a pain score but do not count."""
        return self.this.uncounted + self.last.uncounted + self.before.uncounted


def read(store: Store, today: date, first: date, within: DaySpan = ALWAYS) -> WeekComparison:
    """Read the numbers for the week of `today`; `first` is the first session or entry: `review`."""
    first = max(first, within.bounds[0])
    weekday = first_weekday(store.profile())
    begin = week_start(today, weekday)
    week = timedelta(weeks=1)
    last, last_end = begin - week, begin - timedelta(days=1)
    paused_between = store.goal_history().paused_between
    starts = [last - back * week for back in range(1, WEEKS_BEFORE + 1)]
    weeks = [(start, start + timedelta(days=6)) for start in starts if start >= first]
    before = weeks[-1][0] if weeks else last
    same_days = (last, last + (today - begin))
    return WeekComparison(
        days=(today - begin).days + 1,
        this=_summary(store, begin, today, within),
        last=_summary(store, max(last, first), last_end, within),
        last_same_days=_summary(store, *same_days, within) if first <= last else None,
        before=_summary(store, before, last - timedelta(days=1), within),
        weeks_before=len(weeks),
        unpaused=tuple(
            queries.sessions(store, *days) for days in weeks if not paused_between(*days)
        ),
        began=first if last < first < begin else None,
        this_paused=bool(paused_between(begin, today)),
        last_paused=bool(paused_between(last, last_end)),
    )


def _summary(store: Store, first: date, last: date, within: DaySpan) -> DaysSummary:
    days = within.clamp(first, last)
    if days is None:
        return DaysSummary(0, None, 0, 0, has_days=False)
    scores, cramps = queries.trend_scores(store, *days), queries.cramps(store, *days)
    pain = trend_spread(scores)
    counts = queries.sessions(store, *days), pain, cramps.cramps, cramps.answered
    uncounted = queries.uncounted_with_score(store, *days)
    return DaysSummary(*counts, left_out=pain is None and bool(scores), uncounted=uncounted)


def review(store: Store, today: date, within: DaySpan) -> list[str]:
    """Return the three sentences for the week of a local day.

    They count sessions from the first session on, pain from the first session or pain entry on, and
    cramps from the first entry of any kind on.
    """
    entries = queries.entries_span(store, within)
    firsts = (
        queries.first_session_day(store, within),
        queries.first_day(store, within),
        entries and entries[0],
    )
    none = (
        say("review.often_none"),
        glance.no_scores(store, within.bounds[0], today, say("review.pain_none")),
        say("review.cramps_none"),
    )
    return [
        sentences(read(store, today, first, within))[n] if first and first <= today else none[n]
        for n, first in enumerate(firsts)
    ]


def sentences(weeks: WeekComparison) -> tuple[str, str, str]:
    """Return the sentences on sessions, pain and cramps."""
    return _often(weeks), _pain(weeks), _cramps(weeks)


def _often(weeks: WeekComparison) -> str:
    parts = [say("review.often_this", times=counted("times", weeks.this.sessions))]
    if not weeks.this_paused:
        parts += [*_often_last(weeks), *_often_before(weeks)]
    return _joined(parts)


def _often_last(weeks: WeekComparison) -> list[str]:
    """Say how often last week, over as many days as this week has had; nothing if unknown."""
    times = counted("times", weeks.last.sessions)
    if weeks.last_paused:
        return []
    if weeks.began is not None and weeks.last.has_days:
        day = sentence_day_text(weeks.began)
        return [say("review.often_last_began", times=times, day=day)]
    if weeks.days == 7 and weeks.last.has_days:
        return [say("review.often_last", times=times)]
    if weeks.last_same_days is not None:
        times = counted("times", weeks.last_same_days.sessions)
        return [say("review.often_last_same", times=times)]
    return []


def _often_before(weeks: WeekComparison) -> list[str]:
    """Say how often on average in the weeks before, without those that have paused days."""
    sessions, count = sum(weeks.unpaused), len(weeks.unpaused)
    if not count:
        return []
    span = _weeks_before(weeks)
    if weeks.last_paused or count < weeks.weeks_before:
        span = say("review.weeks_unpaused", count=count)
    if count == 1:
        times = counted("times", sessions)
        return [say("review.often_before_one", times=times, weeks=span)]
    average = half_up(sessions / count, 1)
    times = say("review.part_times", number=number_text(float(average)))
    if average == int(average):
        times = counted("times", int(average))
    return [say("review.often_before", times=times, weeks=span)]


def _weeks_before(weeks: WeekComparison) -> str:
    return say("review.weeks_before", count=weeks.weeks_before)


def _spans(weeks: WeekComparison) -> dict[str, DaysSummary]:
    """Return the spans that have days to speak of, by the key of their words.

    A week that is not over is compared with the same days of last week, if these are known.
    """
    same = weeks.last_same_days if weeks.days < 7 else None
    last = {"last": weeks.last} if same is None else {"last_same": same}
    parts = {"this": weeks.this, **last, "before": weeks.before}
    return {name: part for name, part in parts.items() if part.has_days}


def _pain(weeks: WeekComparison) -> str:
    spans = _spans(weeks)
    if all(part.pain is None for part in spans.values()):
        if any(part.left_out for part in spans.values()):
            return say("review.pain_left_out")
        if weeks.uncounted:
            return say("progress.uncounted", count=weeks.uncounted)
        return say("review.pain_none")
    parts = [
        say("review.pain_when", median=_median(part), when=_when(name, weeks))
        for name, part in spans.items()
        if part.pain or not (part.left_out or part.uncounted)
    ]
    sentence = say("review.pain_begin") + " " + _joined(parts)
    if left_out := [_when(name, weeks) for name, part in spans.items() if part.left_out]:
        sentence += " " + say("review.pain_some_left_out", when=listed_text(left_out))
    if any(part.pain is None and part.uncounted for part in spans.values()):
        sentence += " " + say("progress.uncounted", count=weeks.uncounted)
    return sentence


def _median(part: DaysSummary) -> str:
    return median_text(part.pain) if part.pain else say("review.not_rated")


def _when(name: str, weeks: WeekComparison) -> str:
    return _weeks_before(weeks) if name == "before" else say(f"review.when_{name}")


def _cramps(weeks: WeekComparison) -> str:
    parts = [
        say(
            f"review.cramps_{name}",
            cramps=part.cramps,
            nights=counted("answered_nights", part.answered),
            weeks=_weeks_before(weeks),
        )
        for name, part in _spans(weeks).items()
        if part.answered
    ]
    if not parts:
        return say("review.cramps_none")
    return say("review.cramps_begin") + " " + _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    """Join the parts as "A, B and C", with a full stop."""
    return listed_text(parts) + "."
