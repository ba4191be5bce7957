"""The backups on the data page: a list, a preview of each, restoring one and undoing that."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, NoReturn

import streamlit as st

from holdwell.backup import daily
from holdwell.backup.daily import Backup
from holdwell.i18n.formats import day_text, moment_text, sentence_day_text
from holdwell.i18n.messages import counted, say
from holdwell.store import history
from holdwell.store.errors import translating
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from holdwell.transfer import exporting, import_undo
from holdwell.transfer.import_undo import LastImport
from holdwell.ui.common import buttons, failure_box, undo_bar
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import flash
from holdwell.ui.runtime.process_state import process_state

_CHOSEN = "hw-backup-chosen"
"""In the session state: the `_Chosen` backup."""
_UNDO = "hw-backup-undo"
"""In the session state: the `_Offer` to undo a restore or an import."""


class _Offer(NamedTuple):
    """An offer to undo a restore or an import, which `text` describes.

    A restore is undone by the copy `before`; `after` is the fingerprint of the restored database,
    as the undo would also drop what was entered since. An import has no such copy: `after` is the
    database's own note of it.
    """

    text: str
    before: Path | None = None
    after: str | LastImport | None = None


@dataclass
class _Chosen:
    """The backup that the user is asked to confirm; `before` is the copy made as it was restored.

    The run of a second click begins while the run of the first is still restoring, and ends that at
    its next use of the session state. The second must not restore again: its copy would hold only
    the restored backup.
    """

    name: str
    before: Path | None = None
    restoring: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def copying() -> Iterator[None]:
    """Show why the database cannot be copied or restored inside, and skip the rest of the block."""
    try:
        yield
    except CopyError as error:
        failure_box.show(say("record.failed"), error)


def offer_undo(store: Store, text: str) -> None:
    """Offer on the next run to undo the last import; `text` says what was imported."""
    st.session_state[_UNDO] = _Offer(text, after=import_undo.last_import(store))


def is_undo_offered() -> bool:
    """Return whether the undo bar is on the page."""
    return _UNDO in st.session_state


def show_undo(store: Store) -> None:
    """Show the bar that undoes the last restore or the last import."""
    offered: _Offer | None = st.session_state.get(_UNDO)
    # The copy is gone if the user has erased it in another window.
    if offered is None or (offered.before and not offered.before.exists()):
        return
    if offered.before is None and offered.after != import_undo.last_import(store):
        # Another window has undone this import, or has imported or restored something else since.
        del st.session_state[_UNDO]
        return
    is_changed = offered.before is not None and exporting.fingerprint(store) != offered.after
    text = f"{offered.text} {say('record.undo_since')}" if is_changed else offered.text
    if not undo_bar.show_bar(text):
        return
    if offered.before is None:
        undo_import(store)
    with copying():
        if copy := daily.restore(store.file, offered.before, clock.now()):
            del st.session_state[_UNDO]
            when = moment_text(datetime.fromtimestamp(copy.stat().st_mtime, clock.zone()))
            flash(say("record.undone_since", when=when) if is_changed else say("record.undone"))
            st.rerun()


def undo_import(store: Store) -> NoReturn:
    """Undo the last import, and say on the next run how many entries that removed."""
    st.session_state.pop(_UNDO, None)
    flash(say("record.import_undone", count=import_undo.undo(store, clock.now())))
    st.rerun()


def section(store: Store) -> None:
    """List every backup and saved copy that can be opened, newest first."""
    st.header(say("record.backups_title"), anchor=False)
    st.text(say("record.backups_lead"))
    st.code(str(daily.folder_of(store.path)), language=None)
    if store.path in process_state().backup_failed:
        failure_box.show(say("record.backups_trouble"))
    good = daily.good_backups(store.file)
    if not good:
        st.text(say("record.backups_none"))
    for backup in good:
        _card(store, backup, day_text(backup.day), backup.day.isoformat())
    copies = daily.saved_copies(store.file)
    if copies:
        expanded = any(_is_chosen(copy) for _, copy in copies)
        with st.expander(say("record.copies_title"), expanded=expanded):
            for made, copy in copies:
                when = moment_text(made.astimezone(clock.zone()))
                _card(store, copy, when, copy.path.stem)


def _is_chosen(backup: Backup) -> bool:
    chosen: _Chosen | None = st.session_state.get(_CHOSEN)
    return chosen is not None and chosen.name == backup.path.name


def _card(store: Store, backup: Backup, when: str, key: str) -> None:
    """Show one backup in a line, or the question whether to restore it."""
    if _is_chosen(backup):
        with st.container(border=True, key="hw-confirm-restore"):
            _confirm(store, backup)
        return
    card, lines = buttons.card(key)
    lines.text(say("record.backup", day=when, contents=daily.contents_text(backup)))
    choose = buttons.set_on_tap(_CHOSEN, _Chosen(backup.path.name))
    card.button(say("record.preview"), key=f"restore-{key}", **choose)


def _confirm(store: Store, backup: Backup) -> None:
    """Say what restoring the backup would change, and ask whether to do it."""
    chosen: _Chosen = st.session_state[_CHOSEN]
    with translating(store.path):
        present = history.totals(store.db).entries
    now, day = counted("entries", present), sentence_day_text(backup.day)
    then = daily.contents_text(backup, sentence_day_text)
    st.text(say("record.confirm", now=now, day=day, then=then))
    if buttons.wide(say("record.confirm_yes"), "hw-restore-yes", primary=True):
        with chosen.restoring, copying():
            chosen.before = chosen.before or daily.restore(store.file, backup.path, clock.now())
        if chosen.before is not None:
            _close(store, chosen, backup)
    if buttons.wide(say("record.cancel"), "hw-restore-no"):
        # A restore that has begun is not stopped: it can be undone afterwards.
        with chosen.restoring:
            _close(store, chosen, backup)


def _close(store: Store, chosen: _Chosen, backup: Backup) -> NoReturn:
    """Close the question, and offer to undo the restore if there was one."""
    if chosen.before is not None:
        restored = say("record.restored", day=sentence_day_text(backup.day))
        st.session_state[_UNDO] = _Offer(restored, chosen.before, exporting.fingerprint(store))
    st.session_state.pop(_CHOSEN)
    st.rerun()
