"""Phone access in the home network: its section in the settings, and the sign that it is on."""

import html
from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from holdwell.i18n.messages import counted, say
from holdwell.network.addresses import home_addresses
from holdwell.network.pairing import Pairing, forget_phones, renew_pin
from holdwell.network.server import HomeListener, ListenerState
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.runtime import navigation, run_context
from holdwell.ui.runtime.process_state import process_state

ON_A_PHONE = ("home.to_screen", "home.awake", "home.auto_lock")
"""The keys of the hints on using the app on a phone."""


def section() -> None:
    """Show the switch, the address with its QR code, and the PIN.

    The switch and the PIN are on the computer itself only; a phone is told where to find them.
    """
    if not run_context.at_this_computer():
        for key in ("home.on_phone", *ON_A_PHONE):
            st.text(say(key))
        return
    listener = process_state().listener
    if listener is None:
        st.text(say("home.no_server"))
        return
    pairing = process_state().pairing.read()
    with st.container(key="hw-home"):
        if pairing.address:
            _show_switched_on(listener, pairing)
        else:
            _show_switched_off()


def _show_switched_off() -> None:
    """Show the switch, and ask which address to listen on if there are several."""
    st.text(say("home.off"))
    addresses = home_addresses()
    if not addresses:
        st.text(say("home.no_network"))
        buttons.wide(say("errors.again"), "hw-home-again")
        return
    chosen = addresses[0]
    if len(addresses) > 1:
        chosen = st.selectbox(say("home.which"), addresses, key="hw-home-which")
    if buttons.wide(say("home.turn_on"), "hw-home-on", icon="wifi"):
        # The PIN is new each time; phones that were paired before stay paired.
        _update(lambda pairing: replace(renew_pin(pairing), address=chosen))


def _show_switched_on(listener: HomeListener, pairing: Pairing) -> None:
    state = listener.apply()
    if state is ListenerState.OPEN:
        _show_address(listener.url, pairing)
    else:
        failure_box.show(say("home.gone" if state is ListenerState.GONE else "home.taken"))
    if buttons.wide(say("home.turn_off"), "hw-home-off"):
        _update(lambda pairing: replace(pairing, address=""))


def _show_address(url: str, pairing: Pairing) -> None:
    """Show what a phone needs to connect, and the buttons that shut phones out."""
    st.text(say("home.on"))
    name = html.escape(say("home.qr"))
    st.html(f'<div class="hw-qr"><img alt="{name}" src="{_qr(url)}"></div>')
    st.code(url, language=None)
    if pairing.spent:
        failure_box.show(say("home.pin_is_spent"))
    else:
        st.text(say("home.pin"))
        st.container(key="hw-pin").text(pairing.pin)
    for key in ON_A_PHONE:
        st.text(say(key))
    st.caption(say("home.firewall"))
    st.caption(say("home.plain_http"))
    with st.container(horizontal=True):
        if st.button(say("home.new_pin"), key="hw-home-pin"):
            _update(renew_pin)
        if pairing.phones and st.button(say("home.forget"), key="hw-home-forget"):
            _update(forget_phones, reconnect=True)
    paired = len(pairing.phones)
    st.caption(say("home.phones", phones=counted("phones", paired)) if paired else say("home.none"))


def _update(change: Callable[[Pairing], Pairing], *, reconnect: bool = False) -> None:
    """Save a changed pairing and apply it to the listener; `reconnect` drops open connections."""
    state = process_state()
    try:
        state.pairing.update(change)
    except OSError:
        failure_box.show(say("home.cannot_save"), state.pairing.path, severe=True)
        return
    if state.listener is not None:
        state.listener.apply(reconnect=reconnect)
    st.rerun()


def _qr(url: str) -> str:
    """Return the QR code of an address as a data URI, always dark on light, as cameras need."""
    # Imported here because every page shows the sign, but only the settings show a code.
    import segno

    return str(
        segno.make_qr(url, error="m").svg_data_uri(dark="#17151B", light="#fff", border=4, scale=8)
    )


def show_sign() -> None:
    """Say on every page that the home network can reach the app, with a link to the switch."""
    if not run_context.at_this_computer() or not process_state().pairing.read().address:
        return
    with st.container(key="hw-home-sign"):
        navigation.page_link("settings", say("home.sign"), icon="wifi", open="phone")
