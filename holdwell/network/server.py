"""The listener for the home network: a second server in the same process, for the same app.

It opens and closes while the app runs, so that a change of the setting needs no restart and loses
nothing. It listens on one private address only, never on all of them.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from enum import StrEnum
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from holdwell.network.addresses import home_addresses, url_host
from holdwell.network.middleware import HomeMiddleware
from holdwell.network.pairing import PairingFile

CHECK_EVERY_S = 2.0
OPEN_TIMEOUT_S = 10.0
CLOSE_TIMEOUT_S = 2
CONNECTIONS_MAX = 200
CONNECTIONS_PER_ADDRESS = 40
"""How many connections may be open at once, in all and from one address. A phone's browser opens
about ten."""
WAITING_MAX = 100
"""How many connections may wait for their clients; beyond that, the longest waiting is cut off."""
HEAD_WITHIN_S = 10.0
"""Seconds that the head of a request may take, or a client may read nothing of an answer."""
SEND_BUFFER = 2**17
"""Bytes of an answer that the system buffers. If it grew to megabytes, it would hide whether the
client reads."""

_log = logging.getLogger("holdwell")


class PortTakenError(Exception):
    """Another program listens at an address where a browser would mistake it for the app."""


class ListenerState(StrEnum):
    """The state of the listener. GONE: its address no longer belongs to this computer."""

    SHUT = "shut"
    OPEN = "open"
    GONE = "gone"
    TAKEN = "taken"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the first server, which ends this one."""
        yield


class LimitedProtocol(H11Protocol):
    """HTTP for a network where anyone may connect: no device can use up the connections.

    One address has at most `CONNECTIONS_PER_ADDRESS`. A connection that waits for its client is cut
    off when the client has read nothing for `HEAD_WITHIN_S`, or to make room for a new one when
    more than `WAITING_MAX` wait, as one device may have many addresses. WebSockets may stay open,
    since only paired phones have them.
    """

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        same_host = [other for other in self.connections if _host(other) == _host(self)]
        if len(same_host) > CONNECTIONS_PER_ADDRESS:
            transport.close()
        self._update_timer()
        waiting = {
            other._timer.when(): other
            for other in self.connections
            if isinstance(other, LimitedProtocol) and other._timer is not None
        }
        if len(waiting) > WAITING_MAX:
            waiting[min(waiting)]._cut_off()

    def data_received(self, data: bytes) -> None:
        try:
            super().data_received(data)
        except h11.ProtocolError:
            # The body is not valid HTTP. uvicorn cannot answer so to HEAD: close without an answer.
            if self.cycle is not None:
                self.cycle.disconnected = True
            self.transport.close()
            return
        self._update_timer()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._update_timer()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._update_timer()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._update_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._update_timer()

    def _waits_for_client(self) -> bool:
        """Return whether the client has to act: to send a request, or to read an answer."""
        is_idle = self.cycle is None or self.cycle.response_complete
        return self in self.connections and (is_idle or self.flow.write_paused)

    def _update_timer(self) -> None:
        """Start the timer that cuts off a waiting connection, or stop it once it waits no more."""
        if self._timer is not None and not self._waits_for_client():
            self._timer.cancel()
            self._timer = None
        elif self._timer is None and self._waits_for_client():
            unread = self.transport.get_write_buffer_size()
            self._timer = self.loop.call_later(HEAD_WITHIN_S, self._cut_off, unread)

    def _cut_off(self, unread: int = 0) -> None:
        """Cut the connection off, unless its client has read some of the `unread` bytes."""
        self._timer = None
        if self.transport.get_write_buffer_size() < unread:
            self._update_timer()
        else:
            # `close` would wait for ever for the client to read the rest.
            self.transport.abort()


def ignore_invalid_http(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle an exception in the event loop; uvicorn has already logged those of invalid HTTP."""
    if not isinstance(context.get("exception"), h11.ProtocolError):
        loop.default_exception_handler(context)


def _host(connection: object) -> object:
    client = getattr(connection, "client", None)
    return client and client[0]


@asynccontextmanager
async def loopback_listener(app: ASGIApp, address: str, port: int) -> AsyncIterator[None]:
    """Serve the app at a second loopback address of the same port until the block ends.

    Browsers try ::1 first for "localhost" and would mistake any program there for the app. Raises
    PortTakenError if another program listens there. A system without the address needs no listener.
    """
    try:
        listening = _listen(address, port)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortTakenError(
                f"Another program answers at {url_host(address)}:{port}, where a browser would take"
                " it for Holdwell. End that program, or start with another --server.port."
            ) from None
        yield
        return
    server = _Server(_config(app))
    task = asyncio.create_task(server.serve(sockets=[listening]), name="holdwell-loopback")
    try:
        yield
    finally:
        server.should_exit = True
        with suppress(Exception):
            await task


def _config(app: ASGIApp, **options: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        # With these a client could claim to have any address.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=CLOSE_TIMEOUT_S,
        **options,
    )


class HomeListener:
    """Opens and closes the second server as the pairing file says, while the app runs."""

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
        """Open and close the listener as the file says until the block ends, then close it."""
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
        """Do what the file says now and return the new state; to be called in a page's thread.

        `reconnect` ends every connection, so that forgotten phones are locked out.
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
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        guarded = HomeMiddleware(self.app, self.pairing, address)
        server = _Server(_config(guarded, http=LimitedProtocol, limit_concurrency=CONNECTIONS_MAX))
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
    listening = socket.create_server((address, port), family=family, backlog=128)
    listening.setblocking(False)
    return listening
