"""Middleware that finishes a tap before it passes on what the browser sends next.

A tap on a button is in one message only, and Streamlit stops the run that it began as soon as the
next message arrives. On a busy computer, or after a stall in a phone's network, both arrive at
once, and the tap would be lost.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from typing import Final

from google.protobuf.message import DecodeError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from holdwell.network.middleware import CONNECTION

PATIENCE_S: Final = 5.0
"""How long a message waits for the run of a tap. An import may take longer, but the user must be
able to leave the page."""
LOOKED_EVERY_S: Final = 0.01


def runner_behind(connection: str) -> object | None:
    """Return Streamlit's script runner of a WebSocket; None while no run is under way.

    Streamlit has no public way to see it. Each message that asks for a run gets a new runner, which
    stays until that run, and every run that it began, is over.
    """
    if not runtime.exists():
        return None
    for info in runtime.get_instance()._session_mgr.list_active_sessions():
        headers = dict(info.client.client_context.headers) if info.client.client_context else {}
        if headers.get(CONNECTION) == connection:
            return info.session._scriptrunner
    return None


class TapMiddleware:
    """Holds back the messages of a WebSocket that follow a tap until the run of the tap is over."""

    def __init__(
        self, app: ASGIApp, find_runner: Callable[[str], object | None] = runner_behind
    ) -> None:
        self.app = app
        self.find_runner = find_runner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            connection = Headers(scope=scope).get(CONNECTION, "")
            receive = _in_turn(receive, lambda: self.find_runner(connection)).__anext__
        await self.app(scope, receive, send)


async def _in_turn(
    receive: Receive, find_runner: Callable[[], object | None]
) -> AsyncGenerator[Message, None]:
    """Yield the messages of a WebSocket, those that ask for a run in turn.

    The second half of a double tap is dropped if it arrives before the run of the first is over.
    """
    last, runner = ClientState(), None

    def is_over() -> bool:
        """Return whether the last request for a run had no tap, or its run is over."""
        return runner is None or runner is not find_runner()

    while True:
        message = await receive()
        request = _request_for_run(message)
        if request is None:
            yield message
        elif is_over() or not _is_repeated(request, last):
            give_up = time.monotonic() + PATIENCE_S
            while not is_over() and time.monotonic() < give_up:
                await asyncio.sleep(LOOKED_EVERY_S)
            last = request
            yield message
            # Streamlit asks for the next message once it has begun the run for this one.
            runner = find_runner() if _has_tap(request) else None


def _request_for_run(message: Message) -> ClientState | None:
    """Return the request for a run of the page in a message; None if the message has none.

    Leave it to Streamlit to refuse anything that is not one of its own messages.
    """
    sent = BackMsg()
    try:
        sent.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    return sent.rerun_script if sent.HasField("rerun_script") else None


def _has_tap(request: ClientState) -> bool:
    """Return whether a request has the tap of a button, or another value that is sent only once."""
    kinds = [state.WhichOneof("value") or "" for state in request.widget_states.widgets]
    return any(kind.endswith("trigger_value") for kind in kinds)


def _is_repeated(request: ClientState, last: ClientState) -> bool:
    """Return whether a request has the page and the entries of the last one.

    The address may differ: the run of the first tap has changed it.
    """
    pages = [(state.page_script_hash, state.page_name) for state in (request, last)]
    return pages[0] == pages[1] and request.widget_states == last.widget_states
