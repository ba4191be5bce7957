"""What makes the page look like an app on a phone: icon, name and colour, in every page's head.

Streamlit's page has no place for these, so the door puts them in as the page goes out. Over plain
HTTP a browser installs no service worker and none is needed: "Add to home screen" takes these.
"""

from __future__ import annotations

import json
import secrets
from html import escape
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER_COOKIE: Final = "holdwell_browser"
COOKIE_SECONDS: Final = 400 * 24 * 3600  # as long as a browser keeps any
ICONS: Final = Path(__file__).parent / "icons"
LIGHT, DARK = "#FBF7F2", "#17151B"
"""The theme's paper (.streamlit/config.toml)."""
GREEN: Final = "#2B6A6D"


def manifest(name: str) -> dict[str, object]:
    """The web app manifest (https://www.w3.org/TR/appmanifest)."""
    icons = [
        {"src": f"/holdwell/look/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    mask = {"src": "/holdwell/look/icon-mask-512.png", "sizes": "512x512", "type": "image/png"}
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


def head(name: str) -> str:
    """What goes into the head of each page."""
    return (
        '<link rel="manifest" href="/holdwell/look/manifest.webmanifest">'
        '<link rel="apple-touch-icon" href="/holdwell/look/icon-180.png">'
        f'<meta name="apple-mobile-web-app-title" content="{escape(name)}">'
        f'<meta name="application-name" content="{escape(name)}">'
        '<meta name="apple-mobile-web-app-capable" content="yes">'
        '<meta name="mobile-web-app-capable" content="yes">'
        f'<meta name="theme-color" content="{LIGHT}" media="(prefers-color-scheme: light)">'
        f'<meta name="theme-color" content="{DARK}" media="(prefers-color-scheme: dark)">'
    )


def routes(name: str) -> list[BaseRoute]:
    """Where the manifest and the icons are."""

    async def named(_request: Request) -> Response:
        return Response(json.dumps(manifest(name)), media_type="application/manifest+json")

    return [
        Route("/holdwell/look/manifest.webmanifest", named),
        Mount("/holdwell/look", StaticFiles(directory=ICONS)),
    ]


class Dressed:
    """A middleware that puts `head` into each page of HTML on its way out."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app = app
        self.head = head(name).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # A page that is packed could not be written into; it is small.
        if _wants_page(scope):
            unasked = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
            headers = [(k, v) for k, v in scope["headers"] if k.lower() not in unasked]
            scope = {**scope, "headers": headers}
        known = BROWSER_COOKIE in cookie_parser(Headers(scope=scope).get("cookie", ""))
        await self.app(scope, receive, _Dresser(send, self.head, None if known else _cookie()))


def _cookie() -> bytes:
    """A name for this browser that nobody can guess, by which it may open an encrypted record.

    Lax, not Strict: a link to the app in another page must not give the browser a new name.
    """
    made = f"{BROWSER_COOKIE}={secrets.token_urlsafe(24)}"
    return f"{made}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax".encode()


def _wants_page(scope: Scope) -> bool:
    return any(k.lower() == b"accept" and b"text/html" in v for k, v in scope["headers"])


class _Dresser:
    """Holds a page of HTML back until it is whole, and sends it with the head put in."""

    def __init__(self, send: Send, head: bytes, cookie: bytes | None) -> None:
        self.send = send
        self.head = head
        self.cookie = cookie
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_plain_page(message):
            self.start = message
        elif self.start is not None and message["type"] == "http.response.pathsend":
            self.body = Path(message["path"]).read_bytes()
            await self._finish()
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish()
        else:
            await self.send(message)

    async def _finish(self) -> None:
        start, self.start = self.start, None
        assert start is not None
        body = self.body.replace(b"</head>", self.head + b"</head>", 1)
        # So that what stands at the edge can keep clear of a phone's rounded corners.
        body = body.replace(b"shrink-to-fit=no", b"viewport-fit=cover", 1)
        changed = (b"content-length", b"etag", b"last-modified", b"accept-ranges")
        headers = [(k, v) for k, v in start["headers"] if k.lower() not in changed]
        headers.append((b"content-length", str(len(body)).encode()))
        if self.cookie is not None:
            headers.append((b"set-cookie", self.cookie))
        await self.send({**start, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _is_plain_page(message: Message) -> bool:
    headers = {k.lower(): v for k, v in message.get("headers", ())}
    packed = b"content-encoding" in headers
    return headers.get(b"content-type", b"").startswith(b"text/html") and not packed
