"""The four sections of the Progress page: each reads counts, says them, and shows them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pandas as pd

from holdwell import charts
from holdwell.charts import AnyChart, View
from holdwell.domain import dates
from holdwell.domain.dated import GoalHistory
from holdwell.domain.models import COMFORT_MAX, COMFORT_MIN, DayPart
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.domain.trimesters import AFTER_BIRTH
from holdwell.domain.week_axis import WeekAxis
from holdwell.guide import guide
from holdwell.i18n.formats import day_text, number_text, signed_text
from holdwell.i18n.messages import counted, say
from holdwell.stats import frames, queries, trend_line
from holdwell.stats.calendar_weeks import calendar_weeks
from holdwell.stats.frames import PainGroup
from holdwell.stats.habit import REACH_DAYS, strength
from holdwell.stats.queries import DayScore, Grouping, Span
from holdwell.stats.trend_line import TrendDay
from holdwell.store.repository import Store
from holdwell.ui.common.text import stretch_name
from holdwell.ui.progress import chart_card
from holdwell.ui.progress.chart_card import ChartCard
from holdwell.ui.runtime import clock

YEAR_DAYS = 54 * 7
BESIDE_HEIGHT = 180


def named(frame: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """Return columns of a frame under the names that the user reads, newest first."""
    titles = [say(f"progress.{name}") for name in columns.values()]
    return frame[list(columns)].set_axis(titles, axis=1)[::-1]


def weekly_table(frame: pd.DataFrame, view: View, *columns: str) -> pd.DataFrame:
    """Return the table of a frame that has one row a week or more, with the weeks in words."""
    names = {column: f"col_{column}" for column in ("week", *columns)}
    return named(charts.labelled(frame, view.axis), **names)


def sessions_card(key: str, frame: pd.DataFrame, view: View, chart: partial[AnyChart]) -> ChartCard:
    """Return a card of sessions a week without sentences."""
    return ChartCard(
        key,
        say("progress.weekly_title"),
        (),
        chart,
        lambda: weekly_table(frame.assign(**{"from": frame["from_day"]}), view, "from", "sessions"),
    )


def show_habit(store: Store, view: View, span: Span, period: PregnancyPeriod) -> None:
    """Show sessions a week with the strength of the habit and the streaks, and the days."""
    history = store.goal_history()
    today = store.local_day(clock.now())
    frame = weekly_sessions(store, view, view.axis, history)
    # The strength looks further back than the calendar where that shows a shorter time.
    reach = view.last - timedelta(days=max(REACH_DAYS + 7, YEAR_DAYS) - 1)
    by_day = queries.parts_by_day(store, max(reach, period.bounds[0]), view.last)
    notes = []
    if history.goals:
        streaks = queries.streaks(store, view.last, period)
        best = counted("days", streaks.best)
        if period.last is not None:
            notes.append(say("progress.runs_back", best=best))
        else:
            score = strength({r.day: r.total for r in by_day}, history, view.last, span.first)
            notes.append(say("progress.strength", percent=round(100 * score)))
            current = counted("days", streaks.current)
            notes.append(say("progress.runs", current=current, best=best))
    card = sessions_card(
        "weekly", frame, view, partial(charts.sessions_by_week, frame, charts.HEIGHT)
    )
    # The goal is one of calendar weeks, whatever weeks the chart is drawn by.
    axis = calendar_weeks(store.profile())
    weeks = weekly_sessions(store, view, axis, history, today)
    sentences = habit_sentences(weeks, axis, over=period.last is not None)
    chart_card.show(replace(card, sentences=sentences, notes=notes), view)
    show_days(by_day, view)


def weekly_sessions(
    store: Store, view: View, axis: WeekAxis, history: GoalHistory, today: date | None = None
) -> pd.DataFrame:
    """Return the frame of sessions a week for the days shown."""
    rows = queries.sessions_by_week(store, axis, view.first, view.last)
    return frames.weekly_sessions(rows, axis, view.first, view.last, today, history)


def habit_sentences(frame: pd.DataFrame, axis: WeekAxis, *, over: bool) -> list[str]:
    """Say what a frame of weekly sessions has; of a period that is `over`, no week so far."""
    numbers = frames.consistency(frame)
    sentences = []
    if numbers.per_full_week is not None:
        sentences.append(
            say(
                "progress.weekly_summary",
                sessions=counted("sessions", numbers.sessions),
                weeks=counted("weeks", numbers.weeks),
                full=counted("full_weeks", numbers.full_weeks),
                per_week=number_text(numbers.per_full_week, places=1),
            )
        )
        met, full = numbers.goal_met, numbers.full_weeks
        if len(numbers.goals) == 1:
            goal = numbers.goals[0]
            sentences.append(say("progress.weekly_goal", goal=goal, met=met, count=full))
        elif numbers.goals:
            sentences.append(say("progress.weekly_goals", met=met, count=full))
    if not over:
        latest = frame.iloc[-1]
        sentences.append(
            say(
                "progress.weekly_this",
                week=charts.week_label(axis, int(latest["index"])),
                count=int(latest["sessions"]),
            )
        )
    return sentences


def show_days(by_day: list[queries.DayParts], view: View) -> None:
    """Show the calendar of days, of the last 54 weeks at most."""
    start = max(view.first, view.last - timedelta(days=YEAR_DAYS - 1))
    frame = frames.daily_parts(by_day, start, view.last)

    def table() -> pd.DataFrame:
        shown = frame.assign(day=[d.date() for d in frame["day"]])
        return named(shown, day="col_day", **{part: f"col_{part}" for part in DayPart})

    summary = say(
        "progress.days_summary",
        days=int((frame["total"] > 0).sum()),
        total=counted("days", len(frame)),
        morning=counted("mornings", int((frame["morning"] > 0).sum())),
        bedtime=counted("bedtimes", int((frame["bedtime"] > 0).sum())),
    )
    notes = [say("progress.days_note")]
    if start > view.first:
        notes.append(say("progress.days_cut", weeks=counted("weeks", YEAR_DAYS // 7)))
    title, chart = say("progress.days_title"), partial(charts.day_heatmap, frame)
    chart_card.show(ChartCard("days", title, [summary], chart, table, notes), view)


def show_pain(store: Store, view: View) -> None:
    """Show the trend of pain before a session, and pain by week before and after."""
    title = say("progress.pain_title")
    rows = queries.scores_by_week(store, view.axis, view.first, view.last)
    if not rows:
        chart_card.empty(title, say("progress.pain_none"), "pain")
        return
    frame = frames.weekly_pain(rows, view.axis, view.first, view.last)
    show_trend(store, view, frame)
    medians = [frames.overall_median(rows, after=after) for after in (False, True)]
    before, after = ("–" if m is None else number_text(m) for m in medians)
    both = counted("sessions", queries.sessions_with_both_scores(store, view.first, view.last))
    names = ("when", "median", "low", "high", "scores")
    card = ChartCard(
        "pain",
        title,
        [say("progress.pain_summary", before=before, after=after, sessions=both)],
        partial(charts.pain_by_week, frame),
        lambda: weekly_table(frame[frame["scores"] > 0], view, *names),
        [say("progress.pain_note")],
    )
    chart_card.show(card, view)


def show_trend(store: Store, view: View, weekly: pd.DataFrame) -> None:
    """Show the trend line of pain before a session; not over more than 54 weeks."""
    title = say("progress.trend_title")
    if (view.last - view.first).days >= YEAR_DAYS:
        chart_card.empty(
            title, say("progress.trend_long", weeks=counted("weeks", YEAR_DAYS // 7)), "trend"
        )
        return
    scores = queries.trend_scores(store, view.first, view.last)
    levels = trend_line.fit(scores)

    def table() -> pd.DataFrame:
        rows = [(one.day, one.level, one.low, one.high) for one in levels]
        found = pd.DataFrame(rows, columns=["day", "level", "low", "high"]).round(2)
        return named(
            found, day="col_day", level="col_level", low="col_band_low", high="col_band_high"
        )

    limits = {
        "days": counted("days", trend_line.LEAST_DAYS),
        "gap": counted("days", trend_line.LONGEST_GAP_DAYS),
    }
    card = ChartCard(
        "trend",
        title,
        [
            *(trend_sentences(levels) if levels else [say("progress.trend_none", **limits)]),
            *score_sentences(scores),
        ],
        partial(charts.pain_trend, weekly, scores, levels),
        table,
        [say("progress.trend_note", **limits)],
    )
    chart_card.show(card, view)


def trend_sentences(levels: Sequence[TrendDay]) -> list[str]:
    """Say where the trend line begins and ends, and how unsure both ends are."""
    first, last, today = levels[0], levels[-1], clock.now().local.date()
    sentence = say(
        "progress.trend_summary",
        first=number_text(first.level, places=1),
        first_day=day_text(first.day, today=today),
        first_low=number_text(first.low, places=1),
        first_high=number_text(first.high, places=1),
        last=number_text(last.level, places=1),
        last_day=day_text(last.day, today=today),
        low=number_text(last.low, places=1),
        high=number_text(last.high, places=1),
    )
    if first.span == last.span:
        return [sentence]
    gap = counted("days", trend_line.LONGEST_GAP_DAYS)
    return [sentence, say("progress.trend_gap", gap=gap)]


def score_sentences(scores: Sequence[DayScore]) -> list[str]:
    """Say how many scores the trend has that were not at a session, and how many days it lacks."""
    shown = [row for row in scores if not row.left_out]
    alone = sum(row.alone for row in shown)
    total = counted("scores", sum(row.count for row in shown))
    sentences = [say("progress.trend_scores", scores=total, count=alone)] if alone else []
    left_out = {row.day for row in scores if row.left_out}
    if left_out:
        sentences.append(say("progress.trend_left_out", count=len(left_out)))
    return sentences


def show_change(store: Store, view: View) -> None:
    """Show how pain changed within sessions."""
    title = say("progress.change_title")
    rows = queries.pain_changes(store, view.first, view.last)
    summary = frames.change_summary(rows)
    if summary is None:
        chart_card.empty(title, say("progress.glance_change_none"), "change")
        return
    sentence = say(
        "progress.change_summary",
        median=signed_text(summary.median),
        low=signed_text(summary.low),
        high=signed_text(summary.high),
        sessions=counted("sessions", summary.sessions),
        fell=summary.fell,
        rose=summary.rose,
        little=summary.little,
    )
    frame = pd.DataFrame({"change": [r.change for r in rows], "sessions": [r.count for r in rows]})
    card = ChartCard(
        "change",
        title,
        [sentence],
        partial(charts.pain_change, rows),
        lambda: named(frame, change="col_change", sessions="col_sessions"),
        [say("progress.change_regression"), say("progress.change_note")],
    )
    chart_card.show(card, view)


def show_comparisons(store: Store, view: View, period: PregnancyPeriod) -> None:
    """Show pain by stage, time of day, stretch and comfort; then cramps beside the sessions."""
    shown = False
    for grouping in Grouping:
        rows = queries.scores_by_group(store, grouping, view.first, view.last, view.pregnancy)
        found = frames.pain_groups(rows, group_order(grouping))
        # Stretches that were only ever held together have the same sessions.
        if found and (grouping is not Grouping.STRETCH or frames.groups_differ(found)):
            show_groups(grouping, found, view)
            shown = True
    if not shown:
        title = say("progress.section_when")
        chart_card.empty(title, say("progress.groups_none"), "groups")
    show_cramps(store, view, period)


def group_order(grouping: Grouping) -> list[str]:
    """List the groups as they are shown; a stretch that is no longer taught comes last."""
    if grouping is Grouping.TRIMESTER:
        return [*dates.Trimester, AFTER_BIRTH]
    if grouping is Grouping.PART:
        return list(DayPart)
    if grouping is Grouping.COMFORT:
        return [str(comfort) for comfort in range(COMFORT_MIN, COMFORT_MAX + 1)]
    return [stretch.id for stretch in guide().stretches]


def group_label(grouping: Grouping, group: str) -> str:
    """Return the name of a group as the user reads it."""
    if grouping is Grouping.TRIMESTER:
        return say(f"progress.stage_{group}")
    if grouping is Grouping.PART:
        return say(f"part.{group}")
    if grouping is Grouping.COMFORT:
        return say("progress.comfort_group", comfort=group)
    return stretch_name(group)


def show_groups(grouping: Grouping, found: Sequence[PainGroup], view: View) -> None:
    """Show the groups that have enough scores side by side; the others are only counted."""
    key = f"by-{grouping}"
    title = say("progress.groups_title", what=say(f"progress.group_{grouping}"))
    sentences = group_sentences(grouping, found)
    known = [group for group in found if group.before is not None]
    if not known:
        chart_card.empty(title, " ".join(sentences), key)
        return
    labels = [group_label(grouping, group.group) for group in known]
    card = ChartCard(
        key,
        title,
        sentences,
        partial(charts.pain_by_group, known, labels),
        lambda: named(
            pd.DataFrame(known).assign(group=labels)[::-1],
            group="col_group",
            scores="col_scores",
            low="col_low",
            before="before",
            high="col_high",
            after="after",
        ),
        [say("progress.groups_note", least=counted("scores", frames.LEAST_SCORES))],
    )
    chart_card.show(card, view)


def group_sentences(grouping: Grouping, found: Sequence[PainGroup]) -> list[str]:
    """Say which group has the most pain, and which ones have too few scores for a median."""
    sentences = []
    if len([group for group in found if group.before is not None]) > 1:
        top = frames.worst_group(found)
        if top is None or top.before is None:
            sentences.append(say("progress.groups_even"))
        else:
            label, median = group_label(grouping, top.group), number_text(top.before)
            sentences.append(say("progress.groups_worst", group=label, median=median))
    for group in found:
        if group.before is None:
            label, scores = group_label(grouping, group.group), counted("scores", group.scores)
            sentences.append(say("progress.groups_few", group=label, scores=scores))
    return sentences


def show_cramps(store: Store, view: View, period: PregnancyPeriod) -> None:
    """Show nights with cramps by leg, and below them the sessions of the same weeks."""
    title = say("progress.cramps_title")
    # The first day shown had a night before it, which may belong to the pregnancy before.
    view = replace(view, first=max(view.first - timedelta(days=1), period.bounds[0]))
    rows = queries.cramps_by_week(store, view.axis, view.first, view.last)
    if not rows:
        chart_card.empty(title, say("progress.cramps_none"), "cramps")
        return
    frame = frames.weekly_cramps(rows, view.axis, view.first, view.last)
    summary = say(
        "progress.cramps_summary",
        nights=int(frame["cramps"].sum()),
        answered=counted("answered_nights", int(frame["answered"].sum())),
        left=int(frame["left"].sum()),
        right=int(frame["right"].sum()),
        both=int(frame["both"].sum()),
    )
    names = ("left", "right", "both", "cramps", "answered")
    card = ChartCard(
        "cramps",
        title,
        [summary],
        partial(charts.cramp_nights, frame),
        lambda: weekly_table(frame[frame["answered"] > 0], view, *names),
        [say("progress.cramps_note")],
    )
    chart_card.show(card, view)
    weekly = queries.sessions_by_week(store, view.axis, view.first, view.last)
    beside = frames.weekly_sessions(weekly, view.axis, view.first, view.last)
    sessions = counted("sessions", int(beside["sessions"].sum()))
    card = sessions_card(
        "beside", beside, view, partial(charts.sessions_by_week, beside, BESIDE_HEIGHT)
    )
    sentence = say("progress.glance_often_plain_view", sessions=sessions)
    chart_card.show(replace(card, sentences=[sentence]), view)
