"""The door to the home network: a second server, in the same process, for the same app.

It opens and closes while the app runs, so that asking for the home network restarts nothing and
loses nothing. It listens on one private address only, never on all of them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from enum import StrEnum

import uvicorn
from starlette.types import ASGIApp

from holdwell.network.addresses import home_addresses, in_url
from holdwell.network.middleware import HomeGate
from holdwell.network.pairing import KeyFile

LOOK_EVERY_S = 2.0
OPENING_S = 10.0
CLOSING_S = 2
AT_ONCE = 200
"""Connections that may be open at once; a phone's browser opens about ten."""

_log = logging.getLogger("holdwell")


class State(StrEnum):
    """How the door is. `GONE`: the address she chose is not this computer's any more."""

    SHUT = "shut"
    OPEN = "open"
    GONE = "gone"
    TAKEN = "taken"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the first server: this one ends with it."""
        yield


class HomeDoor:
    """Opens and shuts the door as the key file says, for as long as the app runs."""

    def __init__(
        self,
        app: ASGIApp,
        keys: KeyFile,
        port: int,
        addresses: Callable[[], list[str]] = home_addresses,
    ) -> None:
        self.app = app
        self.keys = keys
        self.port = port
        self.addresses = addresses
        self.state = State.SHUT
        self._loop: asyncio.AbstractEventLoop | None = None
        self._one_at_a_time = asyncio.Lock()
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._at = ""

    @property
    def url(self) -> str:
        """The address to open on the phone."""
        return f"http://{in_url(self.keys.read().address)}:{self.port}"

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the door as the file says until the block ends; then shut it."""
        self._loop = asyncio.get_running_loop()
        looking = asyncio.create_task(self._look(), name="holdwell-home-door")
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await self._shut()
            self._loop = None

    def settle(self, *, anew: bool = False) -> State:
        """Do what the file says now, from a page's thread, and say how the door is then.

        `anew` ends every connection through it, so that a phone that was forgotten is out.
        """
        if self._loop is None:
            return State.SHUT
        made = asyncio.run_coroutine_threadsafe(self._settle(anew=anew), self._loop)
        return made.result(OPENING_S)

    async def _look(self) -> None:
        while True:
            try:
                await self._settle()
            except Exception:
                _log.exception("the door to the home network failed")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _settle(self, *, anew: bool = False) -> State:
        async with self._one_at_a_time:
            wanted = self.keys.read().address
            there = bool(wanted) and wanted in self.addresses()
            dead = self._serving is not None and self._serving.done()
            if self._at and (anew or dead or not there or wanted != self._at):
                await self._shut()
            if not wanted:
                self.state = State.SHUT
            elif not there:
                self.state = State.GONE
            elif not self._at:
                self.state = await self._open(wanted)
            return self.state

    async def _open(self, address: str) -> State:
        try:
            listening = _bound(address, self.port)
        except OSError as error:
            _log.warning("the home network cannot be listened to at %s: %s", address, error)
            return State.TAKEN
        config = uvicorn.Config(
            HomeGate(self.app, self.keys, address),
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            # What a client says of where it comes from is not believed.
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            limit_concurrency=AT_ONCE,
            timeout_graceful_shutdown=CLOSING_S,
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]), name="holdwell-home-server")
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        if task.done():
            listening.close()
            return State.TAKEN
        self._server, self._serving, self._at = server, task, address
        return State.OPEN

    async def _shut(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            with suppress(Exception):
                await self._serving
        self._server, self._serving, self._at = None, None, ""


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Not on Windows, where it would let two programs share the port.
        if os.name != "nt":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((address, port))
        listening.listen(128)
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening
