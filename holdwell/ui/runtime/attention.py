"""Keep what a run says in sight, the focus where the user goes on, and what is entered in forms.

See attention.js and drafts.js.
"""

import time
from pathlib import Path

import streamlit as st

from holdwell.ui.runtime.javascript import component

_attend = component("holdwell_attention", Path(__file__).with_name("attention.js"))


def keep(person: str, forgotten: float, *, is_encrypted: bool) -> None:
    """Have the browser look after this run.

    What is entered in a form is kept for the person of that id, and for nobody if it is "". For an
    encrypted database it stays in the browser's memory alone. `forgotten` is the moment at which
    this window last had to forget all, 0 for never: when it changes, the browser forgets too.
    """
    drafts = {"person": person, "inMemory": is_encrypted, "forgotten": forgotten}
    with st.container(key="hw-attention"):
        # The time, as the script runs only when its data changes. In a list: of a number Streamlit
        # asks whether it is a table, and imports pandas for it.
        _attend(key="hw-attend", data=[time.monotonic(), drafts])
