"""The stop signs, one tap away from every page."""

from __future__ import annotations

import streamlit as st

from holdwell.guide import guide
from holdwell.ui import frame
from holdwell.ui.guide import steps

frame.framed()

safety = guide().safety
st.title(safety.title, anchor=False)
steps.stop_signs(safety)
