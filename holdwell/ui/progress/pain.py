"""Pain on the Progress page: usual, by week, its change within a session, and when it is worst.

The cards on when it is worst include nights with cramps.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial

import pandas as pd

from holdwell.charts.base import SMALL_HEIGHT, View
from holdwell.charts.pain import pain_by_group, pain_by_week, pain_change, pain_trend
from holdwell.charts.weekly import cramp_nights
from holdwell.domain.dates import AFTER_BIRTH, Trimester
from holdwell.domain.models import COMFORT_MAX, COMFORT_MIN, DayPart
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.guide.load import guide
from holdwell.i18n.formats import number_text, sentence_day_text, signed_text
from holdwell.i18n.messages import counted, say
from holdwell.report import text
from holdwell.stats import frames, glance, queries, trend_line
from holdwell.stats.frames import PainGroup
from holdwell.stats.queries import Grouping
from holdwell.stats.scores import LEAST_SCORES
from holdwell.store.repository import Store
from holdwell.ui.progress import habit
from holdwell.ui.progress.chart_card import ChartCard, Plot
from holdwell.ui.runtime import clock


def cards(store: Store, view: View, period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield usual pain, then pain by week before and after sessions.

    Over years usual pain has no trend line, and is shown only if scores were logged by themselves.
    """
    scores = queries.trend_scores(store, view.first, view.last)
    rows = queries.scores_by_week(store, view.axis, view.first, view.last)
    long = trend_line.is_too_long(view.first, view.last)
    is_usual_shown = not long or any(row.alone for row in scores)
    if not scores and not rows:
        none = glance.no_scores(store, view.first, view.last, say("progress.pain_none"))
        yield ChartCard("pain", say("progress.trend_title"), [none])
        return
    if is_usual_shown:
        yield trend_card(store, view, period, scores)
    if not rows:
        return
    weekly = frames.weekly_pain(rows, view.axis, view.first, view.last)
    numbers = {}
    for when in (frames.BEFORE, frames.AFTER):
        spread = frames.spread_when(rows, after=when == frames.AFTER)
        numbers[when] = number_text(spread.median) if spread else "–"
        numbers[f"{when}_scores"] = counted("scores", spread.scores if spread else 0)
    notes = [say("progress.pain_note")]
    if not is_usual_shown:
        notes.append(say("progress.trend_long", **text.trend_limits()))
    names = ("when", "median", "low", "high", "scores")
    shown = weekly[weekly["scores"] > 0]
    plot = Plot(partial(pain_by_week, weekly), view, shown, names)
    title = say("progress.pain_title")
    sentence = say("progress.pain_summary", **numbers)
    yield ChartCard("pain", title, [sentence], plot, notes, [say("progress.pain_exact")])


def trend_card(
    store: Store, view: View, period: PregnancyPeriod, scores: Sequence[queries.DayScore]
) -> ChartCard:
    """Return usual pain: all scores except those after a session, with the trend line, or with
    weekly medians if there is no line."""
    long = trend_line.is_too_long(view.first, view.last)
    levels = [] if long else trend_line.fit(scores)
    limits = text.trend_limits()
    if levels:
        names = ["day", "level", "band_low", "band_high"]
        sentences = trend_sentences(scores, levels)
        frame = pd.DataFrame(levels, columns=["day", "level", "low", "high"]).round(2)
        chart = partial(pain_trend, scores, levels)
        note = say("progress.trend_note")
        plot = Plot(chart, view, frame.set_axis(names, axis=1), names)
    else:
        plot = medians_plot(scores, view)
        note = say("progress.trend_note_long" if long else "progress.trend_note_none")
        usual = glance.pain(store, view.first, view.last, period)
        sentences = [usual, say("progress.trend_long" if long else "progress.trend_none", **limits)]
    sentences += score_sentences(scores, levels)
    title, exact = say("progress.trend_title"), say("progress.trend_exact", **limits)
    return ChartCard("trend", title, sentences, plot, [note], [exact])


def medians_plot(scores: Sequence[queries.DayScore], view: View) -> Plot:
    """Return the chart of single scores with the median of each week, without a trend line."""
    weekly = frames.weekly_medians(scores, view.axis, view.first, view.last)
    columns = ("median", "low", "high", "scores")
    return Plot(partial(pain_trend, scores, []), view, weekly[weekly["scores"] > 0], columns)


def trend_sentences(
    scores: Sequence[queries.DayScore], levels: Sequence[trend_line.TrendDay]
) -> list[str]:
    """Say usual pain at the beginning and end of its line, with the uncertainty of both."""
    day_text = partial(sentence_day_text, today=clock.today())
    sentences = [say("progress.trend_summary", **text.level_ends(levels, day_text))]
    if gap := trend_line.gap(scores, levels):
        sentences.append(say(f"progress.trend_gap_{gap}", **text.trend_limits()))
    return sentences


def score_sentences(
    scores: Sequence[queries.DayScore], levels: Sequence[trend_line.TrendDay]
) -> list[str]:
    """Say how many scores were logged without a session, and how many days the trend leaves out."""
    total, alone, left_out = trend_line.score_counts(scores, levels)
    sentences = []
    if alone:
        key = "progress.trend_alone" if alone == total else "progress.trend_scores"
        sentences.append(say(key, scores=counted("scores", total), count=alone))
    if left_out:
        sentences.append(say("progress.trend_left_out", count=left_out))
    return sentences


def change_cards(store: Store, view: View, _period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield the change of pain within sessions: how often it fell or rose, and the median."""
    title = say("progress.change_title")
    counts = queries.pain_changes(store, view.first, view.last)
    summary = frames.change_summary(counts)
    if summary is None:
        yield ChartCard("change", title, [say("progress.glance_change_none")])
        return
    frame = pd.DataFrame({"change": list(counts), "sessions": list(counts.values())})
    plot = Plot(partial(pain_change, counts), view, frame, ("change", "sessions"))
    numbers = asdict(summary) | {"sessions": counted("sessions", summary.sessions)}
    # Quartiles of fewer scores would only look exact.
    few = summary.sessions < LEAST_SCORES
    middle = "progress.change_middle_few" if few else "progress.change_middle"
    middles = {name: signed_text(numbers[name]) for name in ("median", "low", "high")}
    sentences = [say("progress.change_counts", **numbers), say(middle, **middles)]
    notes, exact = [say("progress.change_regression")], [say("progress.change_exact")]
    yield ChartCard("change", title, sentences, plot, notes, exact)


def comparison_cards(store: Store, view: View, period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield pain by each grouping with something to compare, then cramp nights and sessions."""
    made = []
    for grouping in Grouping:
        rows = queries.scores_by_group(store, grouping, view.first, view.last, view.pregnancy)
        groups = frames.pain_groups(rows, list(group_names(grouping)))
        # Stretches that were always held together have the same sessions.
        differ = grouping is not Grouping.STRETCH or frames.groups_differ(groups)
        if groups and differ:
            made.append(groups_card(grouping, groups, view))
    if not made:
        none = [say("progress.groups_none")]
        made.append(ChartCard("groups", say("progress.section_when"), none))
    made += cramp_cards(store, view, period)
    # Cards with a chart come before those with counts alone.
    yield from sorted(made, key=lambda card: card.plot is None)


def group_names(grouping: Grouping) -> dict[str, str]:
    """Return the keys of all groups in order, with their names; of stretches, those now taught."""
    if grouping is Grouping.TRIMESTER:
        return {stage: say(f"progress.stage_{stage}") for stage in (*Trimester, AFTER_BIRTH)}
    if grouping is Grouping.PART:
        return {part: say(f"part.{part}") for part in DayPart}
    if grouping is Grouping.COMFORT:
        ratings = range(COMFORT_MIN, COMFORT_MAX + 1)
        return {str(rating): say("progress.comfort_group", comfort=rating) for rating in ratings}
    return {stretch.id: stretch.name for stretch in guide().stretches}


def groups_card(grouping: Grouping, groups: Sequence[PainGroup], view: View) -> ChartCard:
    """Return a card that compares the groups with enough scores, and only counts the others."""
    key = f"by-{grouping}"
    title = say("progress.groups_title", what=say(f"progress.group_{grouping}"))
    names = {group.group: group.group for group in groups} | group_names(grouping)
    sentences = group_sentences(groups, names)
    compared = [group for group in groups if group.before is not None]
    if not compared:
        return ChartCard(key, title, sentences)
    labels = [names[group.group] for group in compared]
    frame = pd.DataFrame(compared).assign(group=labels)[::-1]
    columns = ("group", "scores", "low", "before", "high", "after")
    plot = Plot(partial(pain_by_group, compared, labels), view, frame, columns)
    note = say("progress.groups_note", least=counted("scores", LEAST_SCORES))
    return ChartCard(key, title, sentences, plot, [note], [say("progress.groups_exact")])


def group_sentences(groups: Sequence[PainGroup], names: Mapping[str, str]) -> list[str]:
    """Say the middle score of each group, and which groups have too few scores to compare.

    No group is called the worst: a difference may be small or chance, and must not become advice.
    """
    compared, few = [], []
    for group in groups:
        said = {"group": names[group.group], "scores": counted("scores", group.scores)}
        if group.before is None:
            few.append(say("progress.groups_few", **said))
        else:
            median = number_text(group.before)
            compared.append(say("progress.group_middle", median=median, **said))
    if not compared:
        return few
    key = "progress.groups_one" if len(compared) == 1 else "progress.groups_middle"
    return [say(key, groups="; ".join(compared)), *few]


def cramp_cards(store: Store, view: View, period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield nights with cramps by leg, then sessions a week on the same weeks."""
    title = say("progress.cramps_title")
    rows = queries.cramps_by_week(store, view.axis, view.first, view.last)
    if not rows:
        yield ChartCard("cramps", title, [say("progress.cramps_none")])
        return
    frame = frames.weekly_cramps(rows, view.axis, view.first, view.last)
    names = ("left", "right", "both", "cramps", "answered")
    totals = {name: int(frame[name].sum()) for name in names}
    answered, nights = counted("answered_nights", totals.pop("answered")), totals.pop("cramps")
    summary = say("progress.cramps_summary", nights=nights, answered=answered, **totals)
    shown = frame[frame["answered"] > 0]
    plot = Plot(partial(cramp_nights, frame), view, shown, names)
    yield ChartCard("cramps", title, [summary], plot, [say("progress.cramps_note")])
    only_pauses = replace(store.goal_history(), goals=())
    weekly = habit.weekly_sessions(store, view, period, only_pauses)
    sessions = counted("sessions", int(weekly["sessions"].sum()))
    sentence = say("progress.glance_often_plain_view", sessions=sessions)
    plot = habit.sessions_plot(weekly, replace(view, height=SMALL_HEIGHT))
    title, notes = say("progress.weekly_title"), habit.partial_weeks(weekly)
    yield ChartCard("beside", title, [sentence], plot, notes)
