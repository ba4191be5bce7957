"""The guide: the stretches step by step, what applies to the user now, and why to stretch."""

import streamlit as st

from holdwell.domain.dates import StageKind
from holdwell.guide.load import guide
from holdwell.i18n.messages import say
from holdwell.ui.common import address
from holdwell.ui.guide import leave_out, situations, steps
from holdwell.ui.runtime import navigation
from holdwell.ui.runtime.run_context import current_run

PARTS = ("steps", "now", "why")
PART = "part"
"""The parameter in the page's address with the part that is shown."""


def show_situations() -> None:
    """Show the situations that apply to the user now, and ask for facts that may add others."""
    store = current_run().store
    stage = situations.stage_now(store)
    with st.container(key="hw-situations"):
        st.header(say("situations.title"), anchor=False)
        situations.ask_birth(store)
        situations.ask_conditions(store)
        leave_out.forget_others(store)
        found = situations.applying_now(store)
        for situation in found:
            with st.container(border=True, key=f"hw-situation-{situation.id}"):
                st.subheader(situation.title, anchor=False)
                situations.show_lines(situation)
        if not found:
            st.text(say("situations.none"))
        if stage.kind is StageKind.UNSTATED and st.button(
            say("situations.tell"), key="hw-tell", type="tertiary"
        ):
            navigation.go("settings", open="dates")


def page() -> None:
    """Show the part that the user chooses: the steps, what applies now, or why to stretch."""
    st.title(say("guide.title"), anchor=False)
    store = current_run().store
    found = situations.applying_now(store)
    if found and address.value(PART, PARTS, PARTS[0]) != "now":
        label = say("guide.now", what=found[0].title)
        if st.button(label, key="hw-now", icon=":material/info:"):
            address.put(PART, "now", PARTS[0])
    part = address.choice(say("guide.part"), PARTS, PARTS[0], PART, "guide.part_{}")
    if part == "steps":
        stage = situations.stage_now(store)
        steps.show_stretches(guide(), stage.kind is StageKind.PREGNANT)
    elif part == "now":
        show_situations()
    else:
        steps.show_reasons(guide())
        if st.button(say("guide.evidence"), key="hw-evidence", icon=":material/science:"):
            navigation.go("evidence")


page()
