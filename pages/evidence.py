"""What trials and reviews found, and how certain that is."""

import streamlit as st

from holdwell.guide.load import guide
from holdwell.i18n.messages import say
from holdwell.ui.guide import situations


def page() -> None:
    """Show each finding with its certainty and sources, then the limits of the evidence."""
    evidence = guide().evidence
    st.title(evidence.title, anchor=False)
    st.text(evidence.lead)
    for finding in evidence.findings:
        with st.container(border=True, key=f"hw-finding-{finding.id}"):
            st.header(finding.question, anchor=False)
            st.text(finding.answer)
            with st.container(key=f"hw-sure-{finding.id}"):
                st.text(say(f"evidence.certainty_{finding.certainty.value}"))
            situations.show_sources(finding.sources, finding.id)
    with st.container(border=True, key="hw-limits"):
        st.text(evidence.limits.text)
        situations.show_sources(evidence.limits.sources, "limits")
    st.caption(say("evidence.grade"))


page()
