"""Middleware that has a page finish what the user did before it passes on what comes next.

Streamlit stops a run as soon as the next request for a run arrives. On a busy computer, or after a
stall in a phone's network, both arrive at once, and what the stopped run would have saved is lost:
the tap on a button, which is in one message only, and a choice, if another page is requested next.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdwell.network.middleware import CONNECTION
from holdwell.ui.runtime.streamlit_internals import (
    RunRequest,
    is_preparing,
    requested_run,
    runner_of,
)

PATIENCE_S: Final = 5.0
"""How long a message waits for a run. An import may take longer, but the user must be able to leave
the page."""
LOOKED_EVERY_S: Final = 0.01
REPEATED_S: Final = 3.0
"""How long after a tap a request that only repeats what was entered then is dropped."""


class TapMiddleware:
    """Holds back requests of a WebSocket until what the user did before them is done."""

    def __init__(
        self, app: ASGIApp, find_runner: Callable[[str], object | None] = runner_of
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

    The second half of a double tap is dropped if it arrives before the run of the first is over. A
    request without anything new is dropped for a while after a tap: its run would remove what the
    run of the tap has said.
    """
    last, runner, is_changed, repeated_until = RunRequest(), None, False, 0.0

    def is_over() -> bool:
        """Return whether the run of the last request is over."""
        return runner is None or runner is not find_runner()

    while True:
        message = await receive()
        request = requested_run(message.get("bytes") or b"")
        if request is None:
            yield message
            continue
        waits = bool(last.taps) or (is_changed and request.page != last.page)
        is_repeated = request.adds_nothing_to(last) and time.monotonic() < repeated_until
        if waits and (is_repeated or (request == last and not is_over())):
            continue
        give_up = time.monotonic() + PATIENCE_S
        while (waits or is_preparing(runner)) and not is_over() and time.monotonic() < give_up:
            await asyncio.sleep(LOOKED_EVERY_S)
        is_changed = (request.entered, request.taps) != (last.entered, last.taps)
        last, repeated_until = request, time.monotonic() + REPEATED_S
        yield message
        # Streamlit asks for the next message once it has begun the run for this one.
        runner = find_runner()
