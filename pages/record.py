"""The user's data: where it is stored, export and import, its backups, and erasing it for good."""

import streamlit as st

from holdwell.i18n.messages import plain, say
from holdwell.store.repository import Store
from holdwell.store.synced_folder import NETWORK, conflict_copies, service_of
from holdwell.transfer import exporting
from holdwell.ui.common import buttons
from holdwell.ui.data import backups, erase, file_import
from holdwell.ui.runtime import clock, unlock
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run

WARNED_KEY = "synced"
"""A key of `meta`: the sync service about which the user has read the warning."""


def warn_of_sync(store: Store) -> None:
    """Warn of a synced folder until the user has read the warning, and of any conflict copies."""
    copies = conflict_copies(store.path)
    if copies:
        files = ", ".join(file.name for file in copies)
        st.warning(plain(say("record.conflicts", files=files)), icon=":material/warning:")
    service = service_of(store.path.parent)
    if service is None or store.meta(WARNED_KEY) == service:
        return
    name = say("record.synced_network") if service == NETWORK else service
    st.warning(plain(say("record.synced", service=name)), icon=":material/warning:")
    if st.button(say("record.synced_seen"), key="hw-synced-seen"):
        store.set_meta(WARNED_KEY, service)
        st.rerun()


def export_section(store: Store) -> None:
    """Offer one file with everything, made when the user asks for it."""
    st.header(say("record.export_title"), anchor=False)
    st.text(say("record.export_lead"))
    if unlock.has_passphrase(store.path):
        st.text(say("passphrase.export_plain"))
    now = clock.now()
    made = unlock.while_open(store.path, lambda own: exporting.export(own, now))
    name = f"holdwell-{now.local.date().isoformat()}.zip"
    buttons.download(say("record.export"), made, name, "hw-export", icon="download")


def page() -> None:
    """Show where the data is, and everything that can be done with it as a whole."""
    store = current_run().store
    st.title(say("record.title"), anchor=False)
    show_flash()
    backups.show_undo(store)
    st.text(say("record.where"))
    st.code(str(store.path), language=None)
    warn_of_sync(store)
    export_section(store)
    file_import.section(store)
    backups.section(store)
    erase.section(store)


page()
