"""The phone numbers on every "call now" card: the user's own, and those of the region."""

import streamlit as st

from holdwell.guide.advice import Audience
from holdwell.guide.load import guide
from holdwell.guide.telephone import tel_address, tidy_number
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.common import failure_box, forms
from holdwell.ui.guide import situations
from holdwell.ui.runtime import clock

UNIT_NUMBER = "unit_number"
"""A key of `meta`: the phone number of the maternity unit or, after a loss, of the team."""


def _is_after_loss(store: Store | None) -> bool:
    return situations.audience_now(store) is Audience.AFTER_LOSS


def numbers(store: Store | None, *, helpline: bool) -> list[tuple[str, str]]:
    """Return the labels of the links and their `tel:` addresses: see `show_links`."""
    # Checked again as when it was typed, as it may come from an imported file.
    own = tidy_number(store.meta(UNIT_NUMBER) or "") if store is not None else None
    region = guide().phone_numbers.of_time_zone(clock.zone_name())
    found = []
    if own:
        whom = "call.team" if _is_after_loss(store) else "call.unit"
        found.append((say(whom, number=own), own))
    if region is not None:
        found.append((say("call.emergency", number=region.emergency), region.emergency))
        if helpline and region.helpline:
            found.append((say("call.helpline", number=region.helpline), region.helpline))
    return [(label, tel_address(number)) for label, number in found]


def show_links(store: Store | None, key: str, *, helpline: bool) -> None:
    """Show links that call each number; with `helpline`, the crisis line of the region too.

    `store` is None if no database is open. No number is guessed for an unknown region.
    """
    region = guide().phone_numbers.of_time_zone(clock.zone_name())
    with st.container(key=f"hw-call-{key}"):
        for label, address in numbers(store, helpline=helpline):
            st.link_button(label, address, icon=":material/call:", type="primary", width="stretch")
        if helpline and region is not None and region.helpline:
            st.text(region.helpline_name)


def ask_unit_number(store: Store) -> bool:
    """Ask for the user's own number and save what changed at once; return whether anything did."""
    key = "hw-unit-number"
    shown = forms.initial(key, store.meta(UNIT_NUMBER) or "")
    label = say("call.field_team" if _is_after_loss(store) else "call.field_unit")
    # No `max_chars`: the field would silently refuse a longer text that is pasted.
    given = st.text_input(label, shown, key=key, type="phone", autocomplete="off", placeholder="")
    st.caption(say("call.field_help"))
    text = (given or "").strip()
    number = tidy_number(text) if text else ""
    if number is None:
        failure_box.show(say("call.problem"))
    elif forms.save_if_changed(key, number, lambda: store.set_meta(UNIT_NUMBER, number)):
        st.caption(say("settings.saved"))
        return True
    return False
