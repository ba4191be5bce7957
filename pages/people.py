"""Who is here: locking the record, letting someone else have the app, adding a person."""

from __future__ import annotations

import streamlit as st

from holdwell.backup import erase
from holdwell.i18n.messages import say
from holdwell.store.people import FIRST
from holdwell.ui.data import passphrase, people
from holdwell.ui.runtime import current_person, navigation, unlock
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run

TODAY = navigation.HOME


def take_off() -> None:
    """Take the one who is here off the list, once her record is empty."""
    person = current_run().user
    if person.id == FIRST or not erase.is_empty(person.database):
        return
    st.text(say("people.remove_lead"))
    if st.button(
        say("people.remove"),
        key="hw-people-remove",
        icon=":material/person_remove:",
        width="stretch",
    ):
        current_run().close_database()
        if erase.remove_record(person.database):
            current_person.become(current_person.everyone()[0], TODAY)
        st.rerun()


def page() -> None:
    """The way to lock first, then the others, then what is seldom done."""
    several = len(current_person.everyone()) > 1
    database = current_run().user.database
    st.title(say("people.title" if several else "people.settings"), anchor=False)
    show_flash()
    if unlock.has_passphrase(database) and st.button(
        say("passphrase.lock"),
        type="primary",
        key="hw-lock",
        icon=":material/lock:",
        width="stretch",
    ):
        passphrase.lock_now(database)
    if several:
        people.choose(TODAY)
    passphrase.section(database)
    st.header(say("people.more_title"), anchor=False)
    st.text(say("people.lead"))
    people.add(TODAY)
    if several:
        people.rename(current_run().user)
        take_off()
    navigation.back_button("people")


page()
