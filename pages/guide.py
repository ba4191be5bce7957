"""The stretches step by step, and what to heed where she is now."""

from __future__ import annotations

import streamlit as st

from holdwell.domain.dates import StageKind
from holdwell.guide import guide
from holdwell.i18n.messages import say
from holdwell.ui.guide import situations, steps
from holdwell.ui.runtime import navigation
from holdwell.ui.runtime.run_context import current_run


def now() -> None:
    """What applies where she is now. She can say more, and need not."""
    store = current_run().store
    stage = situations.stage_now(store, store.profile())
    with st.container(key="hw-heed"):
        st.header(say("heed.title"), anchor=False)
        situations.ask_birth(store, stage)
        profile = situations.ask_conditions(store, store.profile())
        found = situations.applying(guide(), store, profile)
        for one in found:
            situations.situation(one)
        if not found:
            st.text(say("heed.none"))
        if stage.kind is StageKind.UNSTATED and st.button(
            say("heed.tell"), key="hw-tell", type="tertiary"
        ):
            navigation.go("settings")


def page() -> None:
    """Steps first, since she came to learn them; then what to heed, and what is known."""
    st.title(say("guide.title"), anchor=False)
    store = current_run().store
    profile = store.profile()
    stage = situations.stage_now(store, profile)
    found = situations.applying(guide(), store, profile)
    shown = st.session_state.get("hw-guide-part")
    if (
        found
        and shown != "now"
        and st.button(say("guide.now", what=found[0].title), key="hw-now", icon=":material/info:")
    ):
        st.session_state["hw-guide-part"] = "now"
    parts = ("steps", "now", "why")
    part = st.segmented_control(
        say("guide.part"),
        parts,
        default="steps",
        required=True,
        format_func=lambda one: say(f"guide.part_{one}"),
        key="hw-guide-part",
        label_visibility="collapsed",
        width="stretch",
    )
    if part == "steps":
        steps.lessons(guide(), stage.kind is StageKind.PREGNANT)
    elif part == "now":
        now()
    else:
        steps.why(guide())
        if st.button(say("guide.evidence"), key="hw-evidence", icon=":material/science:"):
            navigation.go("evidence")


page()
