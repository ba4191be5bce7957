"""The front door: page config, shared state, navigation. Nothing else."""

import streamlit as st

from holdwell.ui import doors, shell

if __name__ == "__main__":
    shell.run()
else:
    # Streamlit's server imports this file for what stands before the pages, then runs it as the
    # page's script.
    app = st.App(
        __file__, lifespan=doors.kept, routes=doors.routes(), middleware=doors.middleware()
    )
