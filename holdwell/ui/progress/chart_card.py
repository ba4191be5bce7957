"""A chart on a page: its sentences, the chart, and on demand its numbers and picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import FunctionType
from typing import Any

import pandas as pd
import streamlit as st

from holdwell.charts.base import LIGHT, AnyChart, View, to_vega_lite
from holdwell.charts.labels import labelled
from holdwell.charts.svg_export import to_svg
from holdwell.i18n.languages import Language
from holdwell.i18n.messages import language, say, speaking
from holdwell.transfer.exporting import csv_text
from holdwell.ui.common import buttons


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart and its numbers.

    `chart` is a function of holdwell/charts with every argument but the view. The numbers are the
    `columns` of the `frame`; a frame of weeks also has their `index`.
    """

    chart: partial[AnyChart]
    view: View
    frame: pd.DataFrame
    columns: Sequence[str]

    def table(self) -> pd.DataFrame:
        """Return the numbers, newest first, under column names in the user's language."""
        frame, columns = self.frame, list(self.columns)
        if "index" in frame:
            frame, columns = labelled(frame, self.view.axis), ["week", *columns]
        unprefixed = ("before", "after")
        keys = [column if column in unprefixed else f"col_{column}" for column in columns]
        return frame[columns].set_axis([say(f"progress.{key}") for key in keys], axis=1)[::-1]


FONTS = {
    "axis": {
        "labelFontSize": 12.75,
        "titleFontSize": 14.875,
        "labelPadding": 17,
        "titlePadding": 17,
    },
    "header": {"labelFontSize": 12.75, "titleFontSize": 17},
    "legend": {
        "labelFontSize": 14.875,
        "titleFontSize": 14.875,
        "symbolStrokeWidth": 2.125,
        "labelPadding": 17,
        "padding": 8.5,
    },
}
"""Streamlit's default sizes and distances in pixels. It enlarges them for a reader with large text,
which would leave no room for the drawing."""


@dataclass(frozen=True, slots=True)
class ChartCard:
    """A chart and its texts; without a `plot` the sentences say what is missing.

    The first of the `sentences` is the short answer. The title and the sentences, or `alt` instead,
    are the chart's text alternative and are written into the saved picture. `notes` say in plain
    words how to read the chart; `exact`, shown on demand, says it in statistical terms.
    """

    key: str
    title: str
    sentences: Sequence[str]
    plot: Plot | None = None
    notes: Sequence[str] = ()
    exact: Sequence[str] = ()
    alt: Sequence[str] = ()


# Streamlit hashes a list value by value: 35 ms for a year of scores, against 4 ms as text.
_HASHED_AS: dict[str | type[Any], Callable[[Any], object]] = {
    FunctionType: lambda function: function.__qualname__,
    **dict.fromkeys((View, list), repr),
}


@st.cache_data(show_spinner=False, max_entries=64, hash_funcs=_HASHED_AS)
def _spec(chart: partial[AnyChart], view: View, written_in: Language) -> dict[str, Any]:
    """Return the chart as Vega-Lite, from the cache if its numbers, view and language are the same.

    Altair needs more time for a chart than SQLite for ten years of numbers.
    """
    with speaking(written_in):
        spec = to_vega_lite(chart(view))
        for part, look in FONTS.items():
            spec["config"].setdefault(part, {}).update(look)
        return spec


def show(card: ChartCard) -> None:
    """Show a card as wide as the page.

    The statistical terms, the numbers (as a table and a file) and the picture are made on demand.
    """
    with st.container(border=True, key=f"hw-chart-{card.key}"):
        st.header(card.title, anchor=False)
        # The short answer comes first, then the chart: a phone's first screen shows both.
        show_top(card)
        for sentence in card.sentences[1:]:
            st.text(sentence)
        if card.plot is None:
            return
        for note in card.notes:
            st.caption(note)
        label = say("progress.exact" if card.exact else "progress.table")
        details = st.expander(label, on_change="rerun", key=f"more-{card.key}")
        if details.open:
            with details:
                _details(card, card.plot)


def show_top(card: ChartCard, sentences: int = 1, height: int | None = None) -> None:
    """Show the first sentences, then the chart; `height` (pixels) replaces that of its view."""
    for sentence in card.sentences[:sentences]:
        st.text(sentence)
    if card.plot is not None:
        view = card.plot.view
        spec = _spec(card.plot.chart, replace(view, height=height or view.height), language())
        alt = " ".join(_alt(card))
        st.vega_lite_chart(spec=spec, width="stretch", key=f"chart-{card.key}", alt=alt)


def _alt(card: ChartCard) -> Sequence[str]:
    return card.alt or (card.title, *card.sentences)


def _details(card: ChartCard, plot: Plot) -> None:
    """Show the statistical terms and the numbers, and offer numbers and picture as files."""
    for text in card.exact:
        st.text(text)
    numbers = plot.table()
    st.dataframe(numbers, hide_index=True, width="stretch", key=f"table-{card.key}")
    label, name = say("progress.save_table"), f"holdwell-{card.key}"
    table = csv_text([numbers, *numbers.astype(object).where(numbers.notna(), None).values])
    buttons.download(label, table, f"{name}.csv", f"csv-{card.key}")
    # The picture is for white paper, whatever the theme.
    paper = replace(plot.view, palette=LIGHT)
    buttons.download(
        say("progress.save_picture"),
        lambda: to_svg(plot.chart(paper), _alt(card)),
        f"{name}.svg",
        f"svg-{card.key}",
    )
