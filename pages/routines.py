"""Routines: which stretches in which order, how long, how often, and which side first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NoReturn, TypeVar

import streamlit as st

from holdwell.domain import models
from holdwell.domain.edits import merge_edit
from holdwell.domain.models import DayPart, Profile, Routine, RoutineStretch, Side, new_id
from holdwell.guide.load import guide
from holdwell.i18n.messages import counted, plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import plan, usual_item
from holdwell.store.repository import Store
from holdwell.ui.common import address, buttons, failure_box, forms, undo_bar
from holdwell.ui.runtime import clock
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.stretch.timer import summary

T = TypeVar("T")
OPEN = "edit"
"""The parameter in the page's address with the id of the routine that is open."""
ADDED = "hw-routine-added"
"""In the session state: the id of the routine that is being added, until it is open."""
NEITHER = "neither"


def amount(routine: Routine, profile: Profile) -> str:
    """Return as text how many holds a routine has and how long it takes."""
    return summary(plan(routine, guide().stretches, profile.get_ready_seconds))


def overview(store: Store, profile: Profile, routines: Sequence[Routine]) -> None:
    """Show all routines, each with its stretches and how long it takes."""
    st.title(say("routines.title"), anchor=False)
    undo_bar.show("routines", store)
    st.text(say("routines.lead"))
    for routine in routines:
        card, lines = buttons.card(routine.id)
        lines.markdown(f"**{plain(routine.name)}**")
        lines.text(amount(routine, profile))
        lines.text(", ".join(guide().stretch_name(s.stretch) for s in routine.stretches))
        lines.text(say(f"routines.part_{routine.part.value}"))
        if card.button(say("routines.edit"), key=f"edit-{routine.id}", icon=":material/edit:"):
            open_one(routine.id)
    if buttons.wide(say("routines.add"), "hw-add", icon="add"):
        add(store, profile, routines)
    buttons.to_page("stretch", say("routines.stretch"), "hw-to-stretch", icon="play_arrow")


def add(store: Store, profile: Profile, routines: Sequence[Routine]) -> NoReturn:
    """Add a routine with all stretches, and open it; a second click does not add another."""
    routine_id = st.session_state.setdefault(ADDED, new_id())
    if all(routine.id != routine_id for routine in routines):
        items = tuple(usual_item(s, profile) for s in guide().stretches)
        name = say(defaults.NEW_NAME)
        new = Routine(routine_id, name, items, first_side=profile.first_side)
        save(store, lambda all_now: [*all_now, new])
    open_one(routine_id)


def open_one(routine_id: str) -> NoReturn:
    """Begin a new run that shows one routine, or all for an empty id."""
    undo_bar.withdraw("routines")
    address.put(OPEN, routine_id, "")
    st.rerun()


def edit(store: Store, profile: Profile, routines: Sequence[Routine], routine: Routine) -> None:
    """Show one routine to edit; every edit is saved at once."""
    key = f"shape-{routine.id}"
    st.session_state.pop(ADDED, None)
    # Shown above the fields, but filled with what the fields return.
    heading, total = st.empty(), st.empty()
    shown = forms.initial(f"{key}-name", routine)
    changed = ask_values(shown, profile, key)
    heading.title(plain(changed.name), anchor=False)

    def merged(all_now: Sequence[Routine]) -> Sequence[Routine]:
        return [merge_edit(r, shown, changed) if r.id == routine.id else r for r in all_now]

    forms.save_if_changed(f"{key}-name", changed, lambda: save(store, merged))
    total.text(
        say("routines.total", amount=amount(changed, profile), ready=profile.get_ready_seconds)
    )
    if buttons.wide(say("routines.back"), f"{key}-done", primary=True):
        open_one("")
    if len(routines) > 1 and buttons.wide(say("routines.delete"), f"{key}-delete", icon="delete"):
        text = say("routines.deleted", name=routine.name)
        with undo_bar.offering("routines", text, store):
            save(store, lambda all_now: [r for r in all_now if r.id != routine.id])
        address.put(OPEN, "", "")
        st.rerun()
    if changed.stretches != shown.stretches:
        st.rerun()


def save(store: Store, edit: Callable[[Sequence[Routine]], Sequence[Routine]]) -> None:
    """Save what `edit` returns for the routines as they are saved by now."""
    with store.change(clock.now()):
        store.save_routines(edit(defaults.offered_routines(store)), clock.now())


def ask_values(routine: Routine, profile: Profile, key: str) -> Routine:
    """Show the fields of a routine; return the routine with their values."""

    def ask(label: str, name: str, options: Iterable[T], value: T, words: forms.Labels[T]) -> T:
        return forms.exactly_one(
            label, options, value, f"{key}-{name}", words, joined=True, width="content"
        )

    words = "routines.part_label_{}"
    sides = {NEITHER: say("routines.extra_none")} | {str(s): say(f"side.{s}") for s in Side}
    changed = replace(
        routine,
        name=ask_name(routine, key),
        part=ask(say("routines.part"), "part", DayPart, routine.part, words),
        stretches=ask_stretches(routine, profile, key),
        first_side=ask(say("routines.first_side"), "side", Side, routine.first_side, "side.{}"),
    )
    extra = ask(say("routines.extra"), "extra", sides, routine.extra_side or NEITHER, sides)
    counts = range(models.REPEATS_MIN, models.REPEATS_MAX + 1)
    label, least, most = say("routines.rest"), models.REST_SECONDS_MIN, models.REST_SECONDS_MAX
    return replace(
        changed,
        extra_side=None if extra == NEITHER else Side(extra),
        repeats=ask(say("routines.repeats"), "repeats", counts, routine.repeats, str),
        rest_s=st.slider(label, least, most, routine.rest_s, 5, key=f"{key}-rest"),
    )


def ask_name(routine: Routine, key: str) -> str:
    """Ask for the name of a routine; if it is empty or too long, say so and return the old one."""
    name = st.text_input(
        say("routines.name"), routine.name, key=f"{key}-name", autocomplete="off"
    ).strip()
    if not name:
        failure_box.show(say("routines.name_empty"))
    elif len(name) > models.ROUTINE_NAME_MAX:
        most = counted("characters", models.ROUTINE_NAME_MAX)
        failure_box.show(say("routines.name_long", most=most))
    else:
        return name
    return routine.name


def ask_stretches(routine: Routine, profile: Profile, key: str) -> tuple[RoutineStretch, ...]:
    """Show the stretches in order, each with its hold; return them as the user edited them."""

    def tapped(label: str, what: str, stretch: str, icon: str) -> bool:
        return st.button(label, f"{key}-{what}-{stretch}", icon=f":material/{icon}:")

    st.subheader(say("routines.stretches"), anchor=False)
    items: list[RoutineStretch] = []
    earlier, removed = 0, ""
    least, most = models.HOLD_SECONDS_MIN, models.HOLD_SECONDS_MAX
    for number, item in enumerate(routine.stretches):
        own = item.stretch
        with st.container(border=True, key=f"hw-item-{routine.id}-{own}"):
            named = plain(f"{number + 1}. {guide().stretch_name(own)}")
            label = say("routines.hold", stretch=named)
            hold = st.slider(label, least, most, item.hold_s, 5, key=f"{key}-hold-{own}")
            taught = guide().stretch(own)
            if taught is not None:
                st.caption(say("routines.hold_help", least=taught.hold_min, count=taught.hold_max))
            items.append(RoutineStretch(own, hold))
            with st.container(horizontal=True):
                if number and tapped(say("routines.earlier"), "earlier", own, "arrow_upward"):
                    earlier = number
                several = len(routine.stretches) > 1
                if several and tapped(say("routines.remove"), "remove", own, "remove"):
                    removed = own
    if earlier:
        items.insert(earlier - 1, items.pop(earlier))
    have = {item.stretch for item in items}
    for stretch in guide().stretches:
        label = say("routines.take_in", stretch=stretch.name)
        if stretch.id not in have and tapped(label, "add", stretch.id, "add"):
            items.append(usual_item(stretch, profile))
    return tuple(item for item in items if item.stretch != removed)


def page() -> None:
    """Show one routine if one is open, else all of them."""
    store = current_run().store
    profile = store.profile()
    routines = defaults.offered_routines(store)
    routine = next((r for r in routines if r.id == st.query_params.get(OPEN)), None)
    if routine is None:
        address.put(OPEN, "", "")
        overview(store, profile, routines)
    else:
        edit(store, profile, routines, routine)


page()
