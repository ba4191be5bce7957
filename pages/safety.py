"""The stop signs, one tap away from every page."""

from contextlib import suppress

import streamlit as st

from holdwell.guide.advice import Audience
from holdwell.guide.load import guide
from holdwell.store.errors import StoreError
from holdwell.store.repository import Store
from holdwell.ui.guide import phone_numbers, situations, steps
from holdwell.ui.runtime.run_context import current_run


def page() -> None:
    """Show the signs to stop at once; if no database is open, all of them."""
    safety = guide().safety
    store: Store | None = None
    people = Audience.ANY
    with suppress(StoreError, LookupError):
        store = current_run().store
        people = situations.audience_now(store)
    st.title(safety.title, anchor=False)
    phone_numbers.show_links(store, "safety", helpline=True)
    steps.show_stop_signs(safety, people)
    if store is not None and phone_numbers.ask_unit_number(store):
        # The links above were drawn with the old number.
        st.rerun()


page()
