"""The server: Streamlit's app with Holdwell's script, routes and middleware. Nothing else."""

from pathlib import Path

import streamlit as st

from holdwell import ui
from holdwell.ui.runtime import server_hooks

# Not the script itself: Streamlit has an old way with a folder pages/ beside the script that it
# runs, in which a first visit to any address shows that page without its frame.
app = st.App(
    Path(ui.__file__).with_name("main.py"),
    lifespan=server_hooks.lifespan,
    routes=server_hooks.routes(),
    middleware=server_hooks.middleware(),
)
