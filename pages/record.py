"""Her record: where it is, its backups, and how to bring one back."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from holdwell import backup
from holdwell.backup import Backup
from holdwell.copying import CopyError
from holdwell.store import Store
from holdwell.ui import clock, shell
from holdwell.wording import counted, day_text, say

shell.framed()

CHOSEN = "hw-backup-chosen"
UNDO = "hw-backup-undo"


def until_text(found: Backup) -> str:
    return day_text(found.until) if found.until else "–"


def undo_bar(store: Store) -> None:
    """Say which backup was brought back, with one tap to take that back."""
    undo: tuple[str, Path] | None = st.session_state.get(UNDO)
    if undo is None:
        return
    with st.container(key="hw-undo-bar", horizontal=True, vertical_alignment="center"):
        st.text(undo[0])
        if st.button(say("record.undo"), key="hw-undo-tap") and bring_back(store, undo[1]):
            del st.session_state[UNDO]
            shell.flash(say("record.undone"))
            st.rerun()


def bring_back(store: Store, path: Path) -> Path | None:
    """Put a backup in the record's place; the copy of what was there, or None if it failed."""
    try:
        return backup.restore(store.path, path, clock.now())
    except CopyError as error:
        st.warning(say("record.failed", detail=""), icon=":material/info:")
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
    st.code(str(backup.folder_of(store.path)), language=None)
    if str(store.path) in shell.backup_trouble:
        st.warning(say("record.backups_trouble"), icon=":material/info:")
    known = backup.all_of(store.path)
    if not known:
        st.text(say("record.backups_none"))
    chosen = st.session_state.get(CHOSEN)
    for found in known:
        if found.path.name == chosen:
            confirm(store, found)
            continue
        with st.container(
            border=True,
            key=f"hw-card-{found.day.isoformat()}",
            horizontal=True,
            vertical_alignment="center",
        ):
            with st.container(key=f"hw-lines-{found.day.isoformat()}"):
                st.text(
                    say(
                        "record.backup",
                        day=day_text(found.day),
                        sessions=counted("sessions", found.sessions),
                        until=until_text(found),
                    )
                )
            if st.button(say("record.preview"), key=f"restore-{found.day.isoformat()}"):
                st.session_state[CHOSEN] = found.path.name
                st.rerun()


def page() -> None:
    """All of it on one page."""
    with shell.database() as store:
        st.title(say("record.title"), anchor=False)
        shell.show_flash()
        undo_bar(store)
        st.text(say("record.where"))
        st.code(str(store.path), language=None)
        backups(store)
        if st.button(say("record.back"), key="hw-back", width="stretch"):
            shell.go("settings")


page()
