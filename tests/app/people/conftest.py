"""The database of Ana, with recognisable entries, and helpers to look for them on pages."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from holdwell.backup import daily
from holdwell.domain.models import CrampLeg, Moment, Routine, RoutineStretch
from holdwell.store.repository import opened
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.ui.runtime.navigation import PAGES
from holdwell.ui.runtime.process_state import database_file
from tests.app.conftest import texts
from tests.conftest import MakeSession

PASSPHRASE = "four calm words here"
NOTE = "only Ana may read this"
ROUTINE = "Routine of Ana"
PAGE_NAMES = [info.name for info in PAGES]
WITHOUT_DATABASE = [info.name for info in PAGES if not info.needs_database]


@pytest.fixture
def file(folder: Path, now: Moment, make_session: MakeSession, quick_keys: None) -> DatabaseFile:
    """Ana's database, with recognisable entries in every table that a page shows."""
    file = database_file(folder / "holdwell.db")
    today = now.local.date()
    with opened(file) as store:
        profile = replace(store.profile(), welcomed=True, safety_seen=True, goal_per_week=19)
        store.save_profile(profile, now)
        for _ in range(3):
            store.save(replace(make_session(today, before=9, after=8), note=NOTE), now)
        gone = replace(make_session(today), note=NOTE)
        store.save(gone, now)
        store.delete("session", gone.id, now)
        store.save_cramp(today, CrampLeg.BOTH, now)
        shaped = Routine("r1", ROUTINE, (RoutineStretch("side_reach", 44),))
        store.save_routines([shaped], now)
    assert daily.make_daily(file, today)
    return file


def shown(app: AppTest) -> str:
    """Return all text on the page, including the labels and values of widgets."""
    assert not app.exception
    widgets = (app.button, app.text_input, app.text_area, app.selectbox, app.checkbox, app.slider)
    labels = [
        f"{widget.label} {getattr(widget, 'value', '')}" for group in widgets for widget in group
    ]
    groups = [str(group.options) for group in app.button_group]
    return "\n".join([texts(app), *labels, *groups])


def marks_of_ana(text: str) -> list[str]:
    return [mark for mark in (NOTE, ROUTINE, "of 19", "3 sessions", "4 sessions") if mark in text]


def button(app: AppTest, beginning: str) -> Button:
    """Return the button whose key begins with `beginning`."""
    return next(button for button in app.button if (button.key or "").startswith(beginning))


def unlock(app: AppTest, passphrase: str) -> AppTest:
    app.text_input[0].set_value(passphrase)
    return button(app, "hw-unlock-tap").click().run()
