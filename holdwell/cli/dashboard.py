"""`holdwell` and `holdwell open`: serve the dashboard on this computer and open the browser."""

from __future__ import annotations

import argparse
import os
import runpy
import socket
import sys

from holdwell.app_folder import APP_FOLDER

USUAL_PORT = 8501


def run(options: argparse.Namespace) -> int:
    """Serve until stopped."""
    if options.data is not None:
        os.environ["HOLDWELL_DATA"] = str(options.data.absolute())
    # Not given where `open` was not.
    port = getattr(options, "port", None) or free_port()
    headless = str(getattr(options, "no_browser", False)).lower()
    settings = ["--server.port", str(port), "--server.headless", headless]
    sys.argv = ["streamlit", "run", str(APP_FOLDER / "app.py"), *settings]
    # In this process, as `python -m streamlit` would: a signal reaches the server itself.
    runpy.run_module("streamlit", run_name="__main__")
    return 0


def free_port() -> int:
    """Return the usual port, or any free one while another program has it."""
    for port in (USUAL_PORT, 0):
        with socket.socket() as probe:
            # As servers do, so that a connection that has just ended does not hold the port.
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("localhost", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return USUAL_PORT
