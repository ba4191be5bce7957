"""The changes of the last 30 days, newest first, each with the effect of undoing it."""

from collections.abc import Sequence

import streamlit as st

from holdwell.i18n.formats import moment_text
from holdwell.i18n.messages import plain, say
from holdwell.store import undo
from holdwell.store.change_log import Change
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, paging, undo_bar
from holdwell.ui.history.change_text import RowText, describe
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run

SHOWN = "hw-change-list"


def card(store: Store, change: Change, texts: Sequence[RowText]) -> None:
    """Show when and what was changed, the effect of undoing it, and a button to do so."""
    with st.container(border=True, key=f"hw-change-{change.id}"):
        when = moment_text(change.at.local, today=clock.today())
        with st.container(key=f"hw-lines-{change.id}"):
            st.caption(plain(f"{when} · {say('changes.an_undo')}" if change.undoes else when))
            for row in texts:
                st.markdown(f"**{plain(row.title)}**")
                if row.lines:
                    st.text(", ".join(row.lines))
                for line in row.undo:
                    st.caption(plain(line))
        if not undo.can_be_undone(change):
            st.caption(say("changes.undo_nothing"))
        elif buttons.wide(say("changes.undo"), f"undo-{change.id}", icon="undo"):
            undo_bar.undo_change(store, change.id)


def page() -> None:
    """Show the newest changes, and more when asked for."""
    store = current_run().store
    st.title(say("changes.title"), anchor=False)
    show_flash()
    st.text(say("changes.lead"))
    st.text(say("changes.tombstones"))
    total = undo.change_count(store)
    if not total:
        st.text(say("changes.empty"))
    for change in undo.changes(store, limit=paging.shown(SHOWN)):
        card(store, change, describe(change, clock.today()))
    paging.more_button(SHOWN, total, say("changes.more"))


page()
