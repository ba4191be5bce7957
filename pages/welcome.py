"""The first visit: the dates and conditions of the user, and the language, all optional."""

from dataclasses import replace

import streamlit as st

from holdwell.guide.load import guide
from holdwell.i18n.messages import say
from holdwell.ui.guide import leave_out, situations, steps
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.settings import language, pregnancy_form


def page() -> None:
    """Ask for the dates and the language, then lead on to the stretches, or to Today."""
    store = current_run().store
    st.title(say("welcome.title"), anchor=False)
    st.markdown(say("welcome.lead"))
    # Somebody may open the app for the first time at night, with a cramp.
    steps.show_cramp_relief()
    result = pregnancy_form.ask(
        "welcome",
        store,
        save=say("welcome.next"),
        skip=say("welcome.skip"),
        also=lambda: situations.ask_conditions(store),
    )
    if result.is_done:
        if (saved := result.value) is not None and saved.ended:
            # There cannot be reminders yet, so do not warn that they still ring.
            store.set_meta(situations.ENDED_SEEN, saved.id)
        profile = store.profile()
        store.change_profile(profile, replace(profile, welcomed=True), clock.now())
        # While the guide leaves out every stretch, Today says that nothing is expected. If the user
        # may stretch after asking somebody, Stretch says whom to ask.
        found = leave_out.now(store)
        can_ask = any(item.until_asked for item in found.lines)
        is_resting = not found.kept(guide().stretches) and not can_ask
        navigation.go("today" if is_resting else "stretch")
    language.choose(store, browser=False)
    st.caption(say("welcome.privacy"))
    # From now on Today opens at a tap, for a cramp at night. Noted last: a run that the browser's
    # next request stops earlier has not shown the welcome.
    st.session_state[navigation.WELCOME_SHOWN] = True


page()
