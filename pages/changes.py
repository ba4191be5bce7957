"""What she changed in the last 30 days, newest first, each with what undoing it would do."""

from __future__ import annotations

import streamlit as st

from holdwell import undo
from holdwell.journal import Step
from holdwell.store import Store
from holdwell.telling import StepTold, tell
from holdwell.ui import clock, shell
from holdwell.wording import moment_text, plain, say

shell.framed()

PAGE = 15
SHOWN = "hw-changes-shown"


def card(store: Store, step: Step, told: StepTold) -> None:
    """One step: when, what, and a button that takes it back."""
    today = clock.now().local.date()
    with st.container(border=True, key=f"hw-change-{step.id}"):
        when = moment_text(step.at.local, today=today)
        st.caption(plain(f"{when} · {say('changes.an_undo')}" if step.undoes else when))
        for part in told.parts:
            st.markdown(f"**{plain(part.title)}**")
            if part.lines:
                st.text(", ".join(part.lines))
        if not told.undo:
            st.text(say("changes.undo_nothing"))
            return
        with st.container(key=f"hw-will-{step.id}"):
            for line in told.undo:
                st.text(line)
        if st.button(
            say("changes.undo"), key=f"undo-{step.id}", icon=":material/undo:", width="stretch"
        ):
            made = undo.undo(store, step.id, clock.now())
            shell.flash(say("changes.undone" if made else "changes.none_left"))
            st.rerun()


def page() -> None:
    """One page of them, and more on her word."""
    with shell.database() as store:
        st.title(say("changes.title"), anchor=False)
        shell.show_flash()
        st.text(say("changes.lead"))
        st.text(say("changes.tombstones"))
        total = undo.step_count(store)
        shown = st.session_state.get(SHOWN, PAGE)
        if not total:
            st.text(say("changes.empty"))
        for step in undo.steps(store, limit=shown):
            card(store, step, tell(step, clock.now().local.date()))
        if total > shown and st.button(say("changes.more"), key="hw-more", width="stretch"):
            st.session_state[SHOWN] = shown + PAGE
            st.rerun()
        if st.button(say("changes.back"), key="hw-back", width="stretch"):
            shell.go("history")


page()
