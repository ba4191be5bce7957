"""The script that Streamlit runs for every visit to every page."""

from holdwell.ui import frame

frame.run()
