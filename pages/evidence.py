"""What trials and reviews found, and how sure they are."""

from __future__ import annotations

import streamlit as st

from holdwell.guide import guide
from holdwell.i18n.messages import say
from holdwell.ui import frame
from holdwell.ui.guide import situations

frame.framed()

found = guide().evidence
st.title(found.title, anchor=False)
st.text(found.lead)
for finding in found.findings:
    with st.container(border=True, key=f"hw-finding-{finding.id}"):
        st.subheader(finding.question, anchor=False)
        st.text(finding.answer)
        with st.container(key=f"hw-sure-{finding.id}"):
            st.text(say(f"evidence.certainty_{finding.certainty.value}"))
        situations.cited(finding.sources, finding.id)
with st.container(border=True, key="hw-limits"):
    st.text(found.limits)
    situations.cited(found.limits_sources, "limits")
st.caption(say("evidence.grade"))
if st.button(say("evidence.back"), key="hw-back", width="stretch"):
    frame.go("guide")
