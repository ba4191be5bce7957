"""The stop signs, one tap away from every page."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from holdwell.guide import For, guide
from holdwell.guide.situations import audience
from holdwell.store.errors import StoreError
from holdwell.ui.guide import situations, steps
from holdwell.ui.runtime.run_context import current_run


def page() -> None:
    """Show the signs by which to stop at once: all of them where nobody's database is open."""
    safety, people = guide().safety, For.ANY
    with suppress(StoreError, LookupError):
        store = current_run().store
        people = audience(situations.stage_now(store, store.profile()))
    st.title(safety.title, anchor=False)
    steps.show_stop_signs(safety, people)


page()
