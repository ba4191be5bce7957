"""What Holdwell adds to Streamlit's server."""

import asyncio
import ctypes
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from holdwell.i18n.messages import say_or
from holdwell.network import plain_pages, pwa, server
from holdwell.network.account import tells_accounts
from holdwell.network.middleware import LocalMiddleware
from holdwell.ui.runtime import drawings, unlock
from holdwell.ui.runtime.navigation import HOME, PAGES
from holdwell.ui.runtime.process_state import process_state
from holdwell.ui.runtime.taps import TapMiddleware

LOCK_EVERY_S = 30.0
_LARGE_BYTES = 128 * 1024
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD in glibc's malloc.h

_log = logging.getLogger("holdwell")


def middleware() -> list[Middleware]:
    """Return the middleware that every request and every answer passes through."""
    return [
        Middleware(LocalMiddleware, key=process_state().key),
        # Streamlit does not compress its page and its scripts, which are most of what is loaded.
        # Level 6 would save another eighth of the bytes for more than twice the CPU time.
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1),
        Middleware(TapMiddleware),
    ]


def routes() -> list[BaseRoute]:
    """Return our routes, which the server has in addition to Streamlit's."""
    name = say_or("app.name", "Holdwell")

    def stop_signs(request: Request) -> Response:
        status, page = plain_pages.stop_signs(request.headers.get("accept-language", ""))
        return HTMLResponse(page, status)

    return [
        *pwa.icon_routes(name),
        *drawings.ROUTES,
        Route(plain_pages.SIGNS_PATH, stop_signs),
        # Streamlit serves the first page only at the root.
        Route(f"/{HOME}", lambda request: RedirectResponse(f"/?{request.url.query}")),
        pwa.page_route(
            Path(st.__file__).with_name("static"),
            name,
            {"" if page.name == HOME else page.name for page in PAGES},
            say_or("home.key_needed", "Open Holdwell by starting it."),
        ),
    ]


def return_freed_memory() -> None:
    """Have each large piece of memory go back to the system when it is freed, also on Linux.

    glibc keeps pieces as large as the largest freed so far: after a large import, tens of MB.
    """
    # Other systems have no mallopt.
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Keep the home network listener on or off, as the user chose, while the server runs."""
    return_freed_memory()
    asyncio.get_running_loop().set_exception_handler(server.ignore_invalid_http)
    state = process_state()
    port = int(st.get_option("server.port"))
    state.listener = server.HomeListener(app, state.pairing, port)
    address = f"http://localhost:{port}"
    if not tells_accounts():
        address += f"/#key={state.key}"
        print(f"  Open it by this address: {address}")
    async with AsyncExitStack() as stack:
        # Streamlit listens only at the IPv4 address of "localhost".
        if st.get_option("server.address") in ("localhost", "127.0.0.1"):
            await _listen_twice(stack, app, port)
        await stack.enter_async_context(state.listener.running())
        locking = asyncio.create_task(lock_when_idle(), name="holdwell-lock")
        if not st.get_option("server.headless"):
            # Streamlit opens the browser only for a plain script.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        try:
            yield None
        finally:
            locking.cancel()
            state.listener = None


async def _listen_twice(stack: AsyncExitStack, app: st.App, port: int) -> None:
    """Listen at ::1 too; if another program does, print a sentence and end the process."""
    try:
        await stack.enter_async_context(server.loopback_listener(app, "::1", port))
    except server.PortTakenError as error:
        sys.stdout.flush()
        print(error, file=sys.stderr, flush=True)
        # Raising it would print a traceback. No database is open yet.
        os._exit(1)


async def lock_when_idle(
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    lock: Callable[[], object] = unlock.drop_files,
) -> NoReturn:
    """Lock databases that have not been used for long, even if nobody opens a page."""
    while True:
        await pause(LOCK_EVERY_S)
        try:
            lock()
        except Exception:
            # One fault must not leave everything unlocked for good.
            _log.exception("locking what is idle failed")
