"""Runs the app on its own port, with its data in its own folder."""

import os
import signal
import socket
import time
import urllib.request
from contextlib import closing, suppress
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path

from streamlit.web import cli

from tests.support.processes import CONTEXT

ROOT = Path(__file__).parents[2]
START_S = 60.0


def serve(options: list[str], environment: dict[str, str], log: Path) -> None:
    """Run `streamlit run app.py` in this process until it is killed."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    # This process was forked from one whose environment is that of an earlier test.
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    cli.main(["run", "app.py", *options], prog_name="streamlit")


def free_port(*wanted: int) -> int:
    """Return a free port: the first free one of `wanted`, or any."""
    for port in wanted:
        with suppress(OSError):
            return _bound(port)
    return _bound(0)


def _bound(port: int) -> int:
    """Return a port after binding it for a moment; 0 means any. Raises OSError if it is taken."""
    with closing(socket.socket()) as probe:
        # The server does this too: connections left over from an earlier server do not block it.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


@cache
def usual_ports() -> tuple[int, ...]:
    """Return a few ports that all servers use in turn, so that browsers can reuse their cache.

    There are several because a server may run, and hold its port, during many tests.
    """
    return tuple({free_port() for _ in range(4)})


class Server:
    """The running app. Raises RuntimeError with the server's log if it does not start."""

    serve = staticmethod(serve)

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "HOLDWELL_DATA": str(folder), **environment}
        self.port = free_port(*usual_ports())
        self.url = f"http://localhost:{self.port}"
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self.folder / "server.log"
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        self.process: BaseProcess = CONTEXT.Process(
            target=type(self).serve, args=(options, self.environment, log), daemon=True
        )
        self.process.start()
        give_up = time.monotonic() + START_S
        while not self.answers():
            if not self.process.is_alive() or time.monotonic() > give_up:
                self.kill()
                raise RuntimeError(log.read_text(encoding="utf-8"))
            time.sleep(0.02)

    def answers(self) -> bool:
        """Return whether the server answers a health check."""
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """Kill the server at once, with no time to clean up."""
        self.process.kill()
        self.process.join()

    def suspend(self) -> None:
        """Suspend the server, to simulate a very busy machine."""
        os.kill(self._pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a suspended server continue."""
        os.kill(self._pid, signal.SIGCONT)

    @property
    def _pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid
