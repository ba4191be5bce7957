"""Messages for every failure, and ways to recover from a damaged or lost database."""

import logging
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from holdwell.backup import daily
from holdwell.i18n.formats import sentence_day_text
from holdwell.i18n.messages import plain, say, say_or
from holdwell.i18n.toml_reader import ContentError
from holdwell.store import database, files
from holdwell.store.errors import StoreError, StoreProblem
from holdwell.store.people import default_folder
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.data import backups, people, unlock_form
from holdwell.ui.runtime import clock, current_person, unlock
from holdwell.ui.runtime.flash import flash
from holdwell.ui.runtime.process_state import database_file
from holdwell.ui.runtime.run_context import current_run

_TYPED = "hw-typed"
"""Session state key for what was typed in fields that a failed run did not draw."""
_FORMS = ("form-", "rate-", "settings-", "another-", "welcome-", "earlier-")
"""What the keys of the fields of forms begin with, whose values are kept."""
_FIELDS = (
    *("hw-pause-from", "hw-pause-to", "hw-paused-since", "hw-unit-number", "hw-goal", "hw-ready"),
    *("hw-sound", "hw-voice", "hw-vibration", "hw-volume", "hw-cues", "hw-day-ends"),
    *("hw-week-starts", "hw-language-choice", "hw-skin"),
)
"""The keys of other fields whose values are kept: those that save themselves."""
_log = logging.getLogger("holdwell")


@contextmanager
def guarded() -> Iterator[None]:
    """Show a sentence that says what to do for every failure in the block, never a traceback."""
    typed: dict[str, Any] = st.session_state.pop(_TYPED, {})
    st.session_state.update(typed)
    try:
        yield
        _forget_undrawn(typed)
    except StoreError as error:
        _keep_typed()
        try:
            _show_store_error(error)
        except Exception as other:
            _show_fault(other)
    except Exception as error:
        _show_fault(error)


def _keep_typed() -> None:
    """Keep what was typed in a form that this run did not get to draw.

    Streamlit forgets a widget that a run does not draw. The browser shows only what the run that
    draws the field again has set itself, so the next run does. Setting a field that this run has
    drawn raises an error, and so does setting a button, the only bool in a form.
    """
    typed = st.session_state[_TYPED] = {}
    for key in map(str, st.session_state):
        is_form = key.startswith(_FORMS) and not isinstance(st.session_state[key], bool)
        if is_form or key in _FIELDS:
            with suppress(StreamlitAPIException):
                st.session_state[key] = st.session_state[key]
                typed[key] = st.session_state[key]


def _forget_undrawn(typed: Iterable[str]) -> None:
    """Forget what was typed on a page that the user has left: it may be older than what is saved by
    the time they are back. Setting a field that this run has drawn raises an error."""
    for key in typed:
        with suppress(StreamlitAPIException):
            st.session_state[key] = None
            del st.session_state[key]


def _show_fault(error: Exception) -> None:
    if isinstance(error, ContentError):
        st.error(say_or("errors.content", "{detail}", detail=plain(str(error))))
        return
    if isinstance(error, StoreError):
        failure_box.show(say(f"errors.{error.problem.value}"), severe=True)
        return
    _log.exception("a page failed")
    st.error(say_or("errors.unexpected", "Something went wrong. Please reload the page."))
    st.code(str(_write_log()), language=None)


def _write_log() -> Path:
    """Append the traceback to the log, which the user can send to us; return its path."""
    person = current_run().person
    path = (person.folder if person else default_folder()) / database.ERROR_LOG
    text = traceback.format_exc()
    if person is None or unlock.has_passphrase(person.database):
        # An error may quote what the user wrote: log only its kind and its place in the code.
        kind, _, place = sys.exc_info()
        text = "".join([*traceback.format_tb(place), kind.__name__ if kind else ""])
    try:
        files.append_private(path, text + "\n")
    except OSError:
        _log.warning("could not write %s", path)
    return path


def _show_store_error(error: StoreError) -> None:
    """Show what is wrong with the database and what to do about it."""
    damage_found = st.session_state.get(unlock_form.DAMAGED, False)
    if error.problem is StoreProblem.ENCRYPTED and not damage_found:
        unlock_form.show(error.path)
        if len(current_person.everyone()) > 1:
            st.text(say("people.or_another"))
            people.choose()
        return
    problem = StoreProblem.DAMAGED if error.problem is StoreProblem.ENCRYPTED else error.problem
    st.title(say("errors.title"), anchor=False)
    with st.container(key="hw-trouble"):
        failure_box.show(say(f"errors.{problem.value}"), error.path, severe=True)
        # If the file may be damaged, this leads back to the passphrase form.
        again = buttons.set_on_tap(unlock_form.DAMAGED, False)
        st.button(say("errors.again"), key="hw-again", **again)
        if problem in (StoreProblem.DAMAGED, StoreProblem.LOST):
            _ways_out(error.path, problem)


def _ways_out(path: Path, problem: StoreProblem) -> None:
    """Offer to restore the newest good backup or to begin a new database."""
    is_lost = problem is StoreProblem.LOST
    file = database_file(path)
    newest = daily.newest_good(file, clock.today())
    if newest is not None:
        day = sentence_day_text(newest.day)
        contents = daily.contents_text(newest, sentence_day_text)
        st.text(say("errors.backup_found", day=day, contents=contents))
        if st.button(say("errors.backup_restore"), type="primary", key="hw-restore-newest"):
            current_run().close_database()
            restored = "errors.lost_restored" if is_lost else "errors.backup_restored"
            with backups.copying():
                daily.restore(file, newest.path, clock.now())
                _leave_damage(say(restored, day=day))
            return
    unlock_form.ask_for_copies(path)
    if is_lost:
        if daily.encryption_mark(path).exists():
            st.text(say("errors.lost_encrypted"))
        if st.button(say("errors.lost_begin"), key="hw-begin-anew"):
            database.create_new(file)
            _leave_damage(say("errors.lost_begun"))
    elif st.button(say("errors.quarantine")):
        # Windows cannot rename an open file.
        current_run().close_database()
        kept = database.create_new(file)
        _leave_damage(say("errors.quarantine_done", name=kept.name))


def _leave_damage(text: str) -> NoReturn:
    """Leave the page of the damaged or lost database; the next one shows a message."""
    st.session_state[unlock_form.DAMAGED] = False
    flash(text)
    st.rerun()
