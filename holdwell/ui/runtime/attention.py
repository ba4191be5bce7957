"""Keep what a run says in sight, and the focus where the user goes on: see attention.js."""

import time
from pathlib import Path

import streamlit as st

from holdwell.ui.runtime.javascript import bundle

_attend = st.components.v2.component(
    "holdwell_attention", js=bundle(Path(__file__).parent / "attention.js"), isolate_styles=False
)


def keep() -> None:
    """Have the browser look after this run; something new in each, so that its script runs."""
    with st.container(key="hw-attention"):
        # In a list: of a number Streamlit asks whether it is a table, and imports pandas for it.
        _attend(key="hw-attend", data=[time.monotonic()])
