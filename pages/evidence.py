"""What trials and reviews found, and how sure they are."""

from __future__ import annotations

import streamlit as st

from holdwell.guide import guide
from holdwell.ui import heed, shell
from holdwell.wording import say

shell.framed()

found = guide().evidence
st.title(found.title, anchor=False)
st.text(found.lead)
for finding in found.findings:
    with st.container(border=True, key=f"hw-finding-{finding.id}"):
        st.subheader(finding.question, anchor=False)
        st.text(finding.answer)
        with st.container(key=f"hw-sure-{finding.id}"):
            st.text(say(f"evidence.certainty_{finding.certainty.value}"))
        heed.cited(finding.sources, finding.id)
with st.container(border=True, key="hw-limits"):
    st.text(found.limits)
    heed.cited(found.limits_sources, "limits")
st.caption(say("evidence.grade"))
if st.button(say("evidence.back"), key="hw-back", width="stretch"):
    shell.go("guide")
