"""Both guards in front of a stand-in for the app, and requests to them."""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest
from starlette.types import Message, Receive, Scope, Send

from holdwell.network.account import Account
from holdwell.network.middleware import PIN_PATH, HomeMiddleware, LocalMiddleware
from holdwell.network.pairing import Pairing, PairingFile

ADDRESS = "192.168.1.20"


HOST = f"{ADDRESS}:8501"


ORIGIN = f"http://{HOST}"


PIN = "012345"


SECRET = b"what the user logged"


WEBSOCKET = "websocket"


SECRET_KEPT = re.compile(r"localStorage.setItem\('holdwell-phone', '([\w-]{40,})'\)")


T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in its own thread, since Playwright has an event loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@dataclass
class GuardAnswer:
    """The answer of a guard. `reached` is the scope that the app got, or None."""

    messages: list[Message] = field(default_factory=list)
    reached: Scope | None = None

    @property
    def status(self) -> int:
        return int(next((m["status"] for m in self.messages if "status" in m), 0))

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.messages)

    def header(self, name: str) -> str:
        start = next(m for m in self.messages if m["type"] == "http.response.start")
        return "; ".join(v.decode() for k, v in start["headers"] if k.decode().lower() == name)

    @property
    def let_in(self) -> bool:
        return self.reached is not None


def ask(
    guard: Any,
    path: str = "/",
    method: str = "GET",
    *,
    host: str | None = HOST,
    headers: Iterable[tuple[str, str]] = (),
    client: str = "192.168.1.33",
    server: str = ADDRESS,
    query: str = "",
    body: bytes = b"",
) -> GuardAnswer:
    """Send one request to a guard; the `method` WEBSOCKET opens a WebSocket."""
    answer = GuardAnswer()
    raw = [(k.lower().encode(), v.encode("latin-1")) for k, v in headers]
    if host is not None:
        raw.append((b"host", host.encode("latin-1")))
    scope: Scope = {
        "type": "websocket" if method == WEBSOCKET else "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": raw,
        "client": (client, 50000),
        "server": (server, 8501),
        "scheme": "ws" if method == WEBSOCKET else "http",
    }
    if method != WEBSOCKET:
        scope["method"] = method

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        answer.messages.append(message)

    guard.app.answer = answer
    run(guard(scope, receive, send))
    return answer


class TheApp:
    """A stand-in for Streamlit that answers with SECRET, as if it were the database."""

    answer: GuardAnswer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.answer.reached = scope
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        own = [
            (b"content-type", b"text/plain"),
            (b"access-control-allow-origin", b"http://evil.example"),
            (b"cache-control", b"public, max-age=9"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": SECRET})


@pytest.fixture
def pairing(tmp_path: Path) -> PairingFile:
    file = PairingFile(tmp_path)
    file.update(lambda _: Pairing(PIN, ADDRESS))
    return file


class PausedClock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.paused: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)


@pytest.fixture
def clock() -> PausedClock:
    return PausedClock()


@pytest.fixture
def home(pairing: PairingFile, clock: PausedClock) -> HomeMiddleware:
    return HomeMiddleware(TheApp(), pairing, ADDRESS, now=lambda: clock.now, pause=clock.pause)


@pytest.fixture
def local() -> LocalMiddleware:
    return LocalMiddleware(TheApp(), account=lambda _client, _server: Account.OWN)


def at_local(
    guard: LocalMiddleware, path: str = "/", method: str = "GET", **more: Any
) -> GuardAnswer:
    more = {"host": "localhost:8501", "client": "127.0.0.1", "server": "127.0.0.1", **more}
    return ask(guard, path, method, **more)


def enter(
    guard: HomeMiddleware, pin: str, client: str = "192.168.1.33", **more: Any
) -> GuardAnswer:
    body = urlencode({"pin": pin}).encode()
    return ask(
        guard, PIN_PATH, "POST", headers=[("Origin", ORIGIN)], client=client, body=body, **more
    )


def cookie_of(answer: GuardAnswer) -> str:
    return answer.header("set-cookie").split(";")[0]


def known(answer: GuardAnswer) -> list[tuple[str, str]]:
    """Return the headers that the browser sends from then on, after this answer to its PIN."""
    secret = SECRET_KEPT.findall(answer.body.decode())[0]
    return [
        ("Cookie", cookie_of(answer)),
        ("Sec-WebSocket-Protocol", f"streamlit, xsrf, holdwell..{secret}."),
    ]
