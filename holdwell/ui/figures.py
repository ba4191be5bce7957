"""A chart on a page: its sentences, the chart, and on demand its numbers and its picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from holdwell import charts
from holdwell.wording import say

MakeChart = Callable[[charts.Palette], charts.AnyChart]


def palette() -> charts.Palette:
    """The colours of the theme that the page is shown in."""
    return charts.DARK if st.context.theme.type == "dark" else charts.LIGHT


def show(
    title: str,
    sentences: Sequence[str],
    make: MakeChart,
    table: Callable[[], pd.DataFrame],
    key: str,
    notes: Sequence[str] = (),
    *,
    alt: str = "",
    picture: Callable[[], str] | None = None,
) -> None:
    """One chart with its text beside it; the chart is made in the page's colours.

    The numbers, as a table and a file, and the picture are made when they are asked for; the
    picture has the sentences too. The sentences, or `alt`, are the chart's text alternative.
    """
    # On white paper, whatever the theme.
    drawn = picture or (lambda: charts.svg(make(charts.LIGHT), (title, *sentences)))
    with st.container(border=True, key=f"hw-chart-{key}"):
        st.subheader(title, anchor=False)
        for sentence in sentences:
            st.text(sentence)
        st.altair_chart(
            make(palette()),
            width="stretch",
            key=f"chart-{key}",
            alt=" ".join((title, *sentences, alt)).strip(),
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
                st.download_button(
                    say("progress.save_picture"),
                    drawn,
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
