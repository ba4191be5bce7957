"""Both guards, without a server: who is let through, who is not, and what they are told."""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from holdwell.network import middleware
from holdwell.network.account import Account
from holdwell.network.middleware import (
    AGAIN,
    CONNECTION,
    COOKIE,
    HOME,
    LISTENER,
    LOCAL,
    PIN_PATH,
    UNLOCK,
    HomeMiddleware,
    LocalMiddleware,
)
from holdwell.network.pairing import (
    ATTEMPTS_IN_ALL,
    ATTEMPTS_PER_ADDRESS,
    Pairing,
    PairingFile,
    renew_pin,
)

ADDRESS = "192.168.1.20"
HOST = f"{ADDRESS}:8501"
ORIGIN = f"http://{HOST}"
PIN = "012345"
SECRET = b"what the user logged"
WEBSOCKET = "websocket"
SECRET_KEPT = re.compile(r"localStorage.setItem\('holdwell-phone', '([\w-]{40,})'\)")
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end in a thread of its own: Playwright keeps a loop in the tests' main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@dataclass
class Answer:
    """What a guard answered. `reached` is what the app saw of the request, if it did."""

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
) -> Answer:
    """Send one request to a guard; `method` WEBSOCKET opens one."""
    answer = Answer()
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


def post_of(client: str) -> Scope:
    """A POST of the PIN's form, whose body is still to come."""
    return {
        "type": "http",
        "method": "POST",
        "path": PIN_PATH,
        "query_string": b"",
        "headers": [(b"host", HOST.encode()), (b"origin", ORIGIN.encode())],
        "client": (client, 50000),
        "server": (ADDRESS, 8501),
        "scheme": "http",
    }


class TheApp:
    """A stand-in for Streamlit: a request that reaches it sees the database."""

    answer: Answer

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


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.paused: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(pairing: PairingFile, clock: Clock) -> HomeMiddleware:
    return HomeMiddleware(TheApp(), pairing, ADDRESS, now=lambda: clock.now, pause=clock.pause)


@pytest.fixture
def local() -> LocalMiddleware:
    return LocalMiddleware(TheApp(), account=lambda _client, _server: Account.OWN)


def at_local(guard: LocalMiddleware, path: str = "/", method: str = "GET", **more: Any) -> Answer:
    more = {"host": "localhost:8501", "client": "127.0.0.1", "server": "127.0.0.1", **more}
    return ask(guard, path, method, **more)


def enter(guard: HomeMiddleware, pin: str, client: str = "192.168.1.33", **more: Any) -> Answer:
    body = urlencode({"pin": pin}).encode()
    return ask(
        guard, PIN_PATH, "POST", headers=[("Origin", ORIGIN)], client=client, body=body, **more
    )


def cookie_of(answer: Answer) -> str:
    return answer.header("set-cookie").split(";")[0]


def known(answer: Answer) -> list[tuple[str, str]]:
    """The headers by which the browser that got this answer is known from then on."""
    secret = SECRET_KEPT.findall(answer.body.decode())[0]
    return [
        ("Cookie", cookie_of(answer)),
        ("Sec-WebSocket-Protocol", f"streamlit, xsrf, holdwell..{secret}."),
    ]


ENDPOINTS = [
    ("/", "GET"),
    ("/progress", "GET"),
    ("/static/js/index.js", "GET"),
    ("/media/abc.svg", "GET"),
    ("/media/abc.svg", "HEAD"),
    ("/component/x/index.html", "GET"),
    ("/_stcore/bidi-components/x/y.js", "GET"),
    ("/_stcore/health", "GET"),
    ("/_stcore/host-config", "GET"),
    ("/_stcore/upload_file/session/file", "PUT"),
    ("/_stcore/upload_file/session/file", "DELETE"),
    ("/_stcore/upload_file/session/file", "OPTIONS"),
    ("/_stcore/stream", WEBSOCKET),
    ("/anything", WEBSOCKET),
    ("/holdwell/look", "GET"),
    ("/holdwell/look/../../media/abc.svg", "GET"),
    ("/holdwell/look/icon-192.png", "POST"),
    ("/holdwell/look/x", WEBSOCKET),
    (PIN_PATH, "GET"),
    (PIN_PATH, "PUT"),
]


@pytest.mark.parametrize(("path", "method"), ENDPOINTS)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=", f"{COOKIE}=guess", f"other=1; {COOKIE}=x"])
def test_nothing_passes_without_a_token(
    home: HomeMiddleware, path: str, method: str, accept: str, cookie: str
) -> None:
    headers = [("Origin", ORIGIN), ("Accept", accept), ("Cookie", cookie)]
    answer = ask(home, path, method, headers=headers)
    assert not answer.let_in
    assert SECRET not in answer.body
    assert PIN.encode() not in answer.body
    if method == WEBSOCKET:
        assert [m["type"] for m in answer.messages] == ["websocket.close"]
    else:
        assert answer.status in (401, 403)


def test_the_icon_and_the_name_are_open(home: HomeMiddleware) -> None:
    assert ask(home, "/holdwell/look/icon-192.png").let_in


@pytest.mark.parametrize(
    ("path", "method"), [e for e in ENDPOINTS if ".." not in e[0] and e[0] != PIN_PATH]
)
def test_everything_passes_with_the_token(home: HomeMiddleware, path: str, method: str) -> None:
    headers = [("Origin", ORIGIN), *known(enter(home, PIN))]
    assert ask(home, path, method, headers=headers).let_in


def test_the_cookie_of_a_phone_opens_no_page_by_itself(home: HomeMiddleware) -> None:
    """Any other port of the address is sent the cookie, and can set one."""
    cookie, other = cookie_of(enter(home, PIN)), known(enter(home, PIN))
    protocols = [
        "streamlit, xsrf",
        f"streamlit, xsrf, holdwell..{cookie}.",
        "holdwell...",
        "",
        "a.b",
    ]
    for protocol in [*protocols, other[1][1]]:
        headers = [("Cookie", cookie), ("Sec-WebSocket-Protocol", protocol), ("Origin", ORIGIN)]
        assert not ask(home, "/_stcore/stream", WEBSOCKET, headers=headers).let_in
    assert ask(home, "/_stcore/stream", WEBSOCKET, headers=[*other, ("Origin", ORIGIN)]).let_in


def test_a_phone_that_lost_its_secret_is_asked_again(
    home: HomeMiddleware, pairing: PairingFile
) -> None:
    cookie = ("Cookie", cookie_of(enter(home, PIN)))
    page = ask(home, PIN_PATH, query=AGAIN, headers=[("Accept", "text/html"), cookie])
    assert f'action="{PIN_PATH}?{AGAIN}"' in page.body.decode()
    body = urlencode({"pin": PIN}).encode()
    sent = [("Origin", ORIGIN), cookie]
    answer = ask(home, PIN_PATH, "POST", query=AGAIN, headers=sent, body=body)
    headers = [("Origin", ORIGIN), *known(answer)]
    assert ask(home, "/_stcore/stream", WEBSOCKET, headers=headers).let_in
    assert len(pairing.read().phones) == 1


@pytest.mark.parametrize("method", ["GET", WEBSOCKET])
def test_another_account_of_the_computer_is_let_in_nowhere(method: str) -> None:
    guard = LocalMiddleware(TheApp(), key="key", account=lambda _client, _server: Account.OTHER)
    headers = [("Origin", "http://localhost:8501"), ("Sec-WebSocket-Protocol", "holdwell.key..")]
    answer = at_local(guard, "/_stcore/stream", method, headers=headers)
    assert not answer.let_in
    assert SECRET not in answer.body


@pytest.mark.parametrize(
    ("protocol", "let_in"),
    [
        ("holdwell.the-key..", True),
        ("holdwell.guess..", False),
        ("holdwell...", False),
        ("a", False),
    ],
)
def test_where_the_system_tells_no_account_the_key_of_the_address_does(
    protocol: str, let_in: bool
) -> None:
    guard = LocalMiddleware(
        TheApp(), key="the-key", account=lambda _client, _server: Account.UNKNOWN
    )
    headers = [("Origin", "http://localhost:8501"), ("Sec-WebSocket-Protocol", protocol)]
    answer = at_local(guard, "/_stcore/stream", WEBSOCKET, headers=headers)
    assert answer.let_in is let_in


def test_the_app_sees_what_a_browser_unlocked_and_never_what_a_client_made_up(
    local: LocalMiddleware,
) -> None:
    sent = [
        ("Origin", "http://localhost:8501"),
        ("Sec-WebSocket-Protocol", "streamlit, xsrf, session, holdwell.k.p.the-token"),
        (UNLOCK, "made up"),
        (CONNECTION, "made up"),
    ]
    names = []
    for _ in range(2):
        reached = at_local(local, "/_stcore/stream", WEBSOCKET, headers=sent).reached
        assert reached is not None
        headers = Headers(scope=reached)
        assert headers.getlist(UNLOCK) == ["the-token"]
        assert headers.getlist("sec-websocket-protocol") == ["streamlit, xsrf, session"]
        names += headers.getlist(CONNECTION)
    assert len(set(names)) == 2
    assert "made up" not in names


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", False),
        ("/media/abc.svg", False),
        ("/_stcore/host-config", False),
        ("/static/js/index.js", True),
        ("/holdwell/look/icon-192.png", True),
    ],
)
def test_the_browser_keeps_nothing_but_the_parts_of_the_app(
    local: LocalMiddleware, home: HomeMiddleware, path: str, kept: bool
) -> None:
    cookie = ("Cookie", cookie_of(enter(home, PIN)))
    for answer in (at_local(local, path), ask(home, path, headers=[cookie])):
        assert answer.let_in
        assert answer.header("cache-control") == ("public, max-age=9" if kept else "no-store")


def test_the_right_pin_gives_a_cookie_that_scripts_and_other_sites_cannot_use(
    home: HomeMiddleware,
) -> None:
    answer = enter(home, " 012 345 ")
    assert (answer.status, answer.header("cache-control")) == (200, "no-store")
    given = answer.header("set-cookie").lower()
    assert "httponly" in given
    assert "samesite=strict" in given
    assert "path=/" in given
    assert PIN not in given


def test_sending_the_pin_twice_does_no_harm(home: HomeMiddleware) -> None:
    cookie = cookie_of(enter(home, PIN))
    headers = [("Origin", ORIGIN), ("Cookie", cookie)]
    answer = ask(home, PIN_PATH, "POST", headers=headers, body=b"pin=1")
    assert (answer.status, answer.header("location")) == (303, "/")


def test_a_wrong_pin_is_slowed_down_and_says_so(home: HomeMiddleware, clock: Clock) -> None:
    answer = enter(home, "999999")
    assert answer.status == 401
    assert "not the PIN" in answer.body.decode()
    assert "set-cookie" not in {k.decode() for k, _ in answer.messages[0]["headers"]}
    assert clock.paused == [1.0]


def test_after_too_many_attempts_an_address_waits_and_others_do_not(home: HomeMiddleware) -> None:
    for _ in range(ATTEMPTS_PER_ADDRESS):
        answer = enter(home, "999999")
    assert "quarter of an hour" in answer.body.decode()
    assert enter(home, PIN).status == 401
    assert enter(home, PIN, client="192.168.1.44").status == 200


def test_a_forged_address_gives_no_fresh_attempts(home: HomeMiddleware) -> None:
    body = urlencode({"pin": "999999"}).encode()
    for number in range(ATTEMPTS_PER_ADDRESS):
        forged = [("X-Forwarded-For", f"127.0.0.{number}"), ("Forwarded", "for=127.0.0.1")]
        ask(home, PIN_PATH, "POST", headers=[("Origin", ORIGIN), *forged], body=body)
    assert enter(home, PIN).status == 401


def test_a_spent_pin_says_so_and_phones_that_were_let_in_stay(
    home: HomeMiddleware, pairing: PairingFile
) -> None:
    cookie = cookie_of(enter(home, PIN))
    for number in range(ATTEMPTS_IN_ALL):
        enter(home, "999999", client=f"192.168.2.{number}")
    answer = enter(home, PIN, client="192.168.3.1")
    assert "opens nothing any more" in answer.body.decode()
    page = ask(home, headers=[("Accept", "text/html")])
    assert "opens nothing any more" in page.body.decode()
    assert ask(home, headers=[("Cookie", cookie)]).let_in
    pairing.update(renew_pin)
    assert enter(home, pairing.read().pin, client="192.168.3.1").status == 200


def test_an_attempt_that_cannot_be_written_down_opens_nothing(
    home: HomeMiddleware, pairing: PairingFile
) -> None:
    pairing.read()
    pairing.path.unlink()
    pairing.path.mkdir()
    assert enter(home, pairing.read().pin).status == 401


def test_a_request_that_is_never_finished_keeps_nobody_out(
    home: HomeMiddleware, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The PIN is read before its turn comes, within a time; and turns are taken by each device."""
    monkeypatch.setattr(middleware, "FORM_WITHIN_S", 0.01)
    started: list[str] = []

    async def both() -> tuple[Message, int]:
        never = asyncio.Event()
        sent: list[Message] = []

        async def receive() -> Message:
            started.append("unfinished")
            if len(started) > 1:
                await never.wait()
            return {"type": "http.request", "body": b"pin=0", "more_body": True}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = post_of(client="192.168.1.66")
        unfinished = asyncio.create_task(home(scope, receive, send))
        while len(started) < 2:
            await asyncio.sleep(0)
        entered: list[Message] = []

        async def receive_pin() -> Message:
            return {"type": "http.request", "body": f"pin={PIN}".encode(), "more_body": False}

        async def send_back(message: Message) -> None:
            entered.append(message)

        await home(post_of(client="192.168.1.44"), receive_pin, send_back)
        await unfinished
        return entered[0], sent[0]["status"]

    answer, unfinished = run(both())
    assert answer["status"] == 200
    assert unfinished == 401


def test_of_two_attempts_of_one_device_at_once_one_is_read(home: HomeMiddleware) -> None:
    home._entering.add("192.168.1.33")
    assert enter(home, PIN).status == 401
    assert enter(home, PIN, client="192.168.1.44").status == 200


def test_a_long_body_is_not_read_as_a_pin(home: HomeMiddleware) -> None:
    body = b"x=" + b"1" * 5000 + b"&pin=012345"
    assert ask(home, PIN_PATH, "POST", headers=[("Origin", ORIGIN)], body=body).status == 401


FOREIGN_HOSTS = [
    None,
    "",
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "user@localhost",
    "localhost:99999",
    "localhost:x",
    "localhost/x",
    "0.0.0.0",
    "[::2]",
    "192.168.1.21",
]


@pytest.mark.parametrize("host", [*FOREIGN_HOSTS, HOST])
def test_a_foreign_host_is_refused_on_this_computer(
    local: LocalMiddleware, host: str | None
) -> None:
    for method in ("GET", WEBSOCKET):
        origin = [("Origin", f"http://{host}")]
        assert not at_local(local, method=method, host=host, headers=origin).let_in


@pytest.mark.parametrize("host", [*FOREIGN_HOSTS, "localhost:8501", "127.0.0.1:8501"])
def test_a_foreign_host_is_refused_at_home(home: HomeMiddleware, host: str | None) -> None:
    cookie = cookie_of(enter(home, PIN))
    for method in ("GET", WEBSOCKET):
        headers = [("Origin", f"http://{host}"), ("Cookie", cookie)]
        assert not ask(home, method=method, host=host, headers=headers).let_in


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8501", "127.0.0.1:1", "[::1]:8501"])
def test_this_computer_by_each_of_its_names(local: LocalMiddleware, host: str) -> None:
    assert at_local(local, host=host).let_in


FOREIGN_ORIGINS = [
    "http://evil.example",
    "null",
    "",
    "http://localhost",
    "http://localhost:8502",
    "http://localhost.evil.example:8501",
    "http://localhost:8501.evil.example",
    "http://127.0.0.1:8501",
    "file://",
]


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE", WEBSOCKET])
def test_another_origin_is_refused(local: LocalMiddleware, origin: str, method: str) -> None:
    assert not at_local(local, "/x", method, headers=[("Origin", origin)]).let_in


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", WEBSOCKET])
def test_a_request_that_changes_something_needs_an_origin(
    local: LocalMiddleware, method: str
) -> None:
    assert not at_local(local, "/x", method).let_in
    assert at_local(local, "/x", method, headers=[("Origin", "http://localhost:8501")]).let_in


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    ("mode", "dest", "let_in"),
    [
        ("navigate", "document", True),
        ("navigate", "iframe", False),
        ("no-cors", "image", False),
        ("no-cors", "script", False),
        ("cors", "empty", False),
    ],
)
def test_another_site_may_only_open_the_page(
    local: LocalMiddleware, site: str, mode: str, dest: str, let_in: bool
) -> None:
    said = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest)]
    assert at_local(local, headers=said).let_in is let_in


@pytest.mark.parametrize(
    ("client", "server"),
    [
        ("192.168.1.33", ADDRESS),
        # Streamlit told to listen everywhere, and a client that says it is here.
        ("127.0.0.1", ADDRESS),
        ("192.168.1.33", "127.0.0.1"),
        ("::ffff:192.168.1.33", "::ffff:192.168.1.20"),
        ("nonsense", "127.0.0.1"),
    ],
)
def test_the_local_listener_is_for_this_computer_alone(
    local: LocalMiddleware, client: str, server: str
) -> None:
    for method in ("GET", WEBSOCKET):
        assert not at_local(local, method=method, client=client, server=server).let_in


@pytest.mark.parametrize("end", ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"])
def test_all_of_loopback_is_this_computer(local: LocalMiddleware, end: str) -> None:
    assert at_local(local, client=end, server=end).let_in


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/interact"])
def test_streamlits_ways_for_programs_are_closed(
    local: LocalMiddleware, home: HomeMiddleware, path: str
) -> None:
    assert at_local(local, path).status == 404
    cookie = cookie_of(enter(home, PIN))
    assert ask(home, path, headers=[("Cookie", cookie)]).status == 404


def test_only_a_guard_names_the_listener(local: LocalMiddleware, home: HomeMiddleware) -> None:
    forged = [(LISTENER, LOCAL), ("X-Holdwell-Listener", LOCAL)]
    answer = ask(home, headers=[*forged, ("Cookie", cookie_of(enter(home, PIN)))])
    assert answer.reached is not None
    names = [v for k, v in answer.reached["headers"] if k.lower() == LISTENER.encode()]
    assert names == [HOME.encode()]
    answer = at_local(local, headers=[(LISTENER, HOME)])
    assert answer.reached is not None
    assert (LISTENER.encode(), LOCAL.encode()) in answer.reached["headers"]


def test_the_policy_lets_a_page_ask_no_other_host(local: LocalMiddleware) -> None:
    answer = at_local(local)
    policy = answer.header("content-security-policy")
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "https:" not in policy
    assert "*" not in policy
    assert answer.header("x-frame-options") == "DENY"
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("access-control-allow-origin") == ""


@pytest.mark.parametrize(
    ("language", "word"), [("de-DE,de;q=0.9", "PIN"), ("", "PIN"), ("<script>", "PIN")]
)
def test_the_pin_page_is_whole_in_any_language(
    home: HomeMiddleware, language: str, word: str
) -> None:
    said = [("Accept", "text/html"), ("Accept-Language", language)]
    page = ask(home, headers=said).body.decode()
    assert word in page
    assert "<script" not in page
    assert "$" not in page
