"""Words for every failure, and the ways out of a damaged or a locked record."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from holdwell.backup import daily
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import plain, say
from holdwell.i18n.toml_reader import ContentError
from holdwell.store import database
from holdwell.store.database import StoreError, StoreProblem
from holdwell.store.repository import default_folder
from holdwell.ui.data import people, unlock_form
from holdwell.ui.runtime import clock, current_person, unlock
from holdwell.ui.runtime.flash import flash
from holdwell.ui.runtime.run_context import current_run

LOG_NAME = "holdwell-errors.log"


def quiet(key: str, otherwise: str, **values: object) -> str:
    """A text, or a stand-in where content/ cannot be read: the page that says so needs words."""
    try:
        return say(key, **values)
    except ContentError:
        return otherwise.format(**values)


@contextmanager
def guarded() -> Iterator[None]:
    """Turn every failure inside into a sentence that says what to do. No traceback is shown."""
    try:
        yield
    except StoreError as error:
        try:
            show_store_error(error)
        except Exception as other:
            _show_fault(other)
    except Exception as error:
        _show_fault(error)


def _show_fault(error: Exception) -> None:
    if isinstance(error, ContentError):
        st.error(quiet("errors.content", "{detail}", detail=plain(str(error))))
        return
    if isinstance(error, StoreError):
        st.error(say(f"errors.{error.problem.value}"), icon=":material/info:")
        return
    logging.getLogger("holdwell").exception("a page failed")
    st.error(quiet("errors.unexpected", "Something went wrong. Please reload the page."))
    st.code(str(_write_log()), language=None)


def log_path() -> Path:
    """Return the file that our faults are written to, beside the person's database."""
    person = current_run().person
    return (person.folder if person else default_folder()) / LOG_NAME


def _write_log() -> Path:
    """Append the traceback to a file beside the record, which the user may send us or not."""
    path = log_path()
    words = traceback.format_exc()
    person = current_run().person
    if person is None or unlock.has_passphrase(person.database):
        # An error may quote what the user wrote; of those only the place in the code is written.
        kind, _, place = sys.exc_info()
        words = "".join([*traceback.format_tb(place), kind.__name__ if kind else ""])
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(words + "\n")
    except OSError:
        logging.getLogger("holdwell").warning("could not write %s", path)
    return path


def show_store_error(error: StoreError) -> None:
    """Say what is wrong with the record and what to do; what she entered stays on the page."""
    problem = error.problem
    if problem is StoreProblem.SEALED and st.session_state.get(unlock_form.DAMAGED):
        problem = StoreProblem.DAMAGED
    if problem is StoreProblem.SEALED:
        unlock_form.show(error.path)
        if len(current_person.everyone()) > 1:
            st.text(say("people.or_another"))
            people.choose()
        return
    with st.container(key="hw-trouble"):
        st.error(say(f"errors.{problem.value}"), icon=":material/info:")
        st.code(str(error.path), language=None)
        if st.button(say("errors.again"), key="hw-again") and st.session_state.pop(
            unlock_form.DAMAGED, False
        ):
            # Back to the question for the passphrase.
            st.rerun()
        if problem is StoreProblem.DAMAGED:
            _ways_out(error.path)


def _ways_out(path: Path) -> None:
    """What can be done about a damaged record."""
    newest = daily.newest_good(path)
    if newest is not None:
        until = day_text(newest.until) if newest.until else "–"
        st.text(say("errors.backup_found", day=day_text(newest.day), until=until))
        if st.button(say("errors.backup_restore"), type="primary", key="hw-restore-newest"):
            current_run().close_database()
            daily.restore(path, newest.path, clock.now())
            st.session_state.pop(unlock_form.DAMAGED, None)
            flash(say("errors.backup_restored", day=day_text(newest.day)))
            st.rerun()
    unlock_form.ask_for_copies(path)
    if st.button(say("errors.set_aside")):
        # An open file cannot be renamed on Windows.
        current_run().close_database()
        kept = database.set_aside(path)
        st.session_state.pop(unlock_form.DAMAGED, None)
        flash(say("errors.set_aside_done", name=kept.name))
        st.rerun()
