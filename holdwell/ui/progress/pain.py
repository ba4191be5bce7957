"""Does it hurt less, and does a session help: usual pain, pain by week, and its change."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial

import pandas as pd

from holdwell.charts.base import View
from holdwell.charts.pain import pain_by_week, pain_change, pain_trend
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import number_text, sentence_day_text, signed_text
from holdwell.i18n.messages import counted, say
from holdwell.stats import frames, glance, queries, trend_line
from holdwell.store.repository import Store
from holdwell.ui.progress.chart_card import ChartCard, Drawing
from holdwell.ui.runtime import clock


def cards(store: Store, view: View, period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield usual pain, then pain by week before and after.

    Over years usual pain has no line, and stands only where scores were logged by themselves.
    """
    scores = queries.trend_scores(store, view.first, view.last)
    rows = queries.scores_by_week(store, view.axis, view.first, view.last)
    long = trend_line.is_too_long(view.first, view.last)
    is_usual_shown = not long or any(row.alone for row in scores)
    if not scores and not rows:
        yield ChartCard("pain", say("progress.trend_title"), [say("progress.pain_none")])
        return
    if is_usual_shown:
        yield trend_card(store, view, period, scores)
    if not rows:
        return
    weekly = frames.weekly_pain(rows, view.axis, view.first, view.last)
    said = {}
    for when in (frames.BEFORE, frames.AFTER):
        found = frames.spread_when(rows, after=when == frames.AFTER)
        said[when] = number_text(found.median) if found else "–"
        said[f"{when}_scores"] = counted("scores", found.scores if found else 0)
    notes = [say("progress.pain_note")]
    if not is_usual_shown:
        notes.append(_no_line())
    names = ("when", "median", "low", "high", "scores")
    shown = weekly[weekly["scores"] > 0]
    drawing = Drawing(partial(pain_by_week, weekly), view, shown, names)
    title = say("progress.pain_title")
    sentence = say("progress.pain_summary", **said)
    yield ChartCard("pain", title, [sentence], drawing, notes, [say("progress.pain_exact")])


def trend_card(
    store: Store, view: View, period: PregnancyPeriod, scores: Sequence[queries.DayScore]
) -> ChartCard:
    """Return usual pain with all scores but those after a session: its line, or medians of weeks
    where there is none."""
    long = trend_line.is_too_long(view.first, view.last)
    levels = [] if long else trend_line.fit(scores)
    limits = {
        "days": counted("days", trend_line.LEAST_DAYS),
        "gap": counted("days", trend_line.LONGEST_GAP_DAYS),
    }
    if levels:
        names, said = ["day", "level", "band_low", "band_high"], trend_sentences(levels)
        frame = pd.DataFrame(levels, columns=["day", "level", "low", "high"]).round(2)
        chart, note = partial(pain_trend, scores, levels), say("progress.trend_note")
        drawing = Drawing(chart, view, frame.set_axis(names, axis=1), names)
    else:
        drawing = medians_drawing(scores, view)
        note = say("progress.trend_note_long" if long else "progress.trend_note_none")
        usual = glance.pain(store, view.first, view.last, period)
        said = [usual, _no_line() if long else say("progress.trend_none", **limits)]
    return ChartCard(
        "trend",
        say("progress.trend_title"),
        [*said, *score_sentences(scores)],
        drawing,
        [note],
        [say("progress.trend_exact", **limits)],
    )


def medians_drawing(scores: Sequence[queries.DayScore], view: View) -> Drawing:
    """Return the chart of single scores with the median of each week, without a trend line."""
    weekly = frames.weekly_middle(scores, view.axis, view.first, view.last)
    columns = ("median", "low", "high", "scores")
    return Drawing(partial(pain_trend, scores, []), view, weekly[weekly["scores"] > 0], columns)


def _no_line() -> str:
    weeks = counted("weeks", trend_line.LONGEST_DAYS // 7)
    return say("progress.trend_long", weeks=weeks)


def trend_sentences(levels: Sequence[trend_line.TrendDay]) -> list[str]:
    """Say usual pain where its line begins and ends, and how unsure both ends are."""
    first, last, today = levels[0], levels[-1], clock.now().local.date()
    sentence = say(
        "progress.trend_summary",
        first=number_text(first.level, places=1),
        first_day=sentence_day_text(first.day, today=today),
        first_low=number_text(first.low, places=1),
        first_high=number_text(first.high, places=1),
        last=number_text(last.level, places=1),
        last_day=sentence_day_text(last.day, today=today),
        low=number_text(last.low, places=1),
        high=number_text(last.high, places=1),
    )
    if first.span == last.span:
        return [sentence]
    gap = counted("days", trend_line.LONGEST_GAP_DAYS)
    return [sentence, say("progress.trend_gap", gap=gap)]


def score_sentences(scores: Sequence[queries.DayScore]) -> list[str]:
    """Say how many scores the trend has that were not at a session, and how many days it lacks."""
    shown = [row for row in scores if not row.left_out]
    alone = sum(row.alone for row in shown)
    total = sum(row.count for row in shown)
    sentences = []
    if alone:
        key = "progress.trend_alone" if alone == total else "progress.trend_scores"
        sentences.append(say(key, scores=counted("scores", total), count=alone))
    left_out = {row.day for row in scores if row.left_out}
    if left_out:
        sentences.append(say("progress.trend_left_out", count=len(left_out)))
    return sentences


def change_cards(store: Store, view: View, _period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield how pain changed within sessions: how often by how much, then the middle."""
    title = say("progress.change_title")
    counts = queries.pain_changes(store, view.first, view.last)
    summary = frames.change_summary(counts)
    if summary is None:
        yield ChartCard("change", title, [say("progress.glance_change_none")])
        return
    frame = pd.DataFrame({"change": list(counts), "sessions": list(counts.values())})
    drawing = Drawing(partial(pain_change, counts), view, frame, ("change", "sessions"))
    numbers = asdict(summary) | {"sessions": counted("sessions", summary.sessions)}
    middles = {name: signed_text(numbers[name]) for name in ("median", "low", "high")}
    said = [say("progress.change_counts", **numbers), say("progress.change_middle", **middles)]
    notes, exact = [say("progress.change_regression")], [say("progress.change_exact")]
    yield ChartCard("change", title, said, drawing, notes, exact)
