"""The app on a port of its own, with its data in a folder of its own."""

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
    """Do what `streamlit run app.py` does, in this process, until it is killed."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    # The process that this one is forked from has the environment of an earlier test.
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    cli.main(["run", "app.py", *options], prog_name="streamlit")


def free_port(*wanted: int) -> int:
    """Return a port on which nothing listens: the first free one of those `wanted`."""
    for port in wanted:
        with suppress(OSError):
            return _bound(port)
    return _bound(0)


def _bound(port: int) -> int:
    """Take a port for a moment, or any for 0, and return it. OSError if something listens there."""
    with closing(socket.socket()) as probe:
        # As the server does: what an earlier one left of its connections is no reason to wait.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return int(probe.getsockname()[1])


@cache
def usual_ports() -> tuple[int, ...]:
    """Return the ports of one server after another, so that browsers can keep what they loaded.

    A server that runs for many tests holds one of them all the while: the others have the next.
    """
    return tuple({free_port() for _ in range(4)})


class Server:
    """The running app; RuntimeError with its log where it does not start."""

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
        """Return whether the server answers at its own address."""
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """End the server as a power cut would."""
        self.process.kill()
        self.process.join()

    def suspend(self) -> None:
        """Stop the server in its tracks, as a very busy machine would."""
        os.kill(self._pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a suspended server run on."""
        os.kill(self._pid, signal.SIGCONT)

    @property
    def _pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid
