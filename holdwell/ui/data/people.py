"""The people who keep a database here: choosing a person, adding one, changing a name."""

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
"""In the session state: the id for a new person, so that a double click adds one person only."""


def shown_name(person: Person) -> str:
    """Return what a person is called on the page; someone who is alone here may have no name."""
    return person.name or say("people.unnamed")


def choose(page: str = "") -> None:
    """Show a button for each other person, which switches to them on a `page` ("": on this one)."""
    current = current_run().person
    if current is not None and unlock.is_open(current.database):
        st.container(key="hw-person-here").text(say("people.here", name=shown_name(current)))
    for person in current_person.everyone():
        if current is not None and person.id == current.id:
            continue
        icon = "lock" if unlock.has_passphrase(person.database) else "person"
        name, key = plain(shown_name(person)), f"hw-person-{person.id}"
        if buttons.wide(name, key, icon=icon, primary=current is None):
            current_person.switch_to(person, page)


def add(page: str) -> None:
    """Let the user add a person, and open a `page` as them.

    The first person is asked for a name if they have none yet.
    """
    if not _form_is_open(_ADDING, say("people.add"), "hw-people-add", "person_add"):
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
    current_person.switch_to(people.add(root, other, person_id), page)


def rename(person: Person) -> None:
    """Let a person change their name."""
    if not _form_is_open(_RENAMING, say("people.rename"), "hw-people-rename", "edit"):
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
    """Return whether a form is open; if it is not, show the button that opens it."""
    if st.session_state.get(form):
        return True
    buttons.wide(label, key, icon=icon, **buttons.set_on_tap(form, True))
    return False


def _name_field(label: str, key: str, name: str = "") -> str:
    # No `max_chars`: the field would silently refuse a longer name that is pasted.
    return st.text_input(label, name, key=key, autocomplete="off")


def _refuse(problem: NameProblem) -> None:
    most = counted("characters", NAME_MAX)
    failure_box.show(say(f"people.name_{problem.value}", most=most))
