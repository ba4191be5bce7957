"""Hand Streamlit's server our routes and middleware; say which listener a page came through."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from holdwell.i18n.messages import say
from holdwell.i18n.toml_reader import ContentError
from holdwell.network import pwa
from holdwell.network.middleware import LISTENER, LOCAL, LocalMiddleware
from holdwell.network.pairing import PairingFile
from holdwell.network.server import HomeListener, ListenerState
from holdwell.store.repository import default_folder

_home: list[HomeListener] = []
"""The door to the home network, while the server runs."""


@cache
def _pairing_file(folder: Path) -> PairingFile:
    return PairingFile(folder)


def keys() -> PairingFile:
    """The PIN and the phones of the record that is open."""
    return _pairing_file(default_folder())


def _name() -> str:
    # Where content/ cannot be read, the page says so; the server still starts.
    try:
        return say("app.name")
    except ContentError:
        return "Holdwell"


def middleware() -> list[Middleware]:
    """What every request passes on its way in, and every page on its way out."""
    return [Middleware(LocalMiddleware), Middleware(pwa.HeadMiddleware, name=_name())]


def routes() -> list[BaseRoute]:
    """What the server has beside Streamlit's own."""
    return pwa.routes(_name())


@asynccontextmanager
async def kept(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """For as long as the server runs: keep the door to the home network as she asked."""
    port = int(st.get_option("server.port"))
    door = HomeListener(app, keys(), port)
    _home.append(door)
    if not st.get_option("server.headless"):
        # Streamlit opens the browser for a plain script only.
        threading.Thread(
            target=webbrowser.open, args=(f"http://localhost:{port}",), daemon=True
        ).start()
    try:
        async with door.running():
            yield None
    finally:
        _home.remove(door)


def home_door() -> HomeListener | None:
    """The door to the home network; None where the app does not run on its own server."""
    return _home[-1] if _home else None


def settle(*, anew: bool = False) -> ListenerState:
    """Do at the door what the key file says, and say how it is then."""
    door = home_door()
    return door.apply(reconnect=anew) if door else ListenerState.SHUT


def at_this_computer() -> bool:
    """Whether the page is open on the computer itself; what is not known to be is not."""
    return bool(st.context.headers.get(LISTENER) == LOCAL)
