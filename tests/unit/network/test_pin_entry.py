"""Entering the PIN: who gets in, who has to wait, and what the page says."""

import asyncio
from urllib.parse import urlencode

import pytest
from starlette.types import Message, Scope

from holdwell.network import middleware
from holdwell.network.middleware import PIN_PATH, HomeMiddleware
from holdwell.network.pairing import ATTEMPTS_BEFORE_WAIT, ATTEMPTS_IN_ALL, PairingFile, renew_pin
from tests.unit.network.conftest import (
    ADDRESS,
    HOST,
    ORIGIN,
    PIN,
    PausedClock,
    ask,
    cookie_of,
    enter,
    run,
)


def post_of(client: str) -> Scope:
    """Return the scope of a POST of the PIN's form, without its body."""
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


def test_a_wrong_pin_is_slowed_down_and_says_so(home: HomeMiddleware, clock: PausedClock) -> None:
    answer = enter(home, "999999")
    assert answer.status == 401
    assert "not the PIN" in answer.body.decode()
    assert "set-cookie" not in {k.decode() for k, _ in answer.messages[0]["headers"]}
    assert clock.paused == [1.0]


def test_after_too_many_attempts_an_address_waits_and_others_do_not(home: HomeMiddleware) -> None:
    for _ in range(ATTEMPTS_BEFORE_WAIT):
        answer = enter(home, "999999")
    assert "quarter of an hour" in answer.body.decode()
    assert enter(home, PIN).status == 401
    assert enter(home, PIN, client="192.168.1.44").status == 200


def test_a_forged_address_gives_no_fresh_attempts(home: HomeMiddleware) -> None:
    body = urlencode({"pin": "999999"}).encode()
    for number in range(ATTEMPTS_BEFORE_WAIT):
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
    assert "no longer works" in answer.body.decode()
    page = ask(home, headers=[("Accept", "text/html")])
    assert "no longer works" in page.body.decode()
    assert ask(home, headers=[("Cookie", cookie)]).let_in
    pairing.update(renew_pin)
    assert enter(home, pairing.read().pin, client="192.168.3.1").status == 200


def test_an_attempt_that_cannot_be_saved_opens_nothing(
    home: HomeMiddleware, pairing: PairingFile
) -> None:
    pairing.read()
    pairing.path.unlink()
    pairing.path.mkdir()
    assert enter(home, pairing.read().pin).status == 401


def test_a_request_that_is_never_finished_keeps_nobody_out(
    home: HomeMiddleware, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unfinished form is dropped after a time limit, and blocks no attempt meanwhile."""
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


def test_a_device_has_only_one_attempt_at_a_time(home: HomeMiddleware) -> None:
    home._entering.add("192.168.1.33")
    assert enter(home, PIN).status == 401
    assert enter(home, PIN, client="192.168.1.44").status == 200


def test_a_long_body_is_not_read_as_a_pin(home: HomeMiddleware) -> None:
    body = b"x=" + b"1" * 5000 + b"&pin=012345"
    assert ask(home, PIN_PATH, "POST", headers=[("Origin", ORIGIN)], body=body).status == 401


@pytest.mark.parametrize(
    ("language", "word"), [("de-DE,de;q=0.9", "PIN"), ("", "PIN"), ("<script>", "PIN")]
)
def test_the_pin_page_is_complete_in_every_language(
    home: HomeMiddleware, language: str, word: str
) -> None:
    said = [("Accept", "text/html"), ("Accept-Language", language)]
    page = ask(home, headers=said).body.decode()
    assert word in page
    assert "<script" not in page
    assert "$" not in page
