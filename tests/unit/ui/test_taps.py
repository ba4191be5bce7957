"""What follows a tap, or follows a choice and leaves the page, waits until its run is over."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from holdwell.ui.runtime import taps
from tests.unit.network.conftest import run


def message(*states: WidgetState, page: str = "today", address: str = "") -> Message:
    """Return the message by which a browser requests a run of a page."""
    asked = BackMsg()
    asked.rerun_script.page_name, asked.rerun_script.query_string = page, address
    asked.rerun_script.widget_states.widgets.extend(states)
    return {"type": "websocket.receive", "bytes": asked.SerializeToString()}


BUTTON = WidgetState(id="one", trigger_value=True)
ANSWER = WidgetState(id="two", int_value=1)
TAP = message(BUTTON)
ELSEWHERE = message(BUTTON, page="history")
TAP_AND_CHOICE = message(BUTTON, ANSWER)
ASKED = WidgetState(id="three", json_trigger_value="[1]")
EVENT = message(ASKED)
EVENT_AND_CHOICE = message(ASKED, ANSWER)
CHOICE = message(ANSWER)
LINK = message(ANSWER, page="history")
HEARTBEAT: Message = {
    "type": "websocket.receive",
    "bytes": BackMsg(app_heartbeat=True).SerializeToString(),
}
BROKEN: Message = {"type": "websocket.receive", "bytes": b"\xff\xff"}
TEXT: Message = {"type": "websocket.receive", "text": "tap"}
GONE: Message = {"type": "websocket.disconnect"}


def received(*sent: Message) -> tuple[list[Message], list[Message]]:
    """Return the messages that reach the app while the first run goes on, and all in the end."""

    async def both() -> tuple[list[Message], list[Message]]:
        coming = list(sent)
        came: list[Message] = []
        runner: object | None = None
        is_over = False

        async def receive() -> Message:
            return coming.pop(0)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal runner
            while coming:
                came.append(await receive())
                if came[-1] not in (HEARTBEAT, BROKEN, TEXT, GONE):
                    runner = None if is_over else object()

        async def send(message: Message) -> None:
            raise AssertionError("nothing is sent")

        middleware = taps.TapMiddleware(app, lambda connection: runner)
        task = asyncio.create_task(middleware({"type": "websocket", "headers": []}, receive, send))
        for _ in range(20):
            await asyncio.sleep(0)
        early = list(came)
        runner, is_over = None, True
        await task
        return early, came

    return run(both())


@pytest.mark.parametrize("tap", [TAP, EVENT])
@pytest.mark.parametrize("later", [TAP_AND_CHOICE, CHOICE])
def test_a_request_for_a_run_waits_for_the_run_of_a_tap(tap: Message, later: Message) -> None:
    assert received(tap, later, LINK) == ([tap], [tap, later, LINK])


def test_the_second_half_of_a_double_tap_is_dropped() -> None:
    """It is not dropped if an answer has changed, on another page, or after the first run."""
    assert received(TAP, TAP, TAP_AND_CHOICE) == ([TAP], [TAP, TAP_AND_CHOICE])
    assert received(TAP, TAP, ELSEWHERE) == ([TAP], [TAP, ELSEWHERE])
    assert received(CHOICE, CHOICE, TAP, CHOICE, TAP, TAP)[1] == [
        *(CHOICE, CHOICE, TAP, CHOICE, TAP, TAP)
    ]


def test_a_request_without_anything_new_is_dropped_for_a_while_after_a_tap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not dropped on another page, at another address, or if the page asked by itself."""
    assert received(TAP_AND_CHOICE, CHOICE, TAP) == ([TAP_AND_CHOICE], [TAP_AND_CHOICE, TAP])
    assert received(TAP, TAP_AND_CHOICE, CHOICE, TAP)[1] == [TAP, TAP_AND_CHOICE, TAP]
    for other in (message(), LINK, message(ANSWER, address="a=1")):
        assert received(TAP_AND_CHOICE, other)[1] == [TAP_AND_CHOICE, other]
    assert received(EVENT_AND_CHOICE, CHOICE)[1] == [EVENT_AND_CHOICE, CHOICE]
    monkeypatch.setattr(taps, "REPEATED_S", 0.0)
    assert received(TAP_AND_CHOICE, CHOICE)[1] == [TAP_AND_CHOICE, CHOICE]


@pytest.mark.parametrize("other", [HEARTBEAT, BROKEN, TEXT, GONE])
def test_a_message_without_a_request_for_a_run_passes_at_once_and_ends_no_waiting(
    other: Message,
) -> None:
    assert received(TAP, other, CHOICE, CHOICE) == ([TAP, other], [TAP, other, CHOICE, CHOICE])


def test_a_choice_does_not_hold_back_the_next_message() -> None:
    """A choice made while the page is being drawn interrupts the run and begins another."""
    assert received(CHOICE, CHOICE, TAP)[0] == [CHOICE, CHOICE, TAP]


def test_a_request_waits_until_the_run_of_the_last_one_has_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else that run, which is stopped, may forget what was sent for the other one."""
    monkeypatch.setattr(taps, "is_preparing", lambda runner: runner is not None)
    assert received(CHOICE, HEARTBEAT, CHOICE) == ([CHOICE, HEARTBEAT], [CHOICE, HEARTBEAT, CHOICE])


def test_a_link_waits_for_the_run_of_a_choice_but_not_for_that_of_another_link() -> None:
    assert received(CHOICE, LINK, CHOICE) == ([CHOICE], [CHOICE, LINK, CHOICE])
    opened, elsewhere = message(), message(page="history")
    assert received(opened, elsewhere, CHOICE)[0] == [opened, elsewhere, CHOICE]


def test_waiting_for_a_long_run_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taps, "PATIENCE_S", -1.0)
    assert received(TAP, CHOICE)[0] == [TAP, CHOICE]
