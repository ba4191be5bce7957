"""What stands before the app at each listener: every HTTP request and WebSocket passes here first.

Pages, media, downloads, uploads and the WebSocket are all behind it; a check in a page's script
would guard only the page. What is let through carries the header `LISTENER`, which no client can
send: it is taken off every request that comes in.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from holdwell.network import pin_page
from holdwell.network.addresses import parse_address, url_host
from holdwell.network.pairing import PairingFile, PinResult, add_phone, enter_pin, is_paired
from holdwell.network.pwa import COOKIE_SECONDS, OPEN_PATH

LISTENER: Final = "x-holdwell-listener"
LOCAL: Final = "local"
HOME: Final = "home"
PASSED: Final = "holdwell.listener"
"""In an ASGI scope: the listener that has let this connection through."""

COOKIE: Final = "holdwell_phone"
PIN_PATH: Final = "/holdwell/pin"
# Streamlit's way for programs to drive the app, and its memory figures: no page of ours uses them.
CLOSED: Final = ("/_stcore/agent", "/_stcore/metrics")
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
WRONG_PIN_DELAY_S: Final = 1.0
FORM_BYTES_MAX: Final = 200

# Scripts and styles in the page are Streamlit's; Vega compiles its expressions. Everything else
# comes only from here: the browser itself refuses any other host.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self' data: blob: {ws}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Not "no-referrer": with that a browser hides even from us where a form was sent from.
SAFETY_HEADERS: Final = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}

_log = logging.getLogger("holdwell")


def foreign_header(scope: Scope, headers: Headers, hosts: frozenset[str]) -> str | None:
    """Return which header shows that no page of the app made a request; None if none does.

    The Host header must name this listener (against DNS rebinding); an Origin header, which
    browsers send with every WebSocket, upload and form, must be this very host (against other
    sites); and a browser that says what a request is for (Fetch Metadata,
    https://www.w3.org/TR/fetch-metadata) may say that another site wants to open the page in a tab
    of its own, and nothing else.
    """
    host = headers.get("host", "")
    if len(headers.getlist("host")) != 1 or _host_name(host) not in hosts:
        return "host"
    origins = headers.getlist("origin")
    if origins and (len(origins) > 1 or origins[0] not in (f"http://{host}", f"https://{host}")):
        return "origin"
    acts = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
    if acts and not origins:
        return "origin"
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        wants = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
        if acts or wants != ("navigate", "document"):
            return "site"
    return None


def _host_name(host: str) -> str:
    """Return the name in a Host header, in lower case and without the port; "" if it has none."""
    try:
        split = urlsplit(f"//{host}")
        # Reading the port raises ValueError where it is no number.
        if split.port is not None and not 0 < split.port < 65536:
            return ""
    except ValueError:
        return ""
    if split.netloc != host or "@" in host or not split.hostname:
        return ""
    return url_host(split.hostname)


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    """Turn a request away: a WebSocket before it is accepted, which the client sees as 403."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await PlainTextResponse(why, status, headers=SAFETY_HEADERS)(scope, receive, send)


async def refuse_early(
    scope: Scope, receive: Receive, send: Send, hosts: frozenset[str], listener: str
) -> bool:
    """Turn away a request that no page of the app made; return whether that was done."""
    if (header := foreign_header(scope, Headers(scope=scope), hosts)) is not None:
        _log.warning("refused a foreign request at the %s listener (%s)", listener, header)
        await refuse(scope, receive, send, 403, "Refused.")
        return True
    if scope["path"].startswith(CLOSED):
        await refuse(scope, receive, send, 404, "Not found.")
        return True
    return False


def mark(scope: Scope, listener: str) -> Scope:
    """Return the scope with the listener's name, and without one that the client made up."""
    name = LISTENER.encode()
    headers = [(k, v) for k, v in scope["headers"] if k.lower() != name]
    return {**scope, "headers": [*headers, (name, listener.encode())], PASSED: listener}


def send_safely(send: Send, host: str) -> Send:
    """Return a `send` that adds the headers for what a page may load and who may frame it."""
    # Older Safari does not take 'self' for WebSockets too; a policy cannot name an IPv6 address.
    own = "" if "[" in host else f"ws://{host} wss://{host}"
    ours = {**SAFETY_HEADERS, "content-security-policy": POLICY.format(ws=own)}

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            # Streamlit's own headers open the app to other origins, and it needs none.
            kept = [
                (k, v)
                for k, v in message.get("headers", ())
                if k.lower().decode("latin-1") not in SAFETY_HEADERS
                and not k.lower().startswith(b"access-control-allow-")
            ]
            added = [(k.encode(), v.encode("latin-1")) for k, v in ours.items()]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return send_with_headers


class LocalMiddleware:
    """The guard of the listener on this computer.

    It is for this computer alone, even where Streamlit was told to listen elsewhere: both ends of
    the connection must be loopback addresses. It lets through what the other guard has passed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or PASSED in scope:
            await self.app(scope, receive, send)
            return
        pair = (scope.get("server"), scope.get("client"))
        ends = [parse_address(str(end[0])) for end in pair if end]
        if len(ends) != 2 or not all(end is not None and end.is_loopback for end in ends):
            await refuse(scope, receive, send, 403, "Only for this computer.")
        elif not await refuse_early(scope, receive, send, LOCAL_NAMES, LOCAL):
            host = Headers(scope=scope)["host"]
            await self.app(mark(scope, LOCAL), receive, send_safely(send, host))


class HomeMiddleware:
    """The guard of the home network's listener: only the icon passes before a phone is paired."""

    def __init__(
        self,
        app: ASGIApp,
        pairing: PairingFile,
        address: str,
        *,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.app = app
        self.pairing = pairing
        self.hosts = frozenset({url_host(address)})
        self.now = now
        self.pause = pause
        self._pin_lock = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return
        if await refuse_early(scope, receive, send, self.hosts, HOME):
            return
        headers = Headers(scope=scope)
        send = send_safely(send, headers["host"])
        paired = self._is_paired(headers)
        if paired and scope["path"] == PIN_PATH and scope["type"] == "http":
            # The form was sent twice, or the user went back to it.
            await RedirectResponse("/", 303)(scope, receive, send)
        elif paired or _is_open(scope):
            await self.app(mark(scope, HOME), receive, send)
        elif scope["type"] == "websocket":
            await refuse(scope, receive, send, 403, "")
        else:
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)

    def _is_paired(self, headers: Headers) -> bool:
        cookies = cookie_parser("; ".join(headers.getlist("cookie")))
        return COOKIE in cookies and is_paired(self.pairing.read(), cookies[COOKIE])

    async def _answer(self, request: Request) -> Response:
        if request.url.path == PIN_PATH and request.method == "POST":
            return await self._enter(request)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Refused.", 403)
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("Refused.", 401)
        return _ask(request, PinResult.SPENT if self.pairing.read().spent else None)

    async def _enter(self, request: Request) -> Response:
        # One attempt at a time, from all clients together: a second one is not even read.
        if self._pin_lock.locked():
            return _ask(request, PinResult.WAIT)
        async with self._pin_lock:
            pin = await _form_pin(request)
            client = request.client.host if request.client else ""
            try:
                # On disk before it is answered, so that a restart gives no fresh attempts.
                result = self.pairing.change(lambda p: enter_pin(p, pin, client, self.now()))
                if result is PinResult.OPEN:
                    today = date.today().isoformat()
                    token = self.pairing.change(lambda p: add_phone(p, today))
            except OSError as error:
                _log.warning("no phone can be let in: %s", error)
                result = PinResult.WAIT
            if result is not PinResult.OPEN:
                await self.pause(WRONG_PIN_DELAY_S)
                return _ask(request, result)
        response = RedirectResponse("/", 303, headers={"cache-control": "no-store"})
        response.set_cookie(
            COOKIE, token, max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="strict"
        )
        return response


def _is_open(scope: Scope) -> bool:
    path: str = scope["path"]
    reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
    return reads and path.startswith(f"{OPEN_PATH}/") and ".." not in path


def _ask(request: Request, result: PinResult | None) -> Response:
    text = pin_page.page(result, request.headers.get("accept-language", ""))
    return HTMLResponse(text, 401, headers={"cache-control": "no-store"})


async def _form_pin(request: Request) -> str:
    """Return the PIN of the form without spaces; "" if the body is too long or not a form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            return ""
    fields = parse_qs(body.decode("latin-1"))
    return "".join(fields.get("pin", [""])[0].split())
