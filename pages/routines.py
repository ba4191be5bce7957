"""Shape a routine: which stretches in which order, how long, how often, which side first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from holdwell.domain.models import (
    HOLD_SECONDS_MAX,
    HOLD_SECONDS_MIN,
    REPEATS_MAX,
    REPEATS_MIN,
    REST_SECONDS_MAX,
    REST_SECONDS_MIN,
    ROUTINE_NAME_MAX,
    DayPart,
    Profile,
    Routine,
    RoutineStretch,
    Side,
    new_id,
)
from holdwell.guide import guide
from holdwell.i18n.messages import plain, say
from holdwell.sessions import defaults
from holdwell.sessions.plan import plan, usual_item
from holdwell.store.repository import Store
from holdwell.ui.common import undo_bar
from holdwell.ui.runtime import clock, navigation
from holdwell.ui.runtime.flash import show_flash
from holdwell.ui.runtime.run_context import current_run
from holdwell.ui.stretch.timer import summary

OPEN = "hw-routine-open"
NEITHER = "neither"


def stretch_name(stretch_id: str) -> str:
    found = guide().stretch(stretch_id)
    return found.name if found else stretch_id


def hold_help(stretch_id: str) -> str | None:
    """How long a stretch is taught to be held; None for one that is no longer taught."""
    found = guide().stretch(stretch_id)
    if found is None:
        return None
    return say("routines.hold_help", least=found.hold_min, most=found.hold_max)


def amount(routine: Routine, profile: Profile) -> str:
    return summary(plan(routine, guide().stretches, profile.get_ready_seconds))


def overview(store: Store, profile: Profile, known: Sequence[Routine]) -> None:
    """All routines, each with what it holds."""
    st.title(say("routines.title"), anchor=False)
    show_flash()
    undo_bar.show("routines", store)
    st.text(say("routines.lead"))
    for routine in known:
        with st.container(
            border=True, key=f"hw-card-{routine.id}", horizontal=True, vertical_alignment="center"
        ):
            with st.container(key=f"hw-lines-{routine.id}"):
                st.markdown(f"**{plain(routine.name)}**")
                st.text(amount(routine, profile))
                st.text(", ".join(stretch_name(item.stretch) for item in routine.stretches))
                st.text(say(f"routines.part_{routine.part.value}"))
            if st.button(say("routines.edit"), key=f"edit-{routine.id}", icon=":material/edit:"):
                open_one(routine.id)
    if st.button(say("routines.add"), key="hw-add", icon=":material/add:", width="stretch"):
        items = tuple(usual_item(s, profile) for s in guide().stretches)
        new = Routine(new_id(), say("routines.new_name"), items, first_side=profile.first_side)
        store.save_routines([*known, new], clock.now())
        open_one(new.id)
    if st.button(
        say("routines.stretch"), key="hw-to-stretch", icon=":material/play_arrow:", width="stretch"
    ):
        navigation.go("stretch")


def open_one(routine_id: str | None) -> None:
    undo_bar.withdraw("routines")
    st.session_state[OPEN] = routine_id
    st.rerun()


def shape(store: Store, profile: Profile, known: Sequence[Routine], routine: Routine) -> None:
    """One routine, every change saved at once."""
    key = f"shape-{routine.id}"

    def save(changed: Routine) -> None:
        if changed != routine:
            swapped = [changed if r.id == routine.id else r for r in known]
            store.save_routines(swapped, clock.now())

    heading = st.empty()
    total = st.empty()
    name = st.text_input(
        say("routines.name"), routine.name, max_chars=ROUTINE_NAME_MAX, key=f"{key}-name"
    ).strip()
    # Above the field, and already with what was typed into it.
    heading.title(plain(name or routine.name), anchor=False)
    if not name:
        st.warning(say("routines.name_empty"), icon=":material/info:")
    part = st.segmented_control(
        say("routines.part"),
        list(DayPart),
        default=routine.part,
        required=True,
        format_func=lambda p: say(f"routines.part_label_{p.value}"),
        key=f"{key}-part",
    )
    items = stretches(routine, profile, key)
    side = st.segmented_control(
        say("routines.first_side"),
        list(Side),
        default=routine.first_side,
        required=True,
        format_func=lambda s: say(f"side.{s.value}"),
        key=f"{key}-side",
    )
    extra = st.segmented_control(
        say("routines.extra"),
        [NEITHER, *Side],
        default=routine.extra_side or NEITHER,
        required=True,
        format_func=lambda s: say(f"side.{s}") if s != NEITHER else say("routines.extra_none"),
        key=f"{key}-extra",
    )
    repeats = st.segmented_control(
        say("routines.repeats"),
        list(range(REPEATS_MIN, REPEATS_MAX + 1)),
        default=routine.repeats,
        required=True,
        key=f"{key}-repeats",
    )
    rest = st.slider(
        say("routines.rest"),
        REST_SECONDS_MIN,
        REST_SECONDS_MAX,
        routine.rest_s,
        step=5,
        key=f"{key}-rest",
    )
    changed = replace(
        routine,
        name=name or routine.name,
        part=part,
        stretches=items,
        first_side=side,
        extra_side=None if extra == NEITHER else Side(extra),
        repeats=repeats,
        rest_s=rest,
    )
    save(changed)
    total.text(
        say("routines.total", amount=amount(changed, profile), ready=profile.get_ready_seconds)
    )
    if st.button(say("routines.back"), type="primary", key=f"{key}-done", width="stretch"):
        open_one(None)
    if len(known) > 1 and st.button(
        say("routines.delete"), key=f"{key}-delete", icon=":material/delete:", width="stretch"
    ):
        with store.step(clock.now()) as step:
            store.save_routines([r for r in known if r.id != routine.id], clock.now())
        undo_bar.offer("routines", say("routines.deleted", name=routine.name), step.id)
        st.session_state[OPEN] = None
        st.rerun()
    if items != routine.stretches:
        st.rerun()


def stretches(routine: Routine, profile: Profile, key: str) -> tuple[RoutineStretch, ...]:
    """The stretches in their order, each with its hold; returns them as she wants them now."""
    st.subheader(say("routines.stretches"), anchor=False)
    items: list[RoutineStretch] = []
    earlier: int | None = None
    out: str | None = None
    for number, item in enumerate(routine.stretches):
        with st.container(border=True, key=f"hw-item-{routine.id}-{item.stretch}"):
            hold = st.slider(
                say("routines.hold", stretch=plain(f"{number + 1}. {stretch_name(item.stretch)}")),
                HOLD_SECONDS_MIN,
                HOLD_SECONDS_MAX,
                item.hold_s,
                step=5,
                help=hold_help(item.stretch),
                key=f"{key}-hold-{item.stretch}",
            )
            items.append(RoutineStretch(item.stretch, hold))
            with st.container(horizontal=True):
                if number and st.button(
                    say("routines.earlier"),
                    key=f"{key}-earlier-{item.stretch}",
                    icon=":material/arrow_upward:",
                ):
                    earlier = number
                if len(routine.stretches) > 1 and st.button(
                    say("routines.remove"),
                    key=f"{key}-remove-{item.stretch}",
                    icon=":material/remove:",
                ):
                    out = item.stretch
    if earlier is not None:
        items[earlier - 1], items[earlier] = items[earlier], items[earlier - 1]
    have = {item.stretch for item in items}
    for stretch in guide().stretches:
        if stretch.id not in have and st.button(
            say("routines.take_in", stretch=stretch.name),
            key=f"{key}-add-{stretch.id}",
            icon=":material/add:",
        ):
            items.append(usual_item(stretch, profile))
    return tuple(item for item in items if item.stretch != out)


def page() -> None:
    """One routine if one is open, else all of them."""
    store = current_run().store
    profile = store.profile()
    known = defaults.offered_routines(store, profile)
    wanted = st.session_state.get(OPEN)
    routine = next((r for r in known if r.id == wanted), None)
    if routine is None:
        overview(store, profile, known)
    else:
        shape(store, profile, known, routine)


page()
