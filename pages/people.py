"""The people who share this computer, and the passphrase of the current person."""

import streamlit as st

from holdwell.backup import erase
from holdwell.i18n.messages import say
from holdwell.store.people import FIRST, Person
from holdwell.ui.common import buttons
from holdwell.ui.data import passphrase, people
from holdwell.ui.runtime import current_person, navigation, unlock
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.process_state import database_file
from holdwell.ui.runtime.run_context import current_run


def removal(person: Person) -> None:
    """Offer to take a person off the list if their database is empty; else say how to empty it."""
    if person.id == FIRST:
        return
    if not erase.is_empty(database_file(person.database)):
        data, empty = say("settings.data_open"), say("erase.everything")
        st.caption(say("people.remove_how", page=data, action=empty))
        return
    st.text(say("people.remove_lead"))
    if buttons.wide(say("people.remove"), "hw-people-remove", icon="person_remove"):
        current_run().close_database()
        if erase.remove_if_empty(database_file(person.database)):
            current_person.switch_to(current_person.everyone()[0], navigation.HOME)
        st.rerun()


def page() -> None:
    """Show the lock first, then the other people, then what is rarely needed."""
    several = len(current_person.everyone()) > 1
    person = current_run().user
    st.title(say("people.title" if several else "people.settings"), anchor=False)
    show_flash()
    if unlock.has_passphrase(person.database) and buttons.wide(
        say("passphrase.lock"), "hw-lock", icon="lock", primary=True
    ):
        passphrase.lock_now(person.database)
    if several:
        people.choose(navigation.HOME)
    passphrase.section(person.database)
    st.header(say("people.more_title"), anchor=False)
    st.text(say("people.lead"))
    people.add(navigation.HOME)
    if several:
        people.rename(person)
        removal(person)


page()
