"""When is pain worst: by time of day, stage, stretch and comfort; and nights with cramps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from holdwell.charts.base import SMALL_HEIGHT, View
from holdwell.charts.pain import pain_by_group
from holdwell.charts.weekly import cramp_nights
from holdwell.domain.dates import AFTER_BIRTH, Trimester
from holdwell.domain.models import COMFORT_MAX, COMFORT_MIN, DayPart
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.guide import guide
from holdwell.i18n.formats import number_text
from holdwell.i18n.messages import counted, say
from holdwell.stats import frames, queries
from holdwell.stats.frames import PainGroup
from holdwell.stats.queries import Grouping
from holdwell.store.repository import Store
from holdwell.ui.progress import habit
from holdwell.ui.progress.chart_card import ChartCard, Drawing


def cards(store: Store, view: View, period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield pain by each grouping that has something to compare, then cramps and sessions."""
    found = []
    for grouping in Grouping:
        rows = queries.scores_by_group(store, grouping, view.first, view.last, view.pregnancy)
        groups = frames.pain_groups(rows, list(group_names(grouping)))
        # Stretches that were only ever held together have the same sessions.
        differ = grouping is not Grouping.STRETCH or frames.groups_differ(groups)
        if groups and differ:
            found.append(groups_card(grouping, groups, view))
    if not found:
        none = [say("progress.groups_none")]
        found.append(ChartCard("groups", say("progress.section_when"), none))
    found += cramp_cards(store, view, period)
    # What can be drawn comes before what is only counted.
    yield from sorted(found, key=lambda card: card.drawing is None)


def group_names(grouping: Grouping) -> dict[str, str]:
    """Return the groups in their order, each with its name; of stretches, those that are taught."""
    if grouping is Grouping.TRIMESTER:
        return {stage: say(f"progress.stage_{stage}") for stage in (*Trimester, AFTER_BIRTH)}
    if grouping is Grouping.PART:
        return {part: say(f"part.{part}") for part in DayPart}
    if grouping is Grouping.COMFORT:
        ratings = range(COMFORT_MIN, COMFORT_MAX + 1)
        return {str(one): say("progress.comfort_group", comfort=one) for one in ratings}
    return {stretch.id: stretch.name for stretch in guide().stretches}


def groups_card(grouping: Grouping, found: Sequence[PainGroup], view: View) -> ChartCard:
    """Return the groups that have enough scores side by side; the others are only counted."""
    key = f"by-{grouping}"
    title = say("progress.groups_title", what=say(f"progress.group_{grouping}"))
    names = {group.group: group.group for group in found} | group_names(grouping)
    sentences = group_sentences(found, names)
    known = [group for group in found if group.before is not None]
    if not known:
        return ChartCard(key, title, sentences)
    labels = [names[group.group] for group in known]
    frame = pd.DataFrame(known).assign(group=labels)[::-1]
    columns = ("group", "scores", "low", "before", "high", "after")
    drawing = Drawing(partial(pain_by_group, known, labels), view, frame, columns)
    note = say("progress.groups_note", least=counted("scores", frames.LEAST_SCORES))
    return ChartCard(key, title, sentences, drawing, [note], [say("progress.groups_exact")])


def group_sentences(found: Sequence[PainGroup], names: Mapping[str, str]) -> list[str]:
    """Say which group has the most pain, and which ones have too few scores to say more."""
    sentences = []
    middles = {group.group: group.before for group in found if group.before is not None}
    worst = frames.worst_group(found)
    if worst is None and len(middles) > 1:
        sentences.append(say("progress.groups_even"))
    elif middles:
        top = worst.group if worst is not None else next(iter(middles))
        key = "progress.groups_one" if worst is None else "progress.groups_worst"
        sentences.append(say(key, group=names[top], median=number_text(middles[top])))
    for group in found:
        if group.before is None:
            label, scores = names[group.group], counted("scores", group.scores)
            sentences.append(say("progress.groups_few", group=label, scores=scores))
    return sentences


def cramp_cards(store: Store, view: View, period: PregnancyPeriod) -> Iterator[ChartCard]:
    """Yield nights with cramps by leg, then the sessions of the same weeks."""
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
    drawing = Drawing(partial(cramp_nights, frame), view, shown, names)
    yield ChartCard("cramps", title, [summary], drawing, [say("progress.cramps_note")])
    only_pauses = replace(store.goal_history(), goals=())
    beside = habit.weekly_sessions(store, view, period, only_pauses)
    sessions = counted("sessions", int(beside["sessions"].sum()))
    yield ChartCard(
        "beside",
        say("progress.weekly_title"),
        [say("progress.glance_often_plain_view", sessions=sessions)],
        habit.sessions_drawing(beside, replace(view, height=SMALL_HEIGHT)),
        habit.partial_weeks(beside),
    )
