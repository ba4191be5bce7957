"""The part of Settings that opens the app to a phone at home, and the sign that it is open."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

import segno
import streamlit as st

from holdwell.i18n.messages import counted, say
from holdwell.network.addresses import home_addresses
from holdwell.network.pairing import Pairing, forget_phones, renew_pin
from holdwell.network.server import HomeListener, ListenerState
from holdwell.ui.runtime import navigation, server_hooks
from holdwell.ui.runtime.process_state import process_state


def section() -> None:
    """Use it on your phone: on, off, the address, its QR code and the PIN.

    Only the computer itself sees the PIN and has the switch; a phone is told where they are.
    """
    st.header(say("home.title"), anchor=False)
    if not server_hooks.at_this_computer():
        st.text(say("home.on_phone"))
        st.text(say("home.to_screen"))
        return
    listener = process_state().listener
    if listener is None:
        st.text(say("home.no_server"))
        return
    pairing = process_state().pairing.read()
    with st.container(key="hw-home"):
        if pairing.address:
            _on(listener, pairing)
        else:
            _off()


def _off() -> None:
    st.text(say("home.off"))
    addresses = home_addresses()
    if not addresses:
        st.text(say("home.no_network"))
        st.button(say("errors.again"), key="hw-home-again", width="stretch")
        return
    chosen = addresses[0]
    if len(addresses) > 1:
        chosen = st.selectbox(say("home.which"), addresses, key="hw-home-which")
    if st.button(say("home.turn_on"), key="hw-home-on", icon=":material/wifi:", width="stretch"):
        _change(lambda pairing: _opened(pairing, chosen))


def _opened(pairing: Pairing, address: str) -> Pairing:
    """Each time it is turned on there is a new PIN; phones that were let in stay known."""
    return replace(renew_pin(pairing), address=address)


def _on(listener: HomeListener, pairing: Pairing) -> None:
    state = listener.apply()
    if state is ListenerState.OPEN:
        _how(listener.url, pairing)
    else:
        st.warning(
            say("home.gone" if state is ListenerState.GONE else "home.taken"),
            icon=":material/info:",
        )
    if st.button(say("home.turn_off"), key="hw-home-off", width="stretch"):
        _change(lambda known: replace(known, address=""))


def _how(url: str, pairing: Pairing) -> None:
    st.text(say("home.on"))
    name = html.escape(say("home.qr"))
    st.html(f'<div class="hw-qr"><img alt="{name}" src="{_qr(url)}"></div>')
    st.code(url, language=None)
    if pairing.spent:
        st.warning(say("home.pin_is_spent"), icon=":material/info:")
    else:
        st.text(say("home.pin"))
        with st.container(key="hw-pin"):
            st.text(pairing.pin)
    st.text(say("home.to_screen"))
    st.caption(say("home.firewall"))
    st.caption(say("home.plain_http"))
    with st.container(horizontal=True):
        if st.button(say("home.new_pin"), key="hw-home-pin"):
            _change(renew_pin)
        if pairing.phones and st.button(say("home.forget"), key="hw-home-forget"):
            _change(forget_phones, reconnect=True)
    st.caption(say("home.phones", phones=counted("phones", len(pairing.phones))))


def _change(made: Callable[[Pairing], Pairing], *, reconnect: bool = False) -> None:
    try:
        process_state().pairing.update(made)
    except OSError:
        st.error(say("home.cannot_save"), icon=":material/info:")
        st.code(str(process_state().pairing.path), language=None)
        return
    listener = process_state().listener
    if listener is not None:
        listener.apply(reconnect=reconnect)
    st.rerun()


def _qr(url: str) -> str:
    """The address as a picture, dark on light in either theme, as cameras want it."""
    return str(
        segno.make_qr(url, error="m").svg_data_uri(dark="#17151B", light="#fff", border=4, scale=8)
    )


def show_sign() -> None:
    """Say on every page that the home network can reach the app, and lead to the switch."""
    if not server_hooks.at_this_computer() or not process_state().pairing.read().address:
        return
    with st.container(key="hw-home-sign"):
        navigation.page_link("settings", label=say("home.sign"), icon=":material/wifi:")
