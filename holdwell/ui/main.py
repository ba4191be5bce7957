"""The script that Streamlit runs for every run of every page."""

from holdwell.ui import frame

frame.run()
