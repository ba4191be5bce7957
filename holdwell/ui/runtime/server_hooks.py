"""What Holdwell adds to Streamlit's server, and which listener a page came through."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from holdwell.i18n.messages import say_or
from holdwell.network import pwa
from holdwell.network.middleware import LISTENER, LOCAL, LocalMiddleware
from holdwell.network.server import HomeListener
from holdwell.ui.runtime.process_state import process_state


def middleware() -> list[Middleware]:
    """Return what every request passes on its way in, and every page on its way out."""
    return [
        Middleware(LocalMiddleware),
        Middleware(pwa.HeadMiddleware, name=say_or("app.name", "Holdwell")),
    ]


def routes() -> list[BaseRoute]:
    """Return the routes that the server has beside Streamlit's own."""
    return pwa.routes(say_or("app.name", "Holdwell"))


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Keep the listener in the home network as the user chose, for as long as the server runs."""
    state = process_state()
    port = int(st.get_option("server.port"))
    state.listener = HomeListener(app, state.pairing, port)
    if not st.get_option("server.headless"):
        # Streamlit opens the browser for a plain script only.
        threading.Thread(
            target=webbrowser.open, args=(f"http://localhost:{port}",), daemon=True
        ).start()
    try:
        async with state.listener.running():
            yield None
    finally:
        state.listener = None


def at_this_computer() -> bool:
    """Return whether the page is open on the computer itself; False where that is not known."""
    return bool(st.context.headers.get(LISTENER) == LOCAL)
