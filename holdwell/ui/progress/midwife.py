"""What a midwife asks first: which weeks, what changed in them, and which stop signs came up."""

from datetime import date

import streamlit as st

from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import say
from holdwell.report import summary, text
from holdwell.stats import glance
from holdwell.store.repository import Store


def show(store: Store, first: date, last: date, period: PregnancyPeriod) -> None:
    """Say what changed from `first` to `last`, in the words of the report where it has them."""
    report = summary.read(store, first, last, last, frozenset(), period)
    st.text(" · ".join([text.when(report), *text.where(report)]))
    st.header(say("midwife.changed"), anchor=False)
    changes = glance.changes(store, last, period)
    for sentence in changes or [say("midwife.too_early")]:
        st.text(sentence)
    said, whole = text.told_places(report)
    if said:
        st.text(say("midwife.places", said=said, whole=whole, places=text.places(report)))
    for sentence in text.paused(report.pauses):
        st.text(sentence)
    if report.signs:
        st.header(say("report.signs_title"), anchor=False)
        for sentence in text.signs(report):
            st.text(sentence)
