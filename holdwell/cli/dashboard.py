"""`holdwell` and `holdwell open`: serve the dashboard on this computer and open the browser."""

import argparse
import errno
import os
import runpy
import socket
import sys

from holdwell.app_folder import APP_FOLDER

USUAL_PORT = 8501


def run(options: argparse.Namespace) -> None:
    """Serve the dashboard until the process is stopped."""
    if options.data is not None:
        os.environ["HOLDWELL_DATA"] = str(options.data.absolute())
    port = options.port or free_port()
    headless = str(options.no_browser).lower()
    settings = ["--server.port", str(port), "--server.headless", headless]
    sys.argv = ["streamlit", "run", str(APP_FOLDER / "app.py"), *settings]
    # In this process, like `python -m streamlit`, so that signals reach the server itself.
    runpy.run_module("streamlit", run_name="__main__")


def free_port() -> int:
    """Return the usual port, or any free port if another program uses it."""
    for wanted in (USUAL_PORT, 0):
        port = _bound("127.0.0.1", wanted)
        if port is not None and _bound("::1", port) is not None:
            return port
    return USUAL_PORT


def _bound(address: str, port: int) -> int | None:
    """Return a port that is free at a loopback address (0: any); None if a program uses it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.create_server((address, port), family=family) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        # On a computer without IPv6 no program can listen there.
        return None if error.errno in (errno.EADDRINUSE, errno.EACCES) else port
