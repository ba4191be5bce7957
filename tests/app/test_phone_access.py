"""The settings section for phone access, as shown on the computer and on a phone."""

from dataclasses import replace
from pathlib import Path

import pytest

from holdwell.i18n.messages import say
from holdwell.network.pairing import ATTEMPTS_IN_ALL, PairingFile, add_phone
from holdwell.network.server import HomeListener, ListenerState
from holdwell.store.repository import Store
from holdwell.ui.runtime import run_context
from holdwell.ui.runtime.process_state import process_state
from holdwell.ui.settings import phone_access
from tests.app.conftest import OpenPage, texts

ADDRESS = "192.168.1.20"


class ListenerStandIn(HomeListener):
    """A listener that opens no port and counts how often connections are dropped."""

    dropped = 0
    there = ListenerState.OPEN

    def apply(self, *, reconnect: bool = False) -> ListenerState:
        self.dropped += reconnect
        return self.there


async def nothing(*_: object) -> None:
    """Handle a request by doing nothing."""


@pytest.fixture
def listener(known: Store, monkeypatch: pytest.MonkeyPatch) -> ListenerStandIn:
    """A stand-in listener; the settings are open on the computer, whose network has one address."""
    made = ListenerStandIn(nothing, process_state().pairing, 8501)
    monkeypatch.setattr(process_state(), "listener", made)
    monkeypatch.setattr(run_context, "at_this_computer", lambda: True)
    monkeypatch.setattr(phone_access, "home_addresses", lambda: [ADDRESS])
    return made


def pairing() -> PairingFile:
    return process_state().pairing


def test_a_phone_is_let_in_and_kept_out(listener: ListenerStandIn, open_page: OpenPage) -> None:
    app = open_page("settings")
    app.button("hw-home-on").click().run()
    shown = pairing().read()
    assert shown.address == ADDRESS
    assert shown.pin in texts(app)
    assert any(f"http://{ADDRESS}:8501" in code.value for code in app.code)
    for warning in (
        "the icon may ask for it again",
        "hands it in later",
        "gets no answer",
        "stay awake",
        "Auto-Lock, 5 minutes",
    ):
        assert warning in texts(app), "said before it happens"
    assert "No phone is allowed in yet." in texts(app)
    app.button("hw-home-pin").click().run()
    assert pairing().read().pin != shown.pin
    assert pairing().read().pin in texts(app)
    pairing().update(lambda known: add_phone(known, "2026-11-24")[0])
    app.run()
    assert "Phones allowed so far: 1 phone." in texts(app)
    assert say("home.forget") in [button.label for button in app.button]
    app.button("hw-home-forget").click().run()
    assert pairing().read().phones == ()
    assert listener.dropped == 1, "the phone's open connection ends"
    app.button("hw-home-off").click().run()
    assert pairing().read().address == ""
    assert pairing().read().pin not in texts(app)


def test_with_several_addresses_the_user_chooses_one(
    listener: ListenerStandIn, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_access, "home_addresses", lambda: [ADDRESS, "10.0.0.7"])
    app = open_page("settings")
    app.selectbox("hw-home-which").set_value("10.0.0.7").run()
    app.button("hw-home-on").click().run()
    assert pairing().read().address == "10.0.0.7"


def test_without_a_network_there_is_nothing_to_switch_on(
    listener: ListenerStandIn, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_access, "home_addresses", list)
    assert say("home.no_network") in texts(open_page("settings"))


@pytest.mark.parametrize("state", [ListenerState.GONE, ListenerState.TAKEN])
def test_a_listener_that_is_not_open_says_why(
    listener: ListenerStandIn, open_page: OpenPage, state: ListenerState
) -> None:
    open_page("settings").button("hw-home-on").click().run()
    listener.there = state
    assert say(f"home.{state}") in texts(open_page("settings"))


def test_a_spent_pin_is_not_shown(listener: ListenerStandIn, open_page: OpenPage) -> None:
    open_page("settings").button("hw-home-on").click().run()
    pairing().update(lambda known: replace(known, wrong=ATTEMPTS_IN_ALL))
    text = texts(open_page("settings"))
    assert say("home.pin_is_spent") in text
    assert pairing().read().pin not in text


def test_phone_access_that_cannot_be_saved_is_not_switched_on(
    listener: ListenerStandIn, open_page: OpenPage, folder: Path
) -> None:
    pairing().path.mkdir()
    app = open_page("settings")
    app.button("hw-home-on").click().run()
    assert say("home.cannot_save") in texts(app)
    assert pairing().read().address == ""


def test_a_phone_is_shown_no_pin_and_no_switch(known: Store, open_page: OpenPage) -> None:
    app = open_page("settings")
    text = texts(app)
    assert all(
        say(f"home.{key}") in text for key in ("on_phone", "to_screen", "awake", "auto_lock")
    )
    assert not [button for button in app.button if (button.key or "").startswith("hw-home")]
