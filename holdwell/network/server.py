"""The listener for the home network: a second server, in the same process, for the same app.

It opens and closes while the app runs, so that a change of the setting restarts nothing and loses
nothing. It listens on one private address only, never on all of them.
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

from holdwell.network.addresses import home_addresses, url_host
from holdwell.network.middleware import HomeMiddleware
from holdwell.network.pairing import PairingFile

CHECK_EVERY_S = 2.0
OPEN_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2
CONNECTIONS_MAX = 200
"""Connections that may be open at once; a phone's browser opens about ten."""

_log = logging.getLogger("holdwell")


class ListenerState(StrEnum):
    """How the listener is. `GONE`: its address is no longer this computer's."""

    SHUT = "shut"
    OPEN = "open"
    GONE = "gone"
    TAKEN = "taken"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the first server: this one ends with it."""
        yield


class HomeListener:
    """Opens and closes the second server as the pairing file says, for as long as the app runs."""

    def __init__(
        self,
        app: ASGIApp,
        pairing: PairingFile,
        port: int,
        addresses: Callable[[], list[str]] = home_addresses,
    ) -> None:
        self.app = app
        self.pairing = pairing
        self.port = port
        self.addresses = addresses
        self.state = ListenerState.SHUT
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._address = ""

    @property
    def url(self) -> str:
        """The address to open on the phone."""
        return f"http://{url_host(self.pairing.read().address)}:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the listener as the file says until the block ends; then close it."""
        self._loop = asyncio.get_running_loop()
        checking = asyncio.create_task(self._check(), name="holdwell-home-listener")
        try:
            yield
        finally:
            checking.cancel()
            with suppress(asyncio.CancelledError):
                await checking
            await self._close()
            self._loop = None

    def apply(self, *, reconnect: bool = False) -> ListenerState:
        """Do what the file says now, and return how the listener is then. For a page's thread.

        `reconnect` ends every connection, so that a phone that was forgotten is out.
        """
        if self._loop is None:
            return ListenerState.SHUT
        applying = asyncio.run_coroutine_threadsafe(self._apply(reconnect=reconnect), self._loop)
        return applying.result(OPEN_TIMEOUT_S)

    async def _check(self) -> None:
        while True:
            try:
                await self._apply()
            except Exception:
                _log.exception("the listener for the home network failed")
            await asyncio.sleep(CHECK_EVERY_S)

    async def _apply(self, *, reconnect: bool = False) -> ListenerState:
        async with self._lock:
            wanted = self.pairing.read().address
            present = bool(wanted) and wanted in self.addresses()
            dead = self._serving is not None and self._serving.done()
            if self._address and (reconnect or dead or not present or wanted != self._address):
                await self._close()
            if not wanted:
                self.state = ListenerState.SHUT
            elif not present:
                self.state = ListenerState.GONE
            elif not self._address:
                self.state = await self._open(wanted)
            return self.state

    async def _open(self, address: str) -> ListenerState:
        try:
            listening = _listen(address, self.port)
        except OSError as error:
            _log.warning("the home network cannot be listened to at %s: %s", address, error)
            return ListenerState.TAKEN
        config = uvicorn.Config(
            HomeMiddleware(self.app, self.pairing, address),
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            # A client could claim to come from anywhere.
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            limit_concurrency=CONNECTIONS_MAX,
            timeout_graceful_shutdown=CLOSE_TIMEOUT_S,
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]), name="holdwell-home-server")
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        if task.done():
            listening.close()
            return ListenerState.TAKEN
        self._server, self._serving, self._address = server, task, address
        return ListenerState.OPEN

    async def _close(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            with suppress(Exception):
                await self._serving
        self._server, self._serving, self._address = None, None, ""


def _listen(address: str, port: int) -> socket.socket:
    """Return a socket that listens at one address. Raises OSError."""
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
