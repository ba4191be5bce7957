"""Drawings over HTTP are sent in the requested variant, or not found."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.routing import Router
from starlette.types import Message

from holdwell.domain.models import Side
from holdwell.guide.illustrations import catalogue, illustration
from holdwell.ui.runtime import drawings
from tests.unit.network.conftest import run


def ask(address: str) -> tuple[int, str]:
    """Return the status and the text of an answer."""
    path, _, query = address.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    run(Router([*drawings.ROUTES])(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], body.decode()


@pytest.mark.parametrize("pregnant", [True, False])
@pytest.mark.parametrize("moving", [True, False])
@pytest.mark.parametrize("raised", Side)
def test_a_drawing_is_sent_in_the_requested_variant(
    pregnant: bool, moving: bool, raised: Side
) -> None:
    skin = next(iter(catalogue().skins.values()))
    asked: dict[str, Any] = {"pregnant": pregnant, "moving": moving, "raised": raised, "skin": skin}
    address = drawings.address("side_reach", **asked)
    assert ask(address) == (200, illustration("side_reach", **asked))


@pytest.mark.parametrize(
    "address",
    [
        f"{drawings.PATH}/unknown.svg",
        f"{drawings.PATH}/.svg",
        f"{drawings.PATH}/../drawings.toml.svg",
        f"{drawings.PATH}/..%2Fside_reach.svg",
        drawings.address("rest", pregnant=True, moving=True),
    ],
)
def test_a_drawing_that_does_not_exist_is_not_found(address: str) -> None:
    status, _ = ask(address)
    assert status == 404


def test_no_drawing_is_found_if_content_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOLDWELL_CONTENT", str(tmp_path / "nowhere"))
    assert ask(drawings.address("side_reach", pregnant=True)) == (404, "")


def test_one_request_gets_all_requested_drawings_that_exist() -> None:
    known = [
        drawings.address("side_reach", pregnant=True, raised=side, moving=moving)
        for side in Side
        for moving in (False, True)
    ]
    unknown = [
        drawings.address("rest", pregnant=True, moving=True),
        "",
        "/etc/passwd",
        "../drawings",
    ]
    asked = urlencode([("of", address) for address in known + unknown])
    status, body = ask(f"{drawings.PATH}?{asked}")
    assert status == 200
    assert json.loads(body) == {address: ask(address)[1] for address in known}
