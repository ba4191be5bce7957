"""Who is here: locking the record, letting someone else have the app, adding a person."""

from __future__ import annotations

import streamlit as st

from holdwell import emptying
from holdwell.household import FIRST
from holdwell.ui import locked, passphrase, people, shell, who
from holdwell.wording import say

shell.framed()

TODAY = shell.page_path("today")


def take_off() -> None:
    """Take the one who is here off the list, once her record is empty."""
    person = who.here()
    if person.id == FIRST or not emptying.is_empty(person.database):
        return
    st.text(say("people.remove_lead"))
    if st.button(
        say("people.remove"),
        key="hw-people-remove",
        icon=":material/person_remove:",
        width="stretch",
    ):
        shell.let_go()
        if emptying.remove_record(person.database):
            who.become(who.everyone()[0], TODAY)
        st.rerun()


def page() -> None:
    """The way to lock first, then the others, then what is seldom done."""
    several = len(who.everyone()) > 1
    database = who.database()
    st.title(say("people.title" if several else "people.settings"), anchor=False)
    shell.show_flash()
    if locked.has_passphrase(database) and st.button(
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
        people.rename(who.here())
        take_off()
    if st.button(say("record.back"), key="hw-back", width="stretch"):
        shell.go("settings")


page()
