"""Fields of the profile: they save what the user changes in them, and nothing else.

They go on with what they began with. Another window may have saved something else since.
"""

import streamlit as st

from holdwell.domain.models import Profile
from holdwell.store.repository import Store
from holdwell.ui.common import forms
from holdwell.ui.runtime import clock


def shown(store: Store, key: str) -> Profile:
    """Return the profile with which the fields began, of which the first has this key."""
    return forms.begun(key, store.profile())


def save(store: Store, key: str, edited: Profile) -> bool:
    """Save what was changed in the fields that began with `shown`; return whether anything was."""
    before: Profile = st.session_state[forms.begun_key(key)]
    if edited == before:
        return False
    store.change_profile(before, edited, clock.now())
    st.session_state[forms.begun_key(key)] = edited
    return True
