"""The guards of the two listeners: every HTTP request and WebSocket passes one before the app.

Pages, media, downloads, uploads and the WebSocket are all behind a guard; a check in a page's
script would protect that page alone. A request that is let through carries the header `LISTENER`.
No client can forge it: it is removed from every request that arrives.
"""

import asyncio
import hmac
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs

import h11
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from holdwell.network import plain_pages
from holdwell.network.account import ACCOUNT, PASSED, Account, End, account_of
from holdwell.network.addresses import parse_address, url_host
from holdwell.network.pairing import (
    PairingFile,
    PinResult,
    add_phone,
    device_of,
    enter_pin,
    is_paired,
)
from holdwell.network.pwa import COOKIE_SECONDS, OPEN_PATH

LISTENER: Final = "x-holdwell-listener"
LOCAL: Final = "local"
HOME: Final = "home"

UNLOCK: Final = "x-holdwell-unlock"
"""The token with which a browser unlocks databases ("" for none); on WebSockets only."""
CONNECTION: Final = "x-holdwell-connection"
"""An id that the server gives each WebSocket."""

COOKIE: Final = "holdwell_phone"
PIN_PATH: Final = "/holdwell/pin"
AGAIN: Final = "again"
"""The query of `PIN_PATH` for a phone that has the cookie but not the secret that goes with it."""
# Streamlit's interface for programs, and its memory statistics: none of our pages uses them.
CLOSED: Final = ("/_stcore/agent", "/_stcore/metrics")
LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
WRONG_PIN_DELAY_S: Final = 1.0
FORM_BYTES_MAX: Final = 200
FORM_WITHIN_S: Final = 5.0

# Streamlit's page has inline scripts and styles, and Vega compiles its expressions. Everything else
# must come from this server: the browser itself refuses any other host.
POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "media-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self' data: blob: {ws}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Not "no-referrer": that would hide from us, too, which page a form was sent from.
SAFETY_HEADERS: Final = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}

_HOST: Final = re.compile(r"(\[[^]]*\]|[^:]*)(?::([0-9]{0,5}))?")
"""The name in a Host header, and its port if it has one."""
_PROTOCOL: Final = "sec-websocket-protocol"
_log = logging.getLogger("holdwell")


def foreign_header(scope: Scope, headers: Headers, hosts: Collection[str]) -> str | None:
    """Return which header shows that a request is not from a page of the app; None if none does.

    The Host header must name this listener (against DNS rebinding). An Origin header, which
    browsers send with every WebSocket, upload and form, must be the same host (against other
    sites). If the browser says what a request is for (Fetch Metadata,
    https://www.w3.org/TR/fetch-metadata), another site may only open the page in a tab of its own.
    """
    host = headers.get("host", "")
    named = _HOST.fullmatch(host.lower())
    in_range = named is not None and 0 < int(named[2] or 80) < 65536
    if len(headers.getlist("host")) != 1 or named is None or not in_range or named[1] not in hosts:
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


class Secrets(NamedTuple):
    """The secrets that a browser keeps for this port, and `handshake.js` sends with a WebSocket.

    `key` shows that the browser belongs to the account that runs the app, `phone` goes with the
    cookie of a phone, and `unlock` is the token of unlocked databases; each is "" if not sent.
    """

    key: str = ""
    phone: str = ""
    unlock: str = ""


def _protocols(headers: Headers) -> tuple[list[str], Secrets]:
    """Return the subprotocols that a WebSocket asks for, and the secrets, sent as one of them."""
    asked = [name.strip() for name in ",".join(headers.getlist(_PROTOCOL)).split(",")]
    parts = [name.split(".")[1:] for name in asked if name.startswith("holdwell.")]
    sent = Secrets(*parts[0]) if parts and len(parts[0]) == len(Secrets._fields) else Secrets()
    return [name for name in asked if name and not name.startswith("holdwell.")], sent


def _refusal(scope: Scope, status: int, why: str) -> ASGIApp:
    """Return an app that refuses a request. A WebSocket is not accepted: its client sees a 403."""
    if scope["type"] == "websocket":
        return WebSocketClose(1008)
    return PlainTextResponse(why, status, headers=SAFETY_HEADERS)


def _marked_scope(scope: Scope, listener: str) -> Scope:
    """Return the scope with the guard's own headers, without any that the client has forged."""
    added = {LISTENER: listener}
    dropped = {LISTENER, UNLOCK, CONNECTION}
    changed: dict[str, Any] = {PASSED: listener}
    if scope["type"] == "websocket":
        kept, sent = _protocols(Headers(scope=scope))
        added |= {UNLOCK: sent.unlock, CONNECTION: secrets.token_urlsafe(16)}
        added |= {_PROTOCOL: ", ".join(kept)} if kept else {}
        dropped.add(_PROTOCOL)
        changed["subprotocols"] = kept
    headers = [(k, v) for k, v in scope["headers"] if k.lower().decode("latin-1") not in dropped]
    headers += [(k.encode(), v.encode("latin-1")) for k, v in added.items()]
    return {**scope, **changed, "headers": headers}


def _send_safely(send: Send, host: str, path: str) -> Send:
    """Return a `send` that adds the security headers: what a page may load, and who may frame it.

    A browser may cache only the parts of the app itself, which contain nothing of the user's.
    """
    # In older Safari 'self' does not cover WebSockets. A policy cannot name an IPv6 address.
    own = "" if "[" in host else f"ws://{host} wss://{host}"
    added = {**SAFETY_HEADERS, "content-security-policy": POLICY.format(ws=own)}
    if not path.startswith(("/static/", f"{OPEN_PATH}/")):
        added["cache-control"] = "no-store"

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            # Streamlit's own headers let other origins use the app, which needs none of them.
            kept = MutableHeaders(raw=[(k.lower(), v) for k, v in message.get("headers", ())])
            for name in [name for name in kept if name.startswith("access-control-allow-")]:
                del kept[name]
            kept.update(added)
            message = {**message, "headers": kept.raw}
        await send(message)

    return send_with_headers


class _Guard:
    """Decides for every request at a listener whether the app answers it, or a refusal or form."""

    def __init__(self, app: ASGIApp, listener: str, hosts: Collection[str]) -> None:
        self.app = app
        self.listener = listener
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or PASSED in scope:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if header := foreign_header(scope, headers, self.hosts):
            _log.warning("refused a foreign request at the %s listener (%s)", self.listener, header)
            answer = _refusal(scope, 403, "Refused.")
        elif scope["path"].startswith(CLOSED):
            answer = _refusal(scope, 404, "Not found.")
        else:
            answer = await self._answer(scope, receive)
            send = _send_safely(send, headers["host"], scope["path"])
        if answer is self.app:
            scope = _marked_scope(scope, self.listener)
        # uvicorn raises this if the body was not valid HTTP or the client has gone.
        with suppress(h11.LocalProtocolError):
            await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> ASGIApp:
        """Return the app if a request may reach it, else what answers in its place."""
        raise NotImplementedError


class LocalMiddleware(_Guard):
    """The guard of the listener on this computer.

    It lets in this computer alone, even if Streamlit was told to listen elsewhere: both ends of a
    connection must be loopback addresses. Of this computer's accounts it lets in the one that runs
    the app. If the system does not tell the account, a WebSocket has to bring the key from the
    address that the app opened; without a WebSocket a browser gets only the empty page. Requests
    that the other guard has let through pass.
    """

    def __init__(
        self, app: ASGIApp, key: str = "", account: Callable[[End, End], Account] = account_of
    ) -> None:
        super().__init__(app, LOCAL, LOCAL_NAMES)
        self.key = key or secrets.token_urlsafe(32)
        self.account = account

    async def _answer(self, scope: Scope, receive: Receive) -> ASGIApp:
        ends = [parse_address(str((scope.get(end) or [""])[0])) for end in ("client", "server")]
        # By this header, which anyone can send, uvicorn takes another connection for the client's.
        forwarded = "x-forwarded-for" in Headers(scope=scope)
        if forwarded or not all(end is not None and end.is_loopback for end in ends):
            return _refusal(scope, 403, "Only for this computer.")
        scope[ACCOUNT] = account = self.account(scope["client"], scope["server"])
        may_enter = account is not Account.OTHER
        if account is Account.UNKNOWN and scope["type"] == "websocket":
            _, sent = _protocols(Headers(scope=scope))
            may_enter = hmac.compare_digest(sent.key.encode(), self.key.encode())
        if not may_enter:
            _log.warning("refused another account of this computer")
            return _refusal(scope, 403, "Only for the account that runs the app.")
        return self.app


class HomeMiddleware(_Guard):
    """The guard of the home network's listener: before a phone is paired it gets only the icon."""

    def __init__(
        self,
        app: ASGIApp,
        pairing: PairingFile,
        address: str,
        *,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(app, HOME, {url_host(address)})
        self.pairing = pairing
        self.now = now
        self.pause = pause
        self._entering: set[str] = set()

    async def _answer(self, scope: Scope, receive: Receive) -> ASGIApp:
        connection = HTTPConnection(scope)
        headers, token = connection.headers, connection.cookies.get(COOKIE, "")
        pairing = self.pairing.read()
        if scope["type"] == "websocket":
            # Browsers send the cookie to every port of this address, but the secret only to this.
            _, sent = _protocols(headers)
            bound = is_paired(pairing, token, sent.phone)
            return self.app if bound else _refusal(scope, 403, "")
        paired = is_paired(pairing, token)
        asks_pin = scope["path"] == PIN_PATH
        if paired and asks_pin and scope["query_string"] != AGAIN.encode():
            # The form was sent twice, or the user came back to it.
            return RedirectResponse("/", 303)
        reads = scope["method"] in ("GET", "HEAD")
        is_open = scope["path"].startswith(f"{OPEN_PATH}/") and ".." not in scope["path"]
        if (paired and not asks_pin) or (reads and is_open):
            return self.app
        request = Request(scope, receive)
        if asks_pin and scope["method"] == "POST":
            return await self._enter(request)
        if not reads:
            return PlainTextResponse("Refused.", 403)
        if "text/html" not in headers.get("accept", ""):
            return PlainTextResponse("Refused.", 401)
        return _pin_page(request, PinResult.SPENT if pairing.spent else None)

    async def _enter(self, request: Request) -> Response:
        pin = await _form_pin(request)
        client = request.client.host if request.client else ""
        # Each device makes one attempt at a time, and none has to wait for another device.
        if (device := device_of(client)) in self._entering:
            return _pin_page(request, PinResult.WAIT)
        self._entering.add(device)
        try:
            return await self._try(request, pin, client)
        finally:
            self._entering.discard(device)

    async def _try(self, request: Request, pin: str, client: str) -> Response:
        earlier_token = request.cookies.get(COOKIE, "")
        today = date.today().isoformat()
        try:
            # Saved before the answer is sent, so that a restart does not reset the attempts.
            result = self.pairing.change(lambda p: enter_pin(p, pin, client, self.now()))
            if result is PinResult.OPEN:
                token, secret = self.pairing.change(
                    lambda p: add_phone(p, today, replaces=earlier_token)
                )
        except OSError as error:
            _log.warning("no phone can be let in: %s", error)
            result = PinResult.WAIT
        if result is not PinResult.OPEN:
            await self.pause(WRONG_PIN_DELAY_S)
            return _pin_page(request, result)
        response = HTMLResponse(plain_pages.pin_entered(secret))
        response.set_cookie(
            COOKIE, token, max_age=COOKIE_SECONDS, path="/", httponly=True, samesite="strict"
        )
        return response


def _pin_page(request: Request, result: PinResult | None) -> Response:
    action = f"{PIN_PATH}?{AGAIN}" if request.url.query == AGAIN else PIN_PATH
    text = plain_pages.pin_form(result, request.headers.get("accept-language", ""), action)
    return HTMLResponse(text, 401)


async def _form_pin(request: Request) -> str:
    """Return the PIN of the form without spaces; "" if the body is late, too long or not a form."""
    body = b""
    with suppress(TimeoutError, ClientDisconnect):
        async with asyncio.timeout(FORM_WITHIN_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > FORM_BYTES_MAX:
                    return ""
    fields = parse_qs(body.decode("latin-1"))
    return "".join(fields.get("pin", [""])[0].split())
