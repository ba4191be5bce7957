"""The import on the data page: a file is read, previewed, and imported once the user confirms."""

from collections.abc import Callable

import streamlit as st

from holdwell.backup import daily
from holdwell.backup.daily import Before
from holdwell.i18n.formats import moment_text, sentence_day_text
from holdwell.i18n.messages import counted, say
from holdwell.store.repository import Store
from holdwell.transfer import import_undo, importing, validation
from holdwell.transfer.csv import file_kinds
from holdwell.transfer.zip_reader import ExportProblem, InvalidExportError
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.data import backups, csv_import
from holdwell.ui.runtime import clock

_UPLOAD_NUMBER = "hw-uploads"
_TABLES = ("csv", "tsv", "txt", "xlsx", "xls", "ods", "xml")
"""The file extensions of other trackers; some of these are refused, with advice on what to do."""


def section(store: Store) -> None:
    """Ask for a file, show what is new in it, and import that on a tap."""
    st.header(say("record.import_title"), anchor=False)
    st.text(say("record.import_lead"))
    _last_import(store)
    number = st.session_state.get(_UPLOAD_NUMBER, 0)
    label, kinds, key = say("record.import_file"), ["zip", "json", *_TABLES], f"hw-import-{number}"
    file = st.file_uploader(label, kinds, key=key, label_visibility="collapsed")
    if file is None:
        csv_import.forget()
        return
    is_table = file.name.lower().endswith(_TABLES)
    read = csv_import.mapping_step if is_table else _read_export
    save = read(store, file.getvalue(), f"{key}-{file.file_id}")
    if save is not None:
        _confirm(store, save)


def _last_import(store: Store) -> None:
    """Say what was imported last, with a button to undo it; not while the undo bar offers that."""
    last = import_undo.last_import(store)
    if last is None or backups.is_undo_offered():
        return
    when = moment_text(last.at.utc.astimezone(clock.zone()))
    text = say("record.last_import", when=when, entries=counted("entries", last.count))
    if buttons.beside(text, say("record.import_undo"), "hw-import-undo"):
        backups.undo_import(store)


def _read_export(store: Store, content: bytes, key: str) -> Callable[[], int] | None:
    """Show what importing an export would add, or what is wrong with the file.

    Another tracker's file with the extension of an export is read as a table. Return a function
    that imports the file and returns the number of new entries; None if there is nothing new.
    """
    try:
        data = validation.read(content)
        preview = importing.preview(store, data)
    except InvalidExportError as error:
        if error.problem is ExportProblem.NOT_OURS and file_kinds.is_foreign(content):
            return csv_import.mapping_step(store, content, key)
        failure_box.show(say(f"record.import_{error.problem.value}"), error.detail)
        return None
    if not preview.new:
        st.text(say("record.import_nothing"))
        return None
    shown = preview.new - preview.deleted
    counts = {
        "sessions": counted("sessions", shown["session"]),
        "nights": counted("cramp_answers", shown["cramp"]),
        "entries": counted("entries", preview.entries),
        "there": counted("entries", preview.existing.total()),
    }
    st.text(say("record.import_preview", **counts))
    first, last = preview.first_day, preview.last_day
    if first is not None and last is not None:
        span = {"first": sentence_day_text(first), "last": sentence_day_text(last)}
        st.text(say("record.import_span", **span))
    return lambda: importing.insert(store, data, clock.now()).entries


def _confirm(store: Store, import_file: Callable[[], int]) -> None:
    """Ask whether to import the file; save a copy of the database first, then import it.

    Entries keep the ids of the file, so that the second click of a double click adds none.
    """
    if not buttons.wide(say("record.import_yes"), "hw-import-yes", primary=True):
        return
    with backups.copying():
        daily.save_copy(store.file, clock.now(), Before.IMPORT)
        new = import_file()
        last = import_undo.last_import(store)
        count = last.count if not new and last is not None else new
        backups.offer_undo(store, say("record.imported", new=counted("entries", count)))
        st.session_state[_UPLOAD_NUMBER] = st.session_state.get(_UPLOAD_NUMBER, 0) + 1
        st.rerun()
