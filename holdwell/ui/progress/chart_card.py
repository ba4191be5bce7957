"""A chart on a page: its sentences, the chart, and on demand its numbers and its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from holdwell import charts
from holdwell.charts import View
from holdwell.i18n.messages import language, later, say, speaking
from holdwell.i18n.toml_reader import Language


def palette() -> charts.Palette:
    """The colours of the theme that the page is shown in."""
    return charts.DARK if st.context.theme.type == "dark" else charts.LIGHT


def _draw(name: str, data: tuple[Any, ...], view: View) -> charts.AnyChart:
    chart: charts.AnyChart = getattr(charts, name)(*data, view)
    return chart


@st.cache_data(show_spinner=False, max_entries=64)
def _spec(name: str, data: tuple[Any, ...], view: View, spoken: Language) -> dict[str, Any]:
    """The chart as Vega-Lite. Altair takes longer over it than SQLite over ten years of numbers,
    so the same numbers in the same view and language are written out once."""
    with speaking(spoken):
        return charts.written(_draw(name, data, view))


def _picture(name: str, data: tuple[Any, ...], view: View, said: Sequence[str]) -> str:
    return charts.svg(_draw(name, data, view), said)


def show(
    title: str,
    sentences: Sequence[str],
    name: str,
    data: tuple[Any, ...],
    view: View,
    table: Callable[[], pd.DataFrame],
    key: str,
    notes: Sequence[str] = (),
    *,
    words: Sequence[str] = (),
) -> None:
    """One chart with its text beside it: `charts.<name>(*data, view)`.

    The numbers, as a table and a file, and the picture are made when they are asked for. The
    title and sentences, or `words`, are the chart's text alternative and stand in the picture.
    """
    said = tuple(words or (title, *sentences))
    with st.container(border=True, key=f"hw-chart-{key}"):
        st.subheader(title, anchor=False)
        for sentence in sentences:
            st.text(sentence)
        st.vega_lite_chart(
            spec=_spec(name, data, view, language()),
            width="stretch",
            key=f"chart-{key}",
            alt=" ".join(said),
        )
        for note in notes:
            st.caption(note)
        details = st.expander(say("progress.table"), on_change="rerun", key=f"more-{key}")
        if details.open:
            with details:
                numbers = table()
                st.dataframe(numbers, hide_index=True, width="stretch", key=f"table-{key}")
                st.download_button(
                    say("progress.save_table"),
                    numbers.to_csv(index=False),
                    f"holdwell-{key}.csv",
                    "text/csv",
                    key=f"csv-{key}",
                    on_click="ignore",
                    width="stretch",
                )
                # On white paper, whatever the theme.
                paper = replace(view, palette=charts.LIGHT)
                st.download_button(
                    say("progress.save_picture"),
                    # Made after this run, when its language is no longer set.
                    partial(later, partial(_picture, name, data, paper, said), language()),
                    f"holdwell-{key}.svg",
                    "image/svg+xml",
                    key=f"svg-{key}",
                    on_click="ignore",
                    width="stretch",
                )


def empty(title: str, sentence: str, key: str) -> None:
    """In place of a chart that has nothing to draw yet."""
    with st.container(border=True, key=f"hw-chart-{key}"):
        st.subheader(title, anchor=False)
        st.text(sentence)
