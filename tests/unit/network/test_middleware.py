"""Both guards without a server: which requests pass, and what the others are answered."""

from urllib.parse import urlencode

import pytest
from starlette.datastructures import Headers

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
from holdwell.network.pairing import PairingFile
from tests.unit.network.conftest import (
    ORIGIN,
    PIN,
    SECRET,
    WEBSOCKET,
    TheApp,
    ask,
    at_local,
    cookie_of,
    enter,
    known,
)

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
    """Servers at other ports of the address get the cookie, too, and can set it."""
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
def test_another_account_of_the_computer_is_refused_everywhere(method: str) -> None:
    guard = LocalMiddleware(TheApp(), key="key", account=lambda _client, _server: Account.OTHER)
    headers = [("Origin", "http://localhost:8501"), ("Sec-WebSocket-Protocol", "holdwell.key..")]
    answer = at_local(guard, "/_stcore/stream", method, headers=headers)
    assert not answer.let_in
    assert SECRET not in answer.body


@pytest.mark.parametrize("method", ["GET", WEBSOCKET])
def test_a_connection_that_says_it_is_another_one_is_refused(method: str) -> None:
    guard = LocalMiddleware(TheApp(), key="key", account=lambda _client, _server: Account.OWN)
    headers = [("Origin", "http://localhost:8501")]
    assert at_local(guard, "/_stcore/stream", method, headers=headers).let_in
    headers.append(("X-Forwarded-For", "127.0.0.1:50001"))
    assert not at_local(guard, "/_stcore/stream", method, headers=headers).let_in


@pytest.mark.parametrize(
    ("protocol", "let_in"),
    [
        ("holdwell.the-key..", True),
        ("holdwell.guess..", False),
        ("holdwell...", False),
        ("a", False),
    ],
)
def test_with_an_unknown_account_the_key_in_the_address_lets_a_browser_in(
    protocol: str, let_in: bool
) -> None:
    guard = LocalMiddleware(
        TheApp(), key="the-key", account=lambda _client, _server: Account.UNKNOWN
    )
    headers = [("Origin", "http://localhost:8501"), ("Sec-WebSocket-Protocol", protocol)]
    answer = at_local(guard, "/_stcore/stream", WEBSOCKET, headers=headers)
    assert answer.let_in is let_in


def test_the_app_gets_the_unlock_token_of_a_browser_and_no_forged_header(
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


def test_only_a_guard_names_the_listener(local: LocalMiddleware, home: HomeMiddleware) -> None:
    forged = [(LISTENER, LOCAL), ("X-Holdwell-Listener", LOCAL)]
    answer = ask(home, headers=[*forged, ("Cookie", cookie_of(enter(home, PIN)))])
    assert answer.reached is not None
    names = [v for k, v in answer.reached["headers"] if k.lower() == LISTENER.encode()]
    assert names == [HOME.encode()]
    answer = at_local(local, headers=[(LISTENER, HOME)])
    assert answer.reached is not None
    assert (LISTENER.encode(), LOCAL.encode()) in answer.reached["headers"]


def test_the_policy_lets_a_page_load_from_no_other_host(local: LocalMiddleware) -> None:
    answer = at_local(local)
    policy = answer.header("content-security-policy")
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "https:" not in policy
    assert "*" not in policy
    assert answer.header("x-frame-options") == "DENY"
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("access-control-allow-origin") == ""
