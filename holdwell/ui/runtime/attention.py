"""Keep what a run says in sight, the focus where the user goes on, and what is entered in forms.

See attention.js and drafts.js.
"""

import time
from pathlib import Path

import streamlit as st

from holdwell.ui.runtime.javascript import bundle

_attend = st.components.v2.component(
    "holdwell_attention", js=bundle(Path(__file__).parent / "attention.js"), isolate_styles=False
)


def keep(person: str, forgotten: float, *, is_encrypted: bool) -> None:
    """Have the browser look after this run; something new in each, so that its script runs.

    What is entered in a form is kept for the person of that id, for nobody if it is "". Of an
    encrypted database the browser writes none of it down. At another time `forgotten` than in the
    run before, which is 0 if never, it forgets all of it.
    """
    drafts = {"person": person, "inMemory": is_encrypted, "forgotten": forgotten}
    with st.container(key="hw-attention"):
        # In a list: of a number Streamlit asks whether it is a table, and imports pandas for it.
        _attend(key="hw-attend", data=[time.monotonic(), drafts])
