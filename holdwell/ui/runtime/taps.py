"""A tap is handled before what the browser sends after it, so that none is lost.

A tap on a button is in one message alone, and Streamlit stops the run of the page that it began as
soon as the next message comes. When the computer is busy, or a phone's network stood still, both
come at once, and nothing would ever hear of the tap.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from holdwell.network.middleware import CONNECTION

PATIENCE_S: Final = 5.0
"""How long a message waits for the run of a tap: an import may take longer, and other pages stay
within reach."""
LOOKED_EVERY_S: Final = 0.01


def runner_behind(connection: str) -> object | None:
    """Return what runs the page behind a WebSocket at the moment; None for nothing.

    Streamlit has no public way to see that. There is another one for each message that asks for a
    run, and it stays until the run is over with all that it began.
    """
    if not runtime.exists():
        return None
    for found in runtime.get_instance()._session_mgr.list_active_sessions():
        headers = dict(found.client.client_context.headers) if found.client.client_context else {}
        if headers.get(CONNECTION) == connection:
            return found.session._scriptrunner
    return None


class TapMiddleware:
    """Lets what comes through a WebSocket after a tap wait until the run of the tap is over."""

    def __init__(
        self, app: ASGIApp, find_runner: Callable[[str], object | None] = runner_behind
    ) -> None:
        self.app = app
        self.find_runner = find_runner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            connection = Headers(scope=scope).get(CONNECTION, "")
            receive = _InTurn(receive, lambda: self.find_runner(connection))
        await self.app(scope, receive, send)


class _InTurn:
    """The `receive` of a WebSocket: a message that asks for a run comes after that of a tap.

    The second half of a double tap, which comes before the run of the first is over, never comes.
    """

    def __init__(self, receive: Receive, find_runner: Callable[[], object | None]) -> None:
        self.receive = receive
        self.find_runner = find_runner
        self.last = ClientState()
        self.runner: object | None = None
        self.is_tap = False

    async def __call__(self) -> Message:
        if self.is_tap:
            # The tap has been handed over by now: this is what runs the page for it.
            self.runner, self.is_tap = self.find_runner(), False
        while True:
            message = await self.receive()
            request = _request_for_run(message)
            if request is None:
                return message
            if self._is_handled() or not _is_again(request, self.last):
                await self._wait()
                self.last, self.runner, self.is_tap = request, None, _has_tap(request)
                return message

    def _is_handled(self) -> bool:
        """Return whether the last request for a run brought no tap, or its run is over."""
        return self.runner is None or self.runner is not self.find_runner()

    async def _wait(self) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while not self._is_handled() and time.monotonic() < give_up:
            await asyncio.sleep(LOOKED_EVERY_S)


def _request_for_run(message: Message) -> ClientState | None:
    """Return the request for a run of the page in a message; None for any other.

    What is no message of Streamlit's page is for Streamlit to refuse.
    """
    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    return asked.rerun_script if asked.HasField("rerun_script") else None


def _has_tap(request: ClientState) -> bool:
    """Return whether a button was tapped, or something else happened that is told only once."""
    kinds = [one.WhichOneof("value") or "" for one in request.widget_states.widgets]
    return any(kind.endswith("trigger_value") for kind in kinds)


def _is_again(request: ClientState, last: ClientState) -> bool:
    """Return whether a request brings the same page and entries as the last one. The address may
    be another: the run of the first has changed it."""
    pages = [(one.page_script_hash, one.page_name) for one in (request, last)]
    return pages[0] == pages[1] and request.widget_states == last.widget_states
