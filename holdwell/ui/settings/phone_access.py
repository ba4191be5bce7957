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
from holdwell.ui.runtime import server_hooks


def section() -> None:
    """Use it on your phone: on, off, the address, its QR code and the PIN.

    Only the computer itself sees the PIN and has the switch; a phone is told where they are.
    """
    st.header(say("home.title"), anchor=False)
    if not server_hooks.at_this_computer():
        st.text(say("home.on_phone"))
        st.text(say("home.to_screen"))
        return
    door = server_hooks.home_door()
    if door is None:
        st.text(say("home.no_server"))
        return
    keys = server_hooks.keys().read()
    with st.container(key="hw-home"):
        if keys.address:
            _on(door, keys)
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
        _change(lambda keys: _opened(keys, chosen))


def _opened(keys: Pairing, address: str) -> Pairing:
    """Each time it is turned on there is a new PIN; phones that were let in stay known."""
    return replace(renew_pin(keys), address=address)


def _on(door: HomeListener, keys: Pairing) -> None:
    state = server_hooks.settle()
    if state is ListenerState.OPEN:
        _how(door.url, keys)
    else:
        st.warning(
            say("home.gone" if state is ListenerState.GONE else "home.taken"),
            icon=":material/info:",
        )
    if st.button(say("home.turn_off"), key="hw-home-off", width="stretch"):
        _change(lambda known: replace(known, address=""))


def _how(url: str, keys: Pairing) -> None:
    st.text(say("home.on"))
    name = html.escape(say("home.qr"))
    st.html(f'<div class="hw-qr"><img alt="{name}" src="{_qr(url)}"></div>')
    st.code(url, language=None)
    if keys.spent:
        st.warning(say("home.pin_is_spent"), icon=":material/info:")
    else:
        st.text(say("home.pin"))
        with st.container(key="hw-pin"):
            st.text(keys.pin)
    st.text(say("home.to_screen"))
    st.caption(say("home.firewall"))
    st.caption(say("home.plain_http"))
    with st.container(horizontal=True):
        if st.button(say("home.new_pin"), key="hw-home-pin"):
            _change(renew_pin)
        if keys.phones and st.button(say("home.forget"), key="hw-home-forget"):
            _change(forget_phones, anew=True)
    st.caption(say("home.phones", phones=counted("phones", len(keys.phones))))


def _change(made: Callable[[Pairing], Pairing], *, anew: bool = False) -> None:
    try:
        server_hooks.keys().update(made)
    except OSError:
        st.error(say("home.cannot_save"), icon=":material/info:")
        st.code(str(server_hooks.keys().path), language=None)
        return
    server_hooks.settle(anew=anew)
    st.rerun()


def _qr(url: str) -> str:
    """The address as a picture, dark on light in either theme, as cameras want it."""
    return str(
        segno.make_qr(url, error="m").svg_data_uri(dark="#17151B", light="#fff", border=4, scale=8)
    )


def sign(page_path: str) -> None:
    """On every page while the app is open to the home network: that it is, and the way to where
    it is turned off."""
    if not server_hooks.at_this_computer() or not server_hooks.keys().read().address:
        return
    with st.container(key="hw-home-sign"):
        st.page_link(page_path, label=say("home.sign"), icon=":material/wifi:")
