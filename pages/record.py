"""The user's data: where it is, export and import, its backups, and erasing it for good."""

import streamlit as st

from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.transfer import exporting
from holdwell.ui.common import buttons
from holdwell.ui.data import backups, erase, file_import, synced
from holdwell.ui.runtime import clock, unlock
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run


def export_section(store: Store) -> None:
    """Offer one file with everything, which is made when it is asked for."""
    st.header(say("record.export_title"), anchor=False)
    st.text(say("record.export_lead"))
    if unlock.has_passphrase(store.path):
        st.text(say("passphrase.export_plain"))
    now = clock.now()
    buttons.download(
        say("record.export"),
        unlock.later(store.path, lambda own: exporting.export(own, now)),
        f"holdwell-{now.local.date().isoformat()}.zip",
        "hw-export",
        icon=":material/download:",
    )


def page() -> None:
    """Show where the data is, and all that can be done with it as a whole."""
    store = current_run().store
    st.title(say("record.title"), anchor=False)
    show_flash()
    backups.show_undo(store)
    st.text(say("record.where"))
    st.code(str(store.path), language=None)
    synced.section(store)
    export_section(store)
    file_import.section(store)
    backups.section(store)
    erase.section(store)


page()
