"""Input fields that pages share: ratings with big targets, choices, days and times."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from holdwell.domain import models
from holdwell.domain.models import PainPlace, PainSide, Profile
from holdwell.i18n.formats import date_order, has_12_hour_clock
from holdwell.i18n.messages import say
from holdwell.ui.runtime import clock

if TYPE_CHECKING:
    # Not imported at run time: the server starts faster without it.
    from holdwell.store.repository import Store

T = TypeVar("T")
Labels = Callable[[T], str] | Mapping[T, str] | str
"""The words of options: by a function, by option, or the key of a text with `{}` for the option.

Streamlit may also ask for the words of an option that was offered in an earlier run.
"""
SCORES = range(models.PAIN_MIN, models.PAIN_MAX + 1)
UNSEEN_S = 1.0
"""How long the browser may still show an answer after it was replaced."""


@dataclass(frozen=True, slots=True)
class FormResult(Generic[T]):
    """Whether the user has ended a form with one of its buttons, and the value to save, if any."""

    is_done: bool = False
    value: T | None = None


def initial_key(key: str) -> str:
    """Return the session state key for the value that a field began with."""
    return f"{key}-begun"


def initial(key: str, saved: T) -> T:
    """Return the value that a field or form began with: what was `saved` when it was first drawn.

    By now `saved` may be the answer of another window. Only what differs from the initial value
    was changed here, and only that is saved. A group of fields has the key of the first of them.
    """
    if key not in st.session_state:
        st.session_state[initial_key(key)] = saved
    value: T = st.session_state.setdefault(initial_key(key), saved)
    return value


def save_if_changed(key: str, value: object, save: Callable[[], object]) -> bool:
    """Save a value that is not the `initial` one, which it then becomes; return whether it was."""
    if value == st.session_state[initial_key(key)]:
        return False
    save()
    st.session_state[initial_key(key)] = value
    return True


def save_profile(store: "Store", key: str, edited: Profile) -> bool:
    """Save what was changed in fields of the profile, and nothing else: see `save_if_changed`."""
    shown: Profile = st.session_state[initial_key(key)]
    return save_if_changed(key, edited, lambda: store.change_profile(shown, edited, clock.now()))


def day_input(label: str, key: str, value: date | None) -> date | None:
    """Ask for a day, in the date format of the user's region; return None if none is given.

    The bounds are wide, so that an unlikely day gets our sentence instead of a silent refusal. The
    picker uses the page's language and the user's first weekday: see `handshake.js`.
    """
    day = st.date_input(
        label, value, date(1900, 1, 1), date(2200, 12, 31), key=key, format=date_order()
    )
    return day if isinstance(day, date) else None


def ask_days(
    key: str, first: date | None = None, last: date | None = None
) -> tuple[date | None, date | None]:
    """Ask for a first and a last day, side by side."""
    left, right = st.columns(2)
    with left:
        first = day_input(say("form.first_day"), f"{key}-from", first)
    with right:
        last = day_input(say("form.last_day"), f"{key}-to", last)
    return first, last


def _look(words: Labels[T], key: str, look: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments that all choices have, with those of `look` for one of them."""

    def in_words(option: T) -> str:
        if isinstance(words, str):
            return say(words.format(option))
        return words.get(option, str(option)) if isinstance(words, Mapping) else words(option)

    return {"format_func": in_words, "key": key, "width": "stretch", **look}


def exactly_one(
    label: str,
    options: Iterable[T],
    value: T,
    key: str,
    words: Labels[T],
    *,
    joined: bool = False,
    **look: Any,
) -> T:
    """Ask for one of a few options, one of which is always chosen; `joined` draws them as a bar."""
    control = st.segmented_control if joined else st.pills
    look = _look(words, key, look)
    chosen: T = control(label, list(options), default=value, required=True, **look)
    return chosen


def at_most_one(
    label: str, options: Iterable[T], value: T | None, key: str, words: Labels[T], **look: Any
) -> T | None:
    """Ask for one of a few options with one tap; a second tap takes it back."""
    chosen: T | None = st.pills(label, list(options), default=value, **_look(words, key, look))
    return chosen


def from_list(
    label: str, options: Iterable[T], value: T, key: str, words: Labels[T], **look: Any
) -> T:
    """Ask for one of many options in a list that opens; a `value` not among them chooses none."""
    options = list(options)
    index = options.index(value) if value in options else None
    chosen: T = st.selectbox(label, options, index, **_look(words, key, look))
    return chosen


def any_number(
    label: str, options: Iterable[T], chosen: Collection[T], key: str, words: Labels[T], **look: Any
) -> frozenset[T]:
    """Ask for any number of a few options, or none."""
    options = list(options)
    default = [option for option in options if option in chosen]
    look = _look(words, key, look)
    selected: list[T] = st.pills(label, options, selection_mode="multi", default=default, **look)
    return frozenset(selected)


def display_choice(
    label: str,
    options: Iterable[T],
    shown: T | None,
    key: str,
    words: Labels[T],
    on_tap: Callable[[T], None],
    **look: Any,
) -> None:
    """Display a choice whose value the caller keeps; call `on_tap` with the option that is tapped.

    It is called before the run that the tap begins, which then finds the new value.
    """
    st.session_state[key] = shown
    look = {"required": True, **_look(words, key, look)}
    st.pills(label, list(options), on_change=lambda: on_tap(st.session_state[key]), **look)


def display_saved(
    label: str, options: Iterable[T], saved: T | None, key: str, words: Labels[T]
) -> None:
    """Display the option that is saved, and keep each tap until `take_tap` asks for it.

    Whatever happens on a page, the browser sends all the values that it displays. It may still send
    a value that was just replaced, by an undo for example, and that must not count as a tap.
    """
    replaced = f"{key}-replaced"
    if (before := st.session_state.get(key, saved)) != saved:
        st.session_state[replaced] = before, monotonic()

    def keep_tap(option: T) -> None:
        old, since = st.session_state.get(replaced, (None, 0.0))
        if option != old or monotonic() - since > UNSEEN_S:
            st.session_state[f"{key}-tapped"] = option

    display_choice(label, options, saved, key, words, keep_tap)


def take_tap(key: str) -> Any:
    """Return the option of `display_saved` that was tapped since the last run, or None."""
    return st.session_state.pop(f"{key}-tapped", None)


def get_ready(key: str, value: int) -> int:
    """Ask for the seconds to get ready before a hold, in steps of five."""
    least, most = models.GET_READY_SECONDS_MIN, models.GET_READY_SECONDS_MAX
    return st.slider(say("settings.ready"), least, most, value, step=5, key=key)


def pain(label: str, key: str, value: int | None = None) -> int | None:
    """Ask for a pain score (NRS-11, 0 to 10) with one tap; a second tap takes it back."""
    score = at_most_one(label, SCORES, value, key, str)
    # Below the answers: a help icon would be in the label, above them, and needs a mouse.
    st.caption(say("form.pain_ends"))
    return score


def pain_where(
    key: str, places: frozenset[PainPlace], side: PainSide | None
) -> tuple[frozenset[PainPlace], PainSide | None]:
    """Ask where it hurts; both answers are optional."""
    return (
        any_number(say("form.pain_places"), PainPlace, places, f"{key}-places", "pain.place_{}"),
        at_most_one(say("form.pain_side"), PainSide, side, f"{key}-side", "pain.side_{}"),
    )


def time_input(label: str, key: str, value: time | None = None, **look: Any) -> time | None:
    """Ask for a time of day, in the user's regional format; return None if none is given."""
    look |= {"step": timedelta(minutes=5), "format": "12h" if has_12_hour_clock() else "24h"}
    at: time | None = st.time_input(label, value, key=key, **look)
    return at


def comfort(key: str, value: int | None) -> int | None:
    """Ask how comfortable the session was, from 1 to 5."""
    scores = range(models.COMFORT_MIN, models.COMFORT_MAX + 1)
    return at_most_one(say("form.comfort"), scores, value, key, "form.comfort_{}")


def note(key: str, value: str) -> str:
    """Ask for a note, which may only be shown as plain text."""
    text = st.text_area(
        say("form.note"), value=value, key=key, placeholder=say("form.note_placeholder"), height=96
    )
    return (text or "").strip()
