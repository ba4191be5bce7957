"""First run, and later changes: where she is. One short page, everything can be skipped."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from holdwell.ui import clock, shell, tongue, where
from holdwell.wording import say

shell.framed()

st.title(say("welcome.title"), anchor=False)
st.markdown(say("welcome.lead"))

with shell.database() as store:
    profile = store.profile()
    done, pregnancy = where.ask("welcome", store.chapters(), skip=say("welcome.skip"))
    if done:
        now = clock.now()
        if pregnancy is not None:
            store.save_pregnancy(pregnancy, now)
        store.save_profile(replace(profile, welcomed=True), now)
        shell.go("stretch")
    tongue.choose(store, browser=False)
st.caption(say("welcome.privacy"))
