"""First run, and later changes: where she is. One short page, everything can be skipped."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from holdwell.i18n.messages import say
from holdwell.ui import frame
from holdwell.ui.runtime import clock
from holdwell.ui.settings import language, pregnancy_form

frame.framed()

st.title(say("welcome.title"), anchor=False)
st.markdown(say("welcome.lead"))

with frame.database() as store:
    profile = store.profile()
    done, pregnancy = pregnancy_form.ask(
        "welcome", store.pregnancy_periods(), skip=say("welcome.skip")
    )
    if done:
        now = clock.now()
        if pregnancy is not None:
            store.save_pregnancy(pregnancy, now)
        store.save_profile(replace(profile, welcomed=True), now)
        frame.go("stretch")
    language.choose(store, browser=False)
st.caption(say("welcome.privacy"))
