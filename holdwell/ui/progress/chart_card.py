"""A chart on a page: its sentences, the chart, and on demand its numbers and its picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import FunctionType
from typing import Any

import pandas as pd
import streamlit as st

from holdwell import charts
from holdwell.charts import AnyChart, View
from holdwell.i18n.languages import Language
from holdwell.i18n.messages import language, later, say, speaking
from holdwell.ui.common import buttons


@dataclass(frozen=True, slots=True)
class ChartCard:
    """A chart and what stands beside it.

    `chart` is a function of `charts` with all arguments but the view. The title and `sentences`,
    or `alt` in their place, are the chart's text alternative and stand in the saved picture.
    """

    key: str
    title: str
    sentences: Sequence[str]
    chart: partial[AnyChart]
    table: Callable[[], pd.DataFrame]
    notes: Sequence[str] = ()
    alt: Sequence[str] = ()


def palette() -> charts.Palette:
    """Return the colours of the theme that the page is shown in."""
    return charts.DARK if st.context.theme.type == "dark" else charts.LIGHT


@st.cache_data(
    show_spinner=False, max_entries=64, hash_funcs={FunctionType: lambda one: one.__qualname__}
)
def _spec(chart: partial[AnyChart], view: View, written_in: Language) -> dict[str, Any]:
    """Return the chart as Vega-Lite.

    Altair takes longer over it than SQLite over ten years of numbers, so the same numbers in the
    same view and language are written out once.
    """
    with speaking(written_in):
        return charts.to_vega_lite(chart(view))


def show(card: ChartCard, view: View) -> None:
    """Show a chart with its text beside it.

    The numbers, as a table and a file, and the picture are made when they are asked for.
    """
    alt = tuple(card.alt or (card.title, *card.sentences))
    with st.container(border=True, key=f"hw-chart-{card.key}"):
        st.subheader(card.title, anchor=False)
        for sentence in card.sentences:
            st.text(sentence)
        st.vega_lite_chart(
            spec=_spec(card.chart, view, language()),
            width="stretch",
            key=f"chart-{card.key}",
            alt=" ".join(alt),
        )
        for note in card.notes:
            st.caption(note)
        details = st.expander(say("progress.table"), on_change="rerun", key=f"more-{card.key}")
        if details.open:
            with details:
                _details(card, view, alt)


def _details(card: ChartCard, view: View, alt: Sequence[str]) -> None:
    """Show the numbers as a table, and offer them and the picture as files."""
    numbers = card.table()
    st.dataframe(numbers, hide_index=True, width="stretch", key=f"table-{card.key}")
    buttons.download(
        say("progress.save_table"),
        numbers.to_csv(index=False),
        f"holdwell-{card.key}.csv",
        f"csv-{card.key}",
    )
    # On white paper, whatever the theme.
    paper = replace(view, palette=charts.LIGHT)
    buttons.download(
        say("progress.save_picture"),
        # Made after this run, when its language is no longer set.
        partial(later, lambda: charts.to_svg(card.chart(paper), alt), language()),
        f"holdwell-{card.key}.svg",
        f"svg-{card.key}",
    )


def empty(title: str, sentence: str, key: str) -> None:
    """Show a title and a sentence in place of a chart that has nothing to draw yet."""
    with st.container(border=True, key=f"hw-chart-{key}"):
        st.subheader(title, anchor=False)
        st.text(sentence)
