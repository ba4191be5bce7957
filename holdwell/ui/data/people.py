"""The people who keep a database here: choosing one, adding one, changing a name."""

import streamlit as st

from holdwell.domain.models import new_id
from holdwell.i18n.messages import counted, plain, say
from holdwell.store import people
from holdwell.store.people import NAME_MAX, NameProblem, Person, default_folder
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.runtime import current_person, unlock
from holdwell.ui.runtime.run_context import current_run

_ADDING = "hw-people-adding"
_RENAMING = "hw-people-renaming"
_ADDED = "hw-people-added"
"""In the session state: the id of the person who is being added: two clicks add one."""


def shown_name(person: Person) -> str:
    """Return what a person is called on the page; without others nobody needs a name."""
    return person.name or say("people.unnamed")


def choose(page: str = "") -> None:
    """Show a large button for each other person, which leads to their page of that name.

    Without a name of a page, a person who is chosen stays on this one.
    """
    here = current_run().person
    if here is not None and unlock.is_open(here.database):
        with st.container(key="hw-person-here"):
            st.text(say("people.here", name=shown_name(here)))
    for person in current_person.everyone():
        if here is not None and person.id == here.id:
            continue
        encrypted = unlock.has_passphrase(person.database)
        if buttons.wide(
            plain(shown_name(person)),
            f"hw-person-{person.id}",
            icon=":material/lock:" if encrypted else ":material/person:",
            primary=here is None,
        ):
            current_person.become(person, page)


def add(page: str) -> None:
    """Let one more person in, who goes on at a page. A first person without a name gets one."""
    if not _form_is_open(_ADDING, say("people.add"), "hw-people-add", ":material/person_add:"):
        return
    first = current_person.everyone()[0]
    with st.form("hw-people-form"):
        st.text(say("people.add_lead"))
        own = first.name or _name_field(say("people.own_name"), "hw-own-name")
        other = _name_field(say("people.other_name"), "hw-other-name")
        sure = buttons.submit(say("people.add_yes"), "hw-people-yes", primary=True)
    buttons.wide(say("record.cancel"), "hw-people-no", **buttons.set_on_tap(_ADDING, False))
    if not sure:
        return
    root = default_folder()
    person_id = st.session_state.setdefault(_ADDED, new_id())
    problem = people.problem(root, own, first.id) or people.problem(root, other, person_id)
    if problem is None and people.normalize(own).casefold() == people.normalize(other).casefold():
        problem = NameProblem.TAKEN
    if problem is not None:
        _refuse(problem)
        return
    if not first.name:
        people.rename(first, own)
    current_person.become(people.add(root, other, person_id), page)


def rename(person: Person) -> None:
    """Let a person change their name."""
    if not _form_is_open(_RENAMING, say("people.rename"), "hw-people-rename", ":material/edit:"):
        return
    with st.form("hw-rename-form"):
        name = _name_field(say("people.own_name"), "hw-rename", person.name)
        sure = buttons.submit(say("people.rename_yes"), "hw-rename-yes", primary=True)
    buttons.wide(say("record.cancel"), "hw-rename-no", **buttons.set_on_tap(_RENAMING, False))
    if not sure:
        return
    if problem := people.problem(default_folder(), name, person.id):
        _refuse(problem)
        return
    people.rename(person, name)
    st.session_state[_RENAMING] = False
    st.rerun()


def _form_is_open(form: str, label: str, key: str, icon: str) -> bool:
    """Show the button that opens a form; return whether the form is open instead."""
    if st.session_state.get(form):
        return True
    buttons.wide(label, key, icon=icon, **buttons.set_on_tap(form, True))
    return False


def _name_field(label: str, key: str, name: str = "") -> str:
    # Without a bound of its own, which would drop a longer name that is pasted, without a word.
    return st.text_input(label, name, key=key, autocomplete="off")


def _refuse(problem: NameProblem) -> None:
    most = counted("characters", NAME_MAX)
    failure_box.show(say(f"people.name_{problem.value}", most=most))
