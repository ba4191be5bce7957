"""The words of charts and their tables, added to keys and numbers when these are shown."""

import altair as alt
import pandas as pd

from holdwell.domain.week_axis import WeekAxis
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.stats.frames import AFTER, BEFORE

_TEXTS = frozenset({"week", "when", "day", "label", "name"})


def week_label(axis: WeekAxis, index: int) -> str:
    """Say a week in words: "week 24 of pregnancy", "week 3 after birth", "week of Mon 2 Nov"."""
    if not axis.by_stage:
        return say("progress.week_calendar", day=day_text(axis.first_day(index)))
    cut = axis.birth_index
    if cut is not None and index > cut:
        return say("progress.week_postpartum", week=index - cut - 1)
    if index < 0:
        if axis.knows_pregnancy:
            return say("progress.week_before_pregnancy", count=-index)
        return say("progress.week_before_birth", count=-index)
    return say("progress.week_pregnant", week=index)


def when_labels() -> dict[str, str]:
    """Return the words for the keys of the column `when`, in order."""
    return {when: say(f"progress.{when}") for when in (BEFORE, AFTER)}


def labelled(frame: pd.DataFrame, axis: WeekAxis) -> pd.DataFrame:
    """Return the frame with a column `week` in words, and `when` in words where it has one."""
    shown = frame.assign(week=[week_label(axis, index) for index in frame["index"]])
    return shown.assign(when=shown["when"].map(when_labels())) if "when" in shown else shown


def tooltips(**titles: str) -> list[alt.Tooltip]:
    """Return a tooltip for each column, under the title with that key in the section progress."""
    return [
        alt.Tooltip(
            f"{column}:{'N' if column in _TEXTS else 'Q'}",
            title=say(f"progress.{title}"),
            # As in the sentence: the decimals it has, up to two, and marks between thousands.
            format=alt.Undefined if column in _TEXTS else ",.2~f",
        )
        for column, title in titles.items()
    ]
