"""The four sections of the Progress page: each reads counts, says them, and shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd

from holdwell import charts
from holdwell import guide as content
from holdwell.charts import View
from holdwell.domain import dates
from holdwell.domain.models import DayPart
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import counted, day_text, number_text, say, signed_text
from holdwell.stats import frames, queries, trend_line
from holdwell.stats.habit import REACH_DAYS, strength
from holdwell.stats.queries import AFTER_BIRTH, Grouping, Span
from holdwell.store.repository import Store
from holdwell.ui.progress import chart_card
from holdwell.ui.runtime import clock

YEAR_DAYS = 54 * 7
BESIDE_HEIGHT = 180


def named(frame: pd.DataFrame, **columns: str) -> pd.DataFrame:
    """The columns of a frame under the names she reads, newest first."""
    titles = [say(f"progress.{name}") for name in columns.values()]
    return frame[list(columns)].set_axis(titles, axis=1)[::-1]


def often(store: Store, view: View, goal: int | None, span: Span, within: PregnancyPeriod) -> None:
    """Sessions a week, strength and runs, and the calendar of days.

    Of a pregnancy that is over there is no week so far, and no habit to keep.
    """
    over = within.last is not None
    rows = queries.sessions_by_week(store, view.axis, view.first, view.last)
    frame = frames.weekly_sessions(rows, view.axis, view.first, view.last)
    # The strength looks further back than the calendar where that shows a shorter time.
    reach = view.last - timedelta(days=max(REACH_DAYS + 7, YEAR_DAYS) - 1)
    since = max(reach, within.bounds[0])
    by_day = queries.parts_by_day(store, since, view.last)
    numbers = frames.consistency(frame, goal or 0)
    sentences = []
    if numbers.per_full_week is not None:
        sentences.append(
            say(
                "progress.weekly_summary",
                sessions=counted("sessions", numbers.sessions),
                weeks=counted("weeks", numbers.weeks),
                per_week=number_text(numbers.per_full_week, places=1),
            )
        )
        if goal is not None:
            sentences.append(
                say(
                    "progress.weekly_goal",
                    goal=goal,
                    met=numbers.goal_met,
                    full=numbers.full_weeks,
                )
            )
    latest = frame.iloc[-1]
    if not over:
        sentences.append(
            say("progress.weekly_this", week=latest["week"], count=int(latest["sessions"]))
        )
    notes = []
    if goal is not None and over:
        best = queries.streaks(store, view.last, within).best
        notes.append(say("progress.runs_back", best=counted("days", best)))
    elif goal is not None:
        score = strength({r.day: r.total for r in by_day}, goal, view.last, span.first)
        notes.append(say("progress.strength", percent=round(100 * score)))
        runs = queries.streaks(store, view.last, within)
        notes.append(
            say(
                "progress.runs",
                current=counted("days", runs.current),
                best=counted("days", runs.best),
            )
        )
    chart_card.show(
        say("progress.weekly_title"),
        sentences,
        "sessions",
        (frame, goal, charts.HEIGHT),
        view,
        lambda: named(frame, week="col_week", from_day="col_from", sessions="col_sessions"),
        "weekly",
        notes,
    )
    days(by_day, view)


def days(by_day: list[queries.DayParts], view: View) -> None:
    start = max(view.first, view.last - timedelta(days=YEAR_DAYS - 1))
    frame = frames.days(by_day, start, view.last)

    def table() -> pd.DataFrame:
        shown = frame.assign(day=[d.date() for d in frame["day"]])
        parts = {part.value: f"col_{part.value}" for part in DayPart}
        return named(shown, day="col_day", **parts)

    summary = say(
        "progress.days_summary",
        days=int((frame["total"] > 0).sum()),
        total=len(frame),
        morning=int((frame["morning"] > 0).sum()),
        bedtime=int((frame["bedtime"] > 0).sum()),
    )
    notes = [say("progress.days_note")]
    if start > view.first:
        notes.append(say("progress.days_cut", weeks=YEAR_DAYS // 7))
    chart_card.show(
        say("progress.days_title"),
        [summary],
        "calendar",
        (frame,),
        view,
        table,
        "days",
        notes,
    )


def pain(store: Store, view: View) -> None:
    """Pain by week before and after, and the trend of pain before."""
    rows = queries.scores_by_week(store, view.axis, view.first, view.last)
    if not rows:
        chart_card.empty(say("progress.pain_title"), say("progress.pain_none"), "pain")
        return
    frame = frames.weekly_pain(rows, view.axis, view.first, view.last)
    trend(store, view, frame)
    medians = [frames.overall_median(rows, after=after) for after in (False, True)]
    before, after = ("–" if m is None else number_text(m) for m in medians)
    both = queries.sessions_with_both_scores(store, view.first, view.last)
    names = ("week", "when", "median", "low", "high", "scores")
    chart_card.show(
        say("progress.pain_title"),
        [
            say(
                "progress.pain_summary",
                before=before,
                after=after,
                sessions=counted("sessions", both),
            )
        ],
        "pain_weeks",
        (frame,),
        view,
        lambda: named(frame[frame["scores"] > 0], **{name: f"col_{name}" for name in names}),
        "pain",
        [say("progress.pain_note")],
    )


def trend(store: Store, view: View, weekly: pd.DataFrame) -> None:
    title = say("progress.trend_title")
    if (view.last - view.first).days >= YEAR_DAYS:
        chart_card.empty(title, say("progress.trend_long", weeks=YEAR_DAYS // 7), "trend")
        return
    scores = queries.scores_by_day(store, view.first, view.last)
    levels = trend_line.smooth(scores)
    least, gap = trend_line.LEAST_DAYS, trend_line.LONGEST_GAP_DAYS
    if levels:
        first, last, today = levels[0], levels[-1], clock.now().local.date()
        sentence = say(
            "progress.trend_summary",
            first=number_text(first.level, places=1),
            first_day=day_text(first.day, today=today),
            last=number_text(last.level, places=1),
            last_day=day_text(last.day, today=today),
            low=number_text(last.low, places=1),
            high=number_text(last.high, places=1),
        )
    else:
        sentence = say("progress.trend_none", days=least, gap=gap)

    def table() -> pd.DataFrame:
        found = pd.DataFrame(
            [(one.day, one.level, one.low, one.high) for one in levels],
            columns=["day", "level", "low", "high"],
        ).round(2)
        return named(
            found, day="col_day", level="col_level", low="col_band_low", high="col_band_high"
        )

    chart_card.show(
        title,
        [sentence],
        "trend",
        (weekly, scores, levels),
        view,
        table,
        "trend",
        [say("progress.trend_note", days=least, gap=gap)],
    )


def change(store: Store, view: View) -> None:
    """How pain changed within sessions."""
    rows = queries.pain_changes(store, view.first, view.last)
    summed = frames.change_summary(rows)
    if summed is None:
        chart_card.empty(say("progress.change_title"), say("progress.glance_change_none"), "change")
        return
    frame = pd.DataFrame({"change": [r.change for r in rows], "sessions": [r.count for r in rows]})
    chart_card.show(
        say("progress.change_title"),
        [
            say(
                "progress.change_summary",
                median=signed_text(summed.median),
                low=signed_text(summed.low),
                high=signed_text(summed.high),
                sessions=counted("sessions", summed.sessions),
                noticed=summed.noticed,
                same=summed.same,
                worse=summed.worse,
            )
        ],
        "change",
        (rows,),
        view,
        lambda: named(frame, change="col_change", sessions="col_sessions"),
        "change",
        [say("progress.change_regression"), say("progress.change_note")],
    )


def when(store: Store, view: View, within: PregnancyPeriod) -> None:
    """Pain by stage, time of day, stretch and comfort; then cramps beside the sessions."""
    shown = False
    for grouping in Grouping:
        rows = queries.scores_by_group(store, grouping, view.first, view.last, view.pregnancy)
        found = frames.groups(rows, group_order(grouping))
        if found:
            by_group(grouping, found, view)
            shown = True
    if not shown:
        title = say("progress.section_when")
        chart_card.empty(title, say("progress.groups_none"), "groups")
    cramps(store, view, within)


def group_order(grouping: Grouping) -> list[str]:
    """The groups in the order in which they are shown; a stretch no longer taught comes last."""
    if grouping is Grouping.TRIMESTER:
        return [*dates.Trimester, AFTER_BIRTH]
    if grouping is Grouping.PART:
        return list(DayPart)
    if grouping is Grouping.COMFORT:
        return [str(comfort) for comfort in range(1, 6)]
    return [stretch.id for stretch in content.guide().stretches]


def group_label(grouping: Grouping, group: str) -> str:
    if grouping is Grouping.TRIMESTER:
        return say(f"progress.stage_{group}")
    if grouping is Grouping.PART:
        return say(f"part.{group}")
    if grouping is Grouping.COMFORT:
        return say("progress.comfort_group", comfort=group)
    stretch = content.guide().stretch(group)
    return stretch.name if stretch else group


def by_group(grouping: Grouping, found: list[frames.Group], view: View) -> None:
    """One small multiple."""
    known = [group for group in found if group.before is not None]
    sentences = []
    if len(known) > 1:
        top = frames.worst(found)
        sentences.append(
            say(
                "progress.groups_worst",
                group=group_label(grouping, top.group),
                median=number_text(top.before),
            )
            if top is not None and top.before is not None
            else say("progress.groups_even")
        )
    sentences += [
        say(
            "progress.groups_few",
            group=group_label(grouping, group.group),
            scores=counted("scores", group.scores),
        )
        for group in found
        if group.before is None
    ]
    title = say("progress.groups_title", what=say(f"progress.group_{grouping.value}"))
    if not known:
        chart_card.empty(title, " ".join(sentences), f"by-{grouping.value}")
        return
    labels = [group_label(grouping, group.group) for group in known]
    frame = pd.DataFrame(
        {
            "group": labels,
            "scores": [g.scores for g in known],
            "low": [g.low for g in known],
            "before": [g.before for g in known],
            "high": [g.high for g in known],
            "after": [g.after for g in known],
        }
    )
    chart_card.show(
        title,
        sentences,
        "groups",
        (known, labels),
        view,
        lambda: named(
            frame[::-1],
            group="col_group",
            scores="col_scores",
            low="col_low",
            before="before",
            high="col_high",
            after="after",
        ),
        f"by-{grouping.value}",
        [say("progress.groups_note", least=frames.LEAST_SCORES)],
    )


def cramps(store: Store, view: View, within: PregnancyPeriod) -> None:
    """Nights with cramps by leg, and below them the sessions of the same weeks."""
    # The first day shown had a night before it, which may belong to the pregnancy before.
    view = replace(view, first=max(view.first - timedelta(days=1), within.bounds[0]))
    rows = queries.cramps_by_week(store, view.axis, view.first, view.last)
    if not rows:
        chart_card.empty(say("progress.cramps_title"), say("progress.cramps_none"), "cramps")
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
    names = ("week", "left", "right", "both", "cramps", "answered")
    chart_card.show(
        say("progress.cramps_title"),
        [summary],
        "cramps",
        (frame,),
        view,
        lambda: named(frame[frame["answered"] > 0], **{n: f"col_{n}" for n in names}),
        "cramps",
        [say("progress.cramps_note")],
    )
    weekly = queries.sessions_by_week(store, view.axis, view.first, view.last)
    beside = frames.weekly_sessions(weekly, view.axis, view.first, view.last)
    chart_card.show(
        say("progress.weekly_title"),
        [
            say(
                "progress.glance_often_plain_view",
                sessions=counted("sessions", int(beside["sessions"].sum())),
            )
        ],
        "sessions",
        (beside, None, BESIDE_HEIGHT),
        view,
        lambda: named(beside, week="col_week", from_day="col_from", sessions="col_sessions"),
        "beside",
    )
