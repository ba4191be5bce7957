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


def free_port() -> int:
    """Return the usual port, or any free one while another program has it."""
    for wanted in (USUAL_PORT, 0):
        port = _bound(socket.AF_INET, "127.0.0.1", wanted)
        if port is not None and _bound(socket.AF_INET6, "::1", port) is not None:
            return port
    return USUAL_PORT


def _bound(family: socket.AddressFamily, address: str, port: int) -> int | None:
    """Return the port that can be had at a loopback address; None where a program has it."""
    try:
        with socket.socket(family) as probe:
            # As servers do, so that a connection that has just ended does not hold the port.
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            return int(probe.getsockname()[1])
    except OSError as error:
        # A computer without IPv6 has nobody there either.
        return None if error.errno in (errno.EADDRINUSE, errno.EACCES) else port
