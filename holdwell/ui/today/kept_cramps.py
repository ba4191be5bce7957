"""Cramps logged while the database is locked or the app does not answer: the browser keeps them."""

from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import CrampLeg
from holdwell.i18n.formats import sentence_day_text
from holdwell.i18n.messages import say
from holdwell.store.errors import StoreError
from holdwell.store.people import Person
from holdwell.store.repository import Store
from holdwell.ui.common import failure_box, forms, undo_bar
from holdwell.ui.guide import phone_numbers, situations, steps
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.javascript import component, no_callbacks

_keeper = component("holdwell_kept_cramps", Path(__file__).with_name("kept_cramps.js"))
TAKEN = "hw-cramps-taken"
"""In the session state: the cramps, by night, that are saved and still kept by the browser."""
KEPT = "hw-kept"
"""The key of the component; in the session state, what the browser last said that it keeps."""
LEGS = tuple(leg for leg in CrampLeg if leg is not CrampLeg.NONE)
NIGHTS_KEPT = 60
"""A cramp from more nights ago is not saved: the browser's clock must have been wrong."""


def ask(person: Person) -> None:
    """Say what eases a cramp, and let one tap have the browser keep a cramp of this night."""
    now = clock.now().local
    night = dates.night_of(now)
    key = "hw-cramp-locked"
    with st.container(key="hw-cramp"):
        steps.show_cramp_relief()
        leg = forms.take_tap(key)
        if leg is not None:
            # The answer that was saved when the database was last open is no longer the newest.
            st.session_state.get(TAKEN, {}).pop(night, None)
        # As on Today: while the night lasts, left and then right make both.
        known = _sync(person, night, leg, adds=night != dates.last_night(now)).get(night)
        question = say("locked.cramp", night=sentence_day_text(night, today=night))
        forms.display_saved(question, LEGS, known, key, "form.cramp_{}")
        if known is not None:
            st.text(say("locked.cramp_kept", leg=say(f"today.cramp_leg_{known.value}")))


def saved_text(night: date, leg: CrampLeg) -> str:
    """Say that the cramps of a night are saved."""
    day = sentence_day_text(night, today=clock.today())
    return say("today.cramp_saved", leg=say(f"today.cramp_leg_{leg.value}"), night=day)


def take_in(person: Person, store: Store) -> None:
    """Save the cramps that the browser kept, and have the browser delete them.

    Cramps that cannot be saved, as in a read-only folder, stay there, and the page says why.
    """
    taken: dict[date, CrampLeg] = st.session_state.setdefault(TAKEN, {})
    in_browser = _sync(person, store=store)
    for night in taken.keys() - in_browser.keys():
        # The browser has deleted it. Another tap for this night is a new answer.
        del taken[night]
    unsaved = {night: leg for night, leg in in_browser.items() if taken.get(night) != leg}
    try:
        for night, leg in unsaved.items():
            known = store.cramp(night)
            text = saved_text(night, leg.after(known.leg if known else None))
            with undo_bar.offering(undo_bar.CRAMP, text, store):
                store.add_cramp(night, leg, clock.now())
            taken[night] = leg
    except StoreError as error:
        failure_box.show(say(f"errors.{error.problem.value}"))
        return
    if unsaved:
        st.rerun()


def _sync(
    person: Person,
    night: date | None = None,
    leg: CrampLeg | None = None,
    *,
    adds: bool = False,
    store: Store | None = None,
) -> dict[date, CrampLeg]:
    """Exchange cramps with the browser, and return this person's by night as it keeps them now.

    The browser keeps the cramp of a `night` if one is given; otherwise it is told which are saved,
    and deletes them. With `adds`, a cramp in one leg and then in the other make both. `store` is
    the person's database, if it is open.
    """
    data: dict[str, Any] = {
        "person": person.id,
        "saved": [],
        "night_from": dates.BEDTIME_FROM.hour,
        "words": _words(store),
        # A new value in each run, as the script runs only when its data changes.
        "run": clock.now().utc.isoformat(),
        "heard": st.session_state.get(KEPT, {}).get("kept") or [],
    }
    if night is not None and leg is not None:
        data |= {"night": night.isoformat(), "leg": leg.value, "adds": adds}
    else:
        taken: dict[date, CrampLeg] = st.session_state.get(TAKEN, {})
        data["saved"] = [[day.isoformat(), saved.value] for day, saved in taken.items()]
    with st.container(key="hw-kept-cramps"):
        # In a list: Streamlit searches a dict for tables, and imports pandas to do so.
        result = _keeper(key=KEPT, data=[data], **no_callbacks("kept", "ping"))
    cramps = dict(filter(None, map(_read, result.get("kept") or ())))
    if night is not None and leg is not None:
        cramps[night] = leg.after(cramps.get(night) if adds else None)
    return cramps


def _words(store: Store | None) -> dict[str, Any]:
    """Return the texts and stop signs that `offline.js` shows while the app does not answer."""
    legs = {leg.value: say(f"today.cramp_leg_{leg.value}") for leg in LEGS}
    return {
        "title": say("frame.gone_title"),
        "gone": say("frame.gone"),
        "cramp": say("today.cramp_tonight"),
        "lead": say("today.cramp_lead"),
        "left": say("form.cramp_left"),
        "right": say("form.cramp_right"),
        "kept": {leg: say("today.cramp_away", leg=text) for leg, text in legs.items()},
        "signs": say("app.stop_signs"),
        "groups": situations.stop_groups(situations.audience_now(store)),
        "numbers": phone_numbers.numbers(store, helpline=True),
    }


def _read(sent: object) -> tuple[date, CrampLeg] | None:
    """Read a night and its answer as the browser sent them; None if they are invalid or too old."""
    try:
        night, name = map(str, sent)  # type: ignore[call-overload]
        day, leg = date.fromisoformat(night), CrampLeg(name)
    except (TypeError, ValueError):
        return None
    age = (clock.today() - day).days
    return (day, leg) if 0 <= age <= NIGHTS_KEPT else None
