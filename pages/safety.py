"""The stop signs, one tap away from every page."""

from __future__ import annotations

import streamlit as st

from holdwell.guide import guide
from holdwell.ui.guide import steps


def page() -> None:
    """Show the signs by which to stop at once."""
    safety = guide().safety
    st.title(safety.title, anchor=False)
    steps.show_stop_signs(safety)


page()
