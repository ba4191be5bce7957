"""The first visit, and later changes: where the user is. Everything can be skipped."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from holdwell.i18n.messages import say
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.settings import language, pregnancy_form


def page() -> None:
    """Ask for the dates and the language, then lead on to the stretches."""
    store = current_run().store
    st.title(say("welcome.title"), anchor=False)
    st.markdown(say("welcome.lead"))
    profile = store.profile()
    done, pregnancy = pregnancy_form.ask(
        "welcome", store.pregnancy_periods(), skip=say("welcome.skip")
    )
    if done:
        now = clock.now()
        if pregnancy is not None:
            store.save_pregnancy(pregnancy, now)
        store.save_profile(replace(profile, welcomed=True), now)
        navigation.go("stretch")
    language.choose(store, browser=False)
    st.caption(say("welcome.privacy"))


page()
