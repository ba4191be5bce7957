"""The warning on the page of the data where a cloud service or a network drive keeps the folder."""

import streamlit as st

from holdwell.i18n.messages import plain, say
from holdwell.store.repository import Store
from holdwell.store.synced_folder import NETWORK, conflict_copies, service_of

_KEY = "synced"
"""A key of `meta`: the service of which the user has read the warning."""


def section(store: Store) -> None:
    """Warn of the folder until the user has read it, and of copies as long as they are there."""
    copies = conflict_copies(store.path)
    if copies:
        files = ", ".join(file.name for file in copies)
        st.warning(plain(say("record.conflicts", files=files)), icon=":material/warning:")
    service = service_of(store.path.parent)
    if service is None or store.meta(_KEY) == service:
        return
    name = say("record.synced_network") if service == NETWORK else service
    st.warning(plain(say("record.synced", service=name)), icon=":material/warning:")
    if st.button(say("record.synced_seen"), key="hw-synced-seen"):
        store.set_meta(_KEY, service)
        st.rerun()
