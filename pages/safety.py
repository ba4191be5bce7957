"""The stop signs, one tap away from every page."""

from __future__ import annotations

import streamlit as st

from holdwell.guide import guide
from holdwell.ui import lessons, shell

shell.framed()

safety = guide().safety
st.title(safety.title, anchor=False)
lessons.stop_signs(safety)
