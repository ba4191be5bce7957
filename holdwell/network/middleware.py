"""What stands before the app at each door: every HTTP request and WebSocket passes here first.

Pages, media, downloads, uploads and the WebSocket are all behind it; a check in a page's script
would guard only the page. The doors stamp what they let through with the header `DOOR`, which no
client can send: it is taken off whatever comes in.
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
from holdwell.network.addresses import in_url, parsed
from holdwell.network.pairing import KeyFile, Verdict, admitted, entered, knows
from holdwell.network.pwa import COOKIE_SECONDS

DOOR: Final = "x-holdwell-door"
LOCAL: Final = "local"
HOME: Final = "home"
PASSED: Final = "holdwell.door"
"""In an ASGI scope: the door that has let this connection through."""

COOKIE: Final = "holdwell_phone"
PIN_PATH: Final = "/holdwell/pin"
OPEN_FOLDER: Final = "/holdwell/look/"
"""The icon and the app's name, which a phone may ask for before it has entered the PIN."""
# Streamlit's way for programs to drive the app, and its memory figures: nobody here asks for them.
CLOSED: Final = ("/_stcore/agent", "/_stcore/metrics")
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
SLOW_S: Final = 1.0
FORM_BYTES: Final = 200

# Scripts and styles in the page are Streamlit's; Vega compiles its expressions. Everything else
# only from here: the browser itself refuses any other host.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self' data: blob: {ws}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Not "no-referrer": with that a browser hides even from us where a form was sent from.
GUARDS: Final = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
}

_log = logging.getLogger("holdwell")


def foreign(scope: Scope, headers: Headers, hosts: frozenset[str] | set[str]) -> str | None:
    """Why a request is none of the app's own pages' making; None if nothing speaks against it.

    The Host header must name this door (against DNS rebinding); an Origin header, which browsers
    send with every WebSocket, upload and form, must be this very host (against other sites); and
    a browser that says what a request is for (Fetch Metadata, https://www.w3.org/TR/fetch-metadata)
    must not say that another site wants anything but to open the page in a tab of its own.
    """
    host = headers.get("host", "")
    if len(headers.getlist("host")) != 1 or _name(host) not in hosts:
        return "host"
    origins = headers.getlist("origin")
    if origins and (len(origins) > 1 or origins[0] not in (f"http://{host}", f"https://{host}")):
        return "origin"
    asks = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
    if asks and not origins:
        return "origin"
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        opens = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
        if asks or opens != ("navigate", "document"):
            return "site"
    return None


def _name(host: str) -> str:
    """The name in a Host header, in lower case and without the port; "" for what is none."""
    try:
        split = urlsplit(f"//{host}")
        # Reading the port makes sure that it is one.
        if split.port is not None and not 0 < split.port < 65536:
            return ""
    except ValueError:
        return ""
    if split.netloc != host or "@" in host or not split.hostname:
        return ""
    return in_url(split.hostname)


async def refuse(scope: Scope, send: Send, receive: Receive, status: int, why: str) -> None:
    """Turn a request away: a WebSocket before it is accepted, which the client sees as 403."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    await PlainTextResponse(why, status, headers=GUARDS)(scope, receive, send)


def stamped(scope: Scope, door: str) -> Scope:
    """The scope with the door's stamp, and without one that the client made up."""
    name = DOOR.encode()
    headers = [(k, v) for k, v in scope["headers"] if k.lower() != name]
    return {**scope, "headers": [*headers, (name, door.encode())], PASSED: door}


def guarding(send: Send, host: str) -> Send:
    """Send with the headers that tell the browser what this page may load, and who may frame it."""
    # Older Safari does not take 'self' for WebSockets too; a policy cannot name an IPv6 address.
    own = "" if "[" in host else f"ws://{host} wss://{host}"
    policy = POLICY.format(ws=own).encode("latin-1")

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            # Streamlit's own, for other origins: we have none.
            kept = [
                (k, v)
                for k, v in message.get("headers", ())
                if k.lower().decode("latin-1") not in GUARDS
                and not k.lower().startswith(b"access-control-allow-")
            ]
            ours = [(k.encode(), v.encode()) for k, v in GUARDS.items()]
            message = {
                **message,
                "headers": [*kept, *ours, (b"content-security-policy", policy)],
            }
        await send(message)

    return send_guarded


class LocalGate:
    """The door on this computer itself, as a middleware of the app.

    Open to this computer alone, even where someone has told Streamlit to listen elsewhere: both
    ends of the connection must be loopback addresses. It lets through what the other door has.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or PASSED in scope:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        ends = [parsed(str(end[0])) for end in (scope.get("server"), scope.get("client")) if end]
        if len(ends) != 2 or not all(end is not None and end.is_loopback for end in ends):
            await refuse(scope, send, receive, 403, "Only for this computer.")
            return
        why = foreign(scope, headers, LOCAL_NAMES)
        if why is not None:
            _log.warning("refused a request from elsewhere (%s)", why)
            await refuse(scope, send, receive, 403, "Refused.")
            return
        if scope["path"].startswith(CLOSED):
            await refuse(scope, send, receive, 404, "Not found.")
            return
        await self.app(stamped(scope, LOCAL), receive, guarding(send, headers["host"]))


class HomeGate:
    """The door to the home network: closed but for the icon until a phone has entered the PIN."""

    def __init__(
        self,
        app: ASGIApp,
        keys: KeyFile,
        address: str,
        *,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.app = app
        self.keys = keys
        self.hosts = frozenset({in_url(address)})
        self.now = now
        self.pause = pause
        self._at_the_pin = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return
        headers = Headers(scope=scope)
        why = foreign(scope, headers, self.hosts)
        if why is not None:
            _log.warning("refused a request from elsewhere in the home network (%s)", why)
            await refuse(scope, send, receive, 403, "Refused.")
            return
        if scope["path"].startswith(CLOSED):
            await refuse(scope, send, receive, 404, "Not found.")
            return
        send = guarding(send, headers["host"])
        known = self._known(headers)
        if known and scope["path"] == PIN_PATH and scope["type"] == "http":
            # Sent twice, or gone back to: she is in.
            await RedirectResponse("/", 303)(scope, receive, send)
        elif known or self._open(scope):
            await self.app(stamped(scope, HOME), receive, send)
        elif scope["type"] == "websocket":
            await refuse(scope, send, receive, 403, "")
        else:
            await (await self._answer(Request(scope, receive)))(scope, receive, send)

    def _open(self, scope: Scope) -> bool:
        path: str = scope["path"]
        return (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and path.startswith(OPEN_FOLDER)
            and ".." not in path
        )

    def _known(self, headers: Headers) -> bool:
        keys = self.keys.read()
        cookies = cookie_parser("; ".join(headers.getlist("cookie")))
        return COOKIE in cookies and knows(keys, cookies[COOKIE])

    async def _answer(self, request: Request) -> Response:
        if request.url.path == PIN_PATH and request.method == "POST":
            return await self._enter(request)
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Refused.", 403)
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("Refused.", 401)
        return self._ask(request, Verdict.SPENT if self.keys.read().spent else None)

    def _ask(self, request: Request, verdict: Verdict | None) -> Response:
        text = pin_page.page(verdict, request.headers.get("accept-language", ""))
        return HTMLResponse(text, 401, headers={"cache-control": "no-store"})

    async def _enter(self, request: Request) -> Response:
        # One guess at a time, whoever makes it: a second one is not even read.
        if self._at_the_pin.locked():
            return self._ask(request, Verdict.WAIT)
        async with self._at_the_pin:
            given = await _form_pin(request)
            client = request.client.host if request.client else ""
            try:
                # On disk before it is answered, so that a restart gives no fresh guesses.
                verdict = self.keys.change(lambda keys: entered(keys, given, client, self.now()))
                if verdict is Verdict.OPEN:
                    today = date.today().isoformat()
                    token = self.keys.change(lambda keys: admitted(keys, today))
            except OSError as error:
                _log.warning("no phone can be let in: %s", error)
                verdict = Verdict.WAIT
            if verdict is not Verdict.OPEN:
                await self.pause(SLOW_S)
                return self._ask(request, verdict)
        response = RedirectResponse("/", 303, headers={"cache-control": "no-store"})
        response.set_cookie(
            COOKIE, token, max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="strict"
        )
        return response


async def _form_pin(request: Request) -> str:
    """The PIN of the form; "" for a body that is too long or no form. Spaces are taken out."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return ""
    fields = parse_qs(body.decode("latin-1"))
    return "".join(fields.get("pin", [""])[0].split())
