"""Which pregnancy the pages look at, where she has more than one: one at a time, never mixed."""

from __future__ import annotations

import streamlit as st

from holdwell import queries
from holdwell.pregnancies import Chapter, begin
from holdwell.store import Store
from holdwell.wording import month_of_year_text, plain, say

_KEPT = "hw-chapter"


def choose(store: Store) -> Chapter:
    """Let her choose between her pregnancies; without a word where there is one."""
    known = {chapter.pregnancy.id: chapter for chapter in store.chapters() if chapter.pregnancy}
    if len(known) < 2:
        return store.chapters()[0]
    newest_first = list(reversed(known))
    names = {one: plain(months(store, chapter)) for one, chapter in known.items()}
    kept = st.session_state.get(_KEPT)
    chosen = st.pills(
        say("chapters.choose"),
        newest_first,
        default=kept if kept in known else newest_first[0],
        required=True,
        format_func=lambda one: names.get(one, ""),
        key="hw-chapter-choice",
        width="stretch",
    )
    # Kept for the other pages: a widget's own value goes when she looks at another page.
    st.session_state[_KEPT] = chosen
    return known[chosen]


def months(store: Store, chapter: Chapter) -> str:
    """A chapter by its months: they say when, and nothing of how it went."""
    first = chapter.first
    if first is None:
        span = queries.span(store, chapter)
        known = [span.first] if span else []
        if chapter.pregnancy is not None:
            known.append(begin(chapter.pregnancy))
        first = min(known)
    since = month_of_year_text(first)
    if chapter.last is None:
        return say("chapters.since", first=since)
    return say("chapters.from_to", first=since, last=month_of_year_text(chapter.last))
