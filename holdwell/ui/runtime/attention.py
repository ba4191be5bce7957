"""Keep what a run says in sight, the focus where the user goes on, and what is entered in forms.

See attention.js, drafts.js and unsaved.js.
"""

import time
from pathlib import Path

import streamlit as st

from holdwell.store.people import Person
from holdwell.ui.runtime import current_person, unlock
from holdwell.ui.runtime.javascript import component

_attend = component("holdwell_attention", Path(__file__).with_name("attention.js"))


def keep(person: Person | None) -> None:
    """Have the browser look after this run.

    What is entered in a form is kept for this person while their database is open. For an encrypted
    one it stays in the browser's memory alone. When this window had to forget all, the browser
    forgets too.
    """
    drafts = {
        "person": person.id if person and unlock.is_open(person.database) else "",
        "inMemory": person is not None and unlock.has_passphrase(person.database),
        "forgotten": current_person.forgotten_at(),
    }
    with st.container(key="hw-attention"):
        # The time, as the script runs only when its data changes. In a list: of a number Streamlit
        # asks whether it is a table, and imports pandas for it.
        _attend(key="hw-attend", data=[time.monotonic(), drafts])
