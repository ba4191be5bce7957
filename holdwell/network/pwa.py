"""What makes the page look like an app on a phone: icon, name, colour, and a first screen.

Streamlit's page has no place for these, so a middleware puts them in as the page goes out. Over
plain HTTP a browser installs no service worker, and "Add to home screen" needs none.
"""

import re
from collections.abc import Callable, Collection
from html import escape
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdwell.network.account import ACCOUNT, PASSED, Account

COOKIE_SECONDS: Final = 400 * 24 * 3600  # as long as a browser keeps any
OPEN_PATH: Final = "/holdwell/look"
"""Where the icons and the manifest are, which a phone may load before it has entered the PIN."""
_HANDSHAKE: Final = (Path(__file__).parent / "handshake.js").read_text(encoding="utf-8")
_ROOT: Final = b'<div id="root">'
"""What Streamlit's page has, and no other."""
_STYLES: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
_NO_SCRIPT: Final = re.compile("<noscript>.*?</noscript>", re.DOTALL)
ICONS: Final = Path(__file__).parent / "icons"
LIGHT, DARK = "#FBF7F2", "#17151B"
"""The theme's background colours (.streamlit/config.toml)."""
GREEN: Final = "#2B6A6D"


def manifest(name: str) -> dict[str, object]:
    """Return the web app manifest (https://www.w3.org/TR/appmanifest)."""
    icons = [
        {"src": f"{OPEN_PATH}/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    mask = {"src": f"{OPEN_PATH}/icon-mask-512.png", "sizes": "512x512", "type": "image/png"}
    return {
        "id": "/",
        "name": name,
        "short_name": name,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": LIGHT,
        "theme_color": GREEN,
        "icons": [*icons, {**mask, "purpose": "maskable"}],
    }


def head_html(name: str) -> str:
    """Return what goes into the head of each page."""
    return (
        f'<link rel="manifest" href="{OPEN_PATH}/manifest.webmanifest">'
        f'<link rel="apple-touch-icon" href="{OPEN_PATH}/icon-180.png">'
        f'<meta name="apple-mobile-web-app-title" content="{escape(name)}">'
        f'<meta name="application-name" content="{escape(name)}">'
        '<meta name="apple-mobile-web-app-capable" content="yes">'
        '<meta name="mobile-web-app-capable" content="yes">'
        f'<meta name="theme-color" content="{LIGHT}" media="(prefers-color-scheme: light)">'
        f'<meta name="theme-color" content="{DARK}" media="(prefers-color-scheme: dark)">'
    )


def routes(name: str) -> list[BaseRoute]:
    """Return the routes of the manifest and the icons."""

    async def send_manifest(_request: Request) -> Response:
        return JSONResponse(manifest(name), media_type="application/manifest+json")

    async def send_icon(_request: Request) -> Response:
        return FileResponse(ICONS / "icon-192.png")

    return [
        # Where Streamlit's page looks for the icon of its tab.
        Route("/favicon.png", send_icon),
        Route(f"{OPEN_PATH}/manifest.webmanifest", send_manifest),
        Mount(OPEN_PATH, StaticFiles(directory=ICONS)),
    ]


class PageMiddleware:
    """Makes Streamlit's page ours on its way out: head, `handshake.js`, and the first screen.

    `pages` are the addresses that there are. `first_screen` returns what lies over a page until it
    shows something, and `not_found` the page for any other address; both are called with an
    Accept-Language header. `key_needed` is said to a browser that the app did not open, where the
    system does not tell its account.
    """

    def __init__(
        self,
        app: ASGIApp,
        name: str,
        pages: Collection[str],
        first_screen: Callable[[str], str],
        not_found: Callable[[str], str],
        key_needed: str = "",
    ) -> None:
        self.app = app
        self.name = name
        self.pages = frozenset(pages)
        self.first_screen = first_screen
        self.not_found = not_found
        self.key_needed = key_needed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "text/html" in Headers(scope=scope).get("accept", ""):
            # A compressed or partial page could not be written into.
            dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
            headers = [(k, v) for k, v in scope["headers"] if k.lower() not in dropped]
            scope = {**scope, "headers": headers}
        await self.app(scope, receive, _PageSend(send, lambda page: self._changed(page, scope)))

    def _changed(self, page: bytes, scope: Scope) -> tuple[int, bytes]:
        """Return the status and the body that go out for a page of HTML."""
        if _ROOT not in page:
            return 200, page
        languages = Headers(scope=scope).get("accept-language", "")
        if scope["path"].strip("/") not in self.pages:
            return 404, self.not_found(languages).encode()
        text = page.decode()
        styles = _STYLES.findall(text)
        needed = self.key_needed if scope.get(ACCOUNT) is Account.UNKNOWN else ""
        data = f'data-listener="{scope.get(PASSED, "")}" data-account="{escape(needed)}"'
        # With their styles at its end the page is painted before they have come.
        text = _STYLES.sub("", _NO_SCRIPT.sub("", text))
        for place, ours in {
            "<title>": f"{head_html(self.name)}<script {data}>{_HANDSHAKE}</script><title>",
            "Streamlit</title>": f"{escape(self.name)}</title>",
            # The page reaches under a phone's rounded corners, and keeps clear of them itself.
            "shrink-to-fit=no": "viewport-fit=cover",
            _ROOT.decode(): self.first_screen(languages) + _ROOT.decode(),
            "</body>": "".join(styles) + "</body>",
        }.items():
            text = text.replace(place, ours, 1)
        return 200, text.encode()


class _PageSend:
    """Holds a page of HTML back until it is whole, and sends what it is changed to."""

    def __init__(self, send: Send, change: Callable[[bytes], tuple[int, bytes]]) -> None:
        self.send = send
        self.change = change
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_plain_page(message):
            self.start = message
        elif self.start is not None and message["type"] == "http.response.pathsend":
            self.body = Path(message["path"]).read_bytes()
            await self._finish(self.start)
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self.start)
        else:
            await self.send(message)

    async def _finish(self, start: Message) -> None:
        self.start = None
        status, body = self.change(self.body)
        status = start["status"] if status == 200 else status
        changed = (b"content-length", b"etag", b"last-modified", b"accept-ranges")
        headers = [(k, v) for k, v in start["headers"] if k.lower() not in changed]
        headers.append((b"content-length", str(len(body)).encode()))
        await self.send({**start, "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _is_plain_page(message: Message) -> bool:
    headers = Headers(raw=message.get("headers", []))
    is_page = headers.get("content-type", "").startswith("text/html")
    return is_page and "content-encoding" not in headers
