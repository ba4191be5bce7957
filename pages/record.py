"""Her record: where it is, export and import, its backups, and emptying it for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from holdwell.backup import daily
from holdwell.backup.daily import Backup, Before
from holdwell.i18n.formats import day_text, moment_text
from holdwell.i18n.messages import counted, say
from holdwell.store.repository import Store
from holdwell.store.snapshot import CopyError
from holdwell.transfer import exporting, importing, validation
from holdwell.transfer.csv import tracker_import
from holdwell.transfer.importing import Preview
from holdwell.transfer.zip_reader import InvalidExportError
from holdwell.ui.common import undo_bar
from holdwell.ui.data import erase
from holdwell.ui.data.csv_import import mapping_step
from holdwell.ui.runtime import clock, navigation, unlock
from holdwell.ui.runtime.flash import flash, show_flash
from holdwell.ui.runtime.process_state import process_state
from holdwell.ui.runtime.run_context import current_run

CHOSEN = "hw-backup-chosen"
UNDO = "hw-backup-undo"
UPLOADS = "hw-uploads"
TABLES = ("csv", "tsv", "txt")
"""How the names of tables of other trackers end."""


def until_text(found: Backup) -> str:
    return day_text(found.until) if found.until else "–"


def offer_undo(store: Store) -> None:
    """Say which backup was brought back, with one tap to take that back."""
    undo: tuple[str, Path] | None = st.session_state.get(UNDO)
    # The copy may be gone: emptied for good in another window.
    if undo is None or not undo[1].exists():
        return
    if undo_bar.tapped(undo[0]) and bring_back(store, undo[1]):
        del st.session_state[UNDO]
        flash(say("record.undone"))
        st.rerun()


def bring_back(store: Store, path: Path) -> Path | None:
    """Put a backup in the record's place; the copy of what was there, or None if it failed."""
    try:
        return daily.restore(store.path, path, clock.now())
    except CopyError as error:
        st.warning(say("record.failed"), icon=":material/info:")
        st.code(str(error), language=None)
        return None


def confirm(store: Store, found: Backup) -> None:
    """What would change, before it does."""
    with st.container(border=True, key="hw-confirm-restore"):
        st.text(
            say(
                "record.confirm",
                now=counted("sessions", store.session_count()),
                day=day_text(found.day),
                then=counted("sessions", found.sessions),
                until=until_text(found),
            )
        )
        if st.button(
            say("record.confirm_yes"), type="primary", key="hw-restore-yes", width="stretch"
        ):
            before = bring_back(store, found.path)
            if before is not None:
                said = say("record.restored", day=day_text(found.day))
                st.session_state[UNDO] = (said, before)
                st.session_state.pop(CHOSEN)
                st.rerun()
        if st.button(say("record.cancel"), key="hw-restore-no", width="stretch"):
            st.session_state.pop(CHOSEN)
            st.rerun()


def backups(store: Store) -> None:
    """Every backup that can be opened, newest first."""
    st.header(say("record.backups_title"), anchor=False)
    st.text(say("record.backups_lead"))
    st.code(str(daily.folder_of(store.path)), language=None)
    if store.path in process_state().backup_failed:
        st.warning(say("record.backups_trouble"), icon=":material/info:")
    known = daily.all_of(store.path)
    if not known:
        st.text(say("record.backups_none"))
    for found in known:
        card(store, found, day_text(found.day), found.day.isoformat())
    copies = daily.kept_copies(store.path)
    if copies:
        chosen = st.session_state.get(CHOSEN)
        opened_now = any(copy.path.name == chosen for _, copy in copies)
        with st.expander(say("record.copies_title"), expanded=opened_now):
            for made, copy in copies:
                when = moment_text(made.astimezone(clock.zone()))
                card(store, copy, when, copy.path.stem)


def card(store: Store, found: Backup, when: str, key: str) -> None:
    """One backup or kept copy in a line, with the way to bring it back."""
    if found.path.name == st.session_state.get(CHOSEN):
        confirm(store, found)
        return
    with st.container(
        border=True, key=f"hw-card-{key}", horizontal=True, vertical_alignment="center"
    ):
        with st.container(key=f"hw-lines-{key}"):
            st.text(
                say(
                    "record.backup",
                    day=when,
                    sessions=counted("sessions", found.sessions),
                    until=until_text(found),
                )
            )
        if st.button(say("record.preview"), key=f"restore-{key}"):
            st.session_state[CHOSEN] = found.path.name
            st.rerun()


def export(store: Store) -> None:
    """One file with everything, made when it is asked for."""
    st.header(say("record.export_title"), anchor=False)
    st.text(say("record.export_lead"))
    if unlock.has_passphrase(store.path):
        st.text(say("passphrase.export_plain"))
    now = clock.now()
    st.download_button(
        say("record.export"),
        unlock.later(store.path, lambda own: exporting.export(own, now)),
        f"holdwell-{now.local.date().isoformat()}.zip",
        "application/zip",
        key="hw-export",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def bring_in(store: Store) -> None:
    """Read a file, say what is in it, and bring it in on her word."""
    st.header(say("record.import_title"), anchor=False)
    st.text(say("record.import_lead"))
    number = st.session_state.get(UPLOADS, 0)
    given = st.file_uploader(
        say("record.import_file"),
        type=["zip", "json", *TABLES],
        key=f"hw-import-{number}",
        label_visibility="collapsed",
    )
    if given is None:
        return
    if given.name.lower().endswith(TABLES):
        sessions = mapping_step(store, given.getvalue(), f"hw-import-{number}-{given.file_id}")
        if sessions and confirmed():
            bring_in_kept(store, lambda: tracker_import.bring_in(store, sessions, clock.now()))
        return
    try:
        data = validation.read(given.getvalue())
        found = importing.preview(store, data)
    except InvalidExportError as error:
        st.warning(say(f"record.import_{error.problem.value}"), icon=":material/info:")
        if error.detail:
            st.code(error.detail, language=None)
        return
    for line in preview_lines(found):
        st.text(line)
    if found.new and confirmed():
        bring_in_kept(store, lambda: importing.insert(store, data).new)


def confirmed() -> bool:
    return st.button(say("record.import_yes"), type="primary", key="hw-import-yes", width="stretch")


def bring_in_kept(store: Store, act: Callable[[], int]) -> None:
    """Keep a copy of the record, bring something in, and offer the copy as an undo."""
    try:
        before = daily.keep(store.path, clock.now(), Before.IMPORT)
    except CopyError as error:
        st.warning(say("record.failed"), icon=":material/info:")
        st.code(str(error), language=None)
        return
    new = act()
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1
    st.session_state[UNDO] = (say("record.imported", new=new), before)
    st.rerun()


def preview_lines(found: Preview) -> list[str]:
    """What an import would add, before it does."""
    new = found.tables["session"].new - found.tables["session"].new_deleted
    if not found.new:
        return [say("record.import_nothing")]
    lines = [
        say(
            "record.import_preview",
            sessions=counted("sessions", new),
            nights=found.tables["cramp"].new,
            there=found.already_there,
        )
    ]
    first, last = found.first_day, found.last_day
    if first is not None and last is not None:
        lines.append(say("record.import_span", first=day_text(first), last=day_text(last)))
    return lines


def page() -> None:
    """All of it on one page."""
    store = current_run().store
    st.title(say("record.title"), anchor=False)
    show_flash()
    offer_undo(store)
    st.text(say("record.where"))
    st.code(str(store.path), language=None)
    export(store)
    bring_in(store)
    backups(store)
    erase.section(store)
    navigation.back_button("record")


page()
