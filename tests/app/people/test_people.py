"""With two people, no page of one person shows anything of the other."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from holdwell.domain.models import CrampLeg, Moment
from holdwell.encryption import rekey
from holdwell.store import people
from holdwell.store.people import Person
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.ui.runtime.process_state import database_file
from tests.app.conftest import OpenPage, go_to, texts
from tests.app.people.conftest import (
    NOTE,
    PAGE_NAMES,
    PASSPHRASE,
    WITHOUT_DATABASE,
    button,
    marks_of_ana,
    shown,
)


@pytest.fixture
def house(file: DatabaseFile) -> Path:
    """The data folder of two people: Ana, with her database, and Bea."""
    root = file.path.parent
    people.rename(people.people(root)[0], "Ana")
    people.add(root, "Bea")
    return root


def as_bea(house: Path, app: AppTest, now: Moment) -> tuple[Person, AppTest]:
    """Switch Ana's window to Bea, a returning user; return Bea and the window."""
    bea = people.find(house, "Bea")
    assert bea is not None
    with opened(bea.database) as store:
        store.save_profile(replace(store.profile(), welcomed=True, safety_seen=True), now)
    return bea, app.button(key=f"hw-person-{bea.id}").click().run()


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_with_two_people_and_none_chosen_a_page_asks_who_is_here(
    house: Path, open_page: OpenPage, page: str
) -> None:
    app = open_page(page)
    assert marks_of_ana(shown(app)) == []
    if page not in WITHOUT_DATABASE:
        assert app.title[0].value == "Who is here?"
        assert {"Ana", "Bea"} <= {button.label for button in app.button}


@pytest.mark.parametrize("page", PAGE_NAMES)
def test_no_page_of_bea_shows_anything_of_ana(
    house: Path, open_page: OpenPage, page: str, now: Moment
) -> None:
    bea = people.find(house, "Bea")
    assert bea is not None
    with opened(bea.database) as store:
        known = replace(store.profile(), welcomed=True, safety_seen=True, goal_per_week=11)
        store.save_profile(known, now)
    app = open_page("history")
    app.button(key="hw-person-first").click().run()
    assert NOTE in shown(app)
    go_to(app, "people")
    app.button(key=f"hw-person-{bea.id}").click().run()
    go_to(app, page)
    assert marks_of_ana(shown(app)) == []
    assert NOTE not in str(app.session_state)
    assert str(house / "holdwell.db") not in shown(app)


def test_what_bea_logs_is_only_in_beas_database(house: Path, open_page: OpenPage) -> None:
    bea = people.find(house, "Bea")
    assert bea is not None
    app = open_page("today")
    app.button(key=f"hw-person-{bea.id}").click().run()
    go_to(app, "welcome")
    app.button(key="welcome-skip").click().run()
    go_to(app, "today")
    tonight = next(pills for pills in app.pills if str(pills.key).startswith("hw-cramp-"))
    tonight.set_value(CrampLeg.LEFT).run()
    assert not app.exception
    with opened(bea.database) as store:
        assert [row["leg"] for row in store.rows("SELECT leg FROM cramp")] == ["left"]
    with opened(house / "holdwell.db") as store:
        assert [row["leg"] for row in store.rows("SELECT leg FROM cramp")] == ["both"]


def test_what_bea_taps_before_a_session_is_in_beas_database(
    house: Path, open_page: OpenPage, now: Moment
) -> None:
    bea, app = as_bea(house, open_page("stretch"), now)
    app.button("hw-answer-dizzy_or_faint").click().run()
    assert not app.exception
    for database, answers in ((bea.database, ["dizzy_or_faint"]), (house / "holdwell.db", [])):
        with opened(database) as store:
            assert [row["answer"] for row in store.rows("SELECT answer FROM check_in")] == answers


def test_a_person_is_added_renamed_and_removed(file: DatabaseFile, open_page: OpenPage) -> None:
    root = file.path.parent
    app = open_page("people")
    assert "hw-people-rename" not in [button.key for button in app.button]
    app.button(key="hw-people-add").click().run()
    app.text_input(key="hw-own-name").set_value("Ana")
    app.text_input(key="hw-other-name").set_value("ana")
    app.button(key="hw-people-yes").click().run()
    assert "has that name already" in texts(app)
    # A name that is too long is refused with a message, and stays in its field to be shortened.
    app.text_input(key="hw-other-name").set_value("B" * 31)
    app.button(key="hw-people-yes").click().run()
    assert "That name is too long: it can have 30 characters." in texts(app)
    assert app.text_input(key="hw-other-name").value == "B" * 31
    assert len(people.people(root)) == 1
    app.text_input(key="hw-other-name").set_value("*Bea*")
    app.button(key="hw-people-yes").click().run()
    assert not app.exception
    assert [person.name for person in people.people(root)] == ["Ana", "*Bea*"]
    go_to(app, "people")
    assert "*Bea* is here now." in texts(app)
    app.button(key="hw-people-rename").click().run()
    app.text_input(key="hw-rename").set_value("Beatriz")
    app.button(key="hw-rename-yes").click().run()
    assert [person.name for person in people.people(root)] == ["Ana", "Beatriz"]
    app.button(key="hw-people-remove").click().run()
    assert [person.name for person in people.people(root)] == ["Ana"]
    assert list((root / "people").iterdir()) == []
    with opened(file) as store:
        assert store.session_count() == 3


def test_a_person_with_entries_cannot_be_removed(
    house: Path, open_page: OpenPage, now: Moment
) -> None:
    bea = people.find(house, "Bea")
    assert bea is not None
    with opened(bea.database) as store:
        store.save_cramp(now.local.date(), CrampLeg.LEFT, now)
    app = open_page("today")
    app.button(key=f"hw-person-{bea.id}").click().run()
    go_to(app, "people")
    assert "hw-people-remove" not in [button.key for button in app.button]
    assert "under “Backups, export and import”, tap “Empty everything”" in texts(app)


def test_beside_a_locked_database_another_person_can_be_chosen(
    house: Path, open_page: OpenPage
) -> None:
    rekey.change_passphrase(database_file(house / "holdwell.db"), PASSPHRASE)
    bea = people.find(house, "Bea")
    assert bea is not None
    app = open_page("today")
    app.button(key="hw-person-first").click().run()
    assert "This record is locked" in texts(app)
    assert "Ana is here now" not in texts(app)
    app.button(key=f"hw-person-{bea.id}").click().run()
    assert "This record is locked" not in texts(app)
    assert not app.exception


def test_an_entry_for_a_removed_person_is_not_saved_for_another(
    house: Path, open_page: OpenPage, now: Moment
) -> None:
    """Bea is removed in another window while a note for Bea is being typed here."""
    bea, app = as_bea(house, open_page("history"), now)
    app.button(key="hw-add").click().run()
    app.text_area[0].set_value("only Bea may read this")
    shutil.rmtree(bea.folder)
    button(app, "form-session-0-").click().run()
    assert not app.exception
    assert app.title[0].value == "Who is here?"
    assert "only Bea" not in str(app.session_state)
    with opened(house / "holdwell.db") as store:
        assert store.session_count() == 3
        assert store.rows("SELECT * FROM session WHERE note LIKE '%Bea%'") == []
    app.button(key="hw-person-first").click().run()
    assert NOTE in shown(app)


def test_before_emptying_the_page_says_whose_record_it_is(
    house: Path, open_page: OpenPage, now: Moment
) -> None:
    _, app = as_bea(house, open_page("record"), now)
    app = go_to(app, "record").button("hw-empty-everything").click().run()
    assert "This is the record of Bea, and of nobody else." in texts(app)
