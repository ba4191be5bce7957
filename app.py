"""The front door: page config, shared state, navigation. Nothing else."""

import streamlit as st

from holdwell.ui import frame
from holdwell.ui.runtime import server_hooks

if __name__ == "__main__":
    frame.run()
else:
    # Streamlit's server imports this file for what stands before the pages, then runs it as the
    # page's script.
    app = st.App(
        __file__,
        lifespan=server_hooks.kept,
        routes=server_hooks.routes(),
        middleware=server_hooks.middleware(),
    )
