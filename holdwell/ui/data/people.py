"""The people who keep a record here: choosing who is here, adding one, another name."""

from __future__ import annotations

import streamlit as st

from holdwell.i18n.messages import plain, say
from holdwell.store import people
from holdwell.store.people import NAME_MAX, Person
from holdwell.store.repository import default_folder
from holdwell.ui.runtime import current_person, unlock
from holdwell.ui.runtime.run_context import current_run

_ADDING = "hw-people-adding"
_RENAMING = "hw-people-renaming"


def name_of(person: Person) -> str:
    """What a person is called on the page; the first one needs no name while she is alone."""
    return person.name or say("people.unnamed")


def choose(page: str = "") -> None:
    """A large button for each; one tap, and the pages are hers: `page`, or the one she is on."""
    here = current_run().person
    for person in sorted(
        current_person.everyone(), key=lambda one: here is None or one.id != here.id
    ):
        sealed = unlock.has_passphrase(person.database)
        if here is not None and person.id == here.id:
            if unlock.is_open(person.database):
                with st.container(key="hw-person-here"):
                    st.text(say("people.here", name=name_of(person)))
            continue
        if st.button(
            plain(name_of(person)),
            key=f"hw-person-{person.id}",
            icon=":material/lock:" if sealed else ":material/person:",
            type="primary" if here is None else "secondary",
            width="stretch",
        ):
            current_person.become(person, page)


def add(page: str) -> None:
    """One more person, who goes on at `page`. The first one gets a name too, if she has none."""
    if not st.session_state.get(_ADDING):
        if st.button(
            say("people.add"), key="hw-people-add", icon=":material/person_add:", width="stretch"
        ):
            st.session_state[_ADDING] = True
            st.rerun()
        return
    first = current_person.everyone()[0]
    with st.form("hw-people-form"):
        st.text(say("people.add_lead"))
        own = first.name
        if not own:
            own = st.text_input(
                say("people.own_name"), max_chars=NAME_MAX, key="hw-own-name", autocomplete="off"
            )
        other = st.text_input(
            say("people.other_name"), max_chars=NAME_MAX, key="hw-other-name", autocomplete="off"
        )
        sure = st.form_submit_button(
            say("people.add_yes"), type="primary", key="hw-people-yes", width="stretch"
        )
    if st.button(say("record.cancel"), key="hw-people-no", width="stretch"):
        st.session_state.pop(_ADDING)
        st.rerun()
    if sure:
        _add(first, own, other, page)


def _add(first: Person, own: str, other: str, page: str) -> None:
    root = default_folder()
    problem = people.problem(root, own, first.id) or people.problem(root, other)
    if problem is None and people.tidied(own).casefold() == people.tidied(other).casefold():
        problem = people.NameProblem.TAKEN
    if problem is not None:
        _refuse(problem)
        return
    if not first.name:
        people.rename(first, own)
    current_person.become(people.add(root, other), page)


def rename(person: Person) -> None:
    """Another name for the one who is here."""
    if not st.session_state.get(_RENAMING):
        if st.button(
            say("people.rename"), key="hw-people-rename", icon=":material/edit:", width="stretch"
        ):
            st.session_state[_RENAMING] = True
            st.rerun()
        return
    with st.form("hw-rename-form"):
        given = st.text_input(
            say("people.own_name"),
            person.name,
            max_chars=NAME_MAX,
            key="hw-rename",
            autocomplete="off",
        )
        sure = st.form_submit_button(
            say("people.rename_yes"), type="primary", key="hw-rename-yes", width="stretch"
        )
    if sure:
        problem = people.problem(default_folder(), given, person.id)
        if problem is not None:
            _refuse(problem)
            return
        people.rename(person, given)
    if sure or st.button(say("record.cancel"), key="hw-rename-no", width="stretch"):
        st.session_state.pop(_RENAMING)
        st.rerun()


def _refuse(problem: people.NameProblem) -> None:
    st.warning(say(f"people.name_{problem.value}", most=NAME_MAX), icon=":material/info:")
