"""The server: Streamlit's app with Holdwell's script, routes and middleware."""

from pathlib import Path

import streamlit as st

from holdwell import ui
from holdwell.ui.runtime import server_hooks

# main.py cannot be this file: if a folder pages/ is beside the main script, Streamlit uses its old
# kind of pages, in which a first visit to any address shows that page without the frame.
app = st.App(
    Path(ui.__file__).with_name("main.py"),
    lifespan=server_hooks.lifespan,
    routes=server_hooks.routes(),
    middleware=server_hooks.middleware(),
)
