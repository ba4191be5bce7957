"""Editing routines: every change is saved at once, and nothing is lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from holdwell.domain.models import DayPart, Moment, Routine, RoutineStretch, Side, new_id
from holdwell.sessions import plan
from holdwell.store.repository import Store
from holdwell.ui.common import undo_bar
from holdwell.ui.runtime import clock
from tests.app.conftest import OpenPage, texts


def shaped(store: Store) -> list[tuple[str, list[tuple[str, int]]]]:
    return [(r.name, [(i.stretch, i.hold_s) for i in r.stretches]) for r in store.routines()]


def test_a_routine_is_edited_change_by_change(open_page: OpenPage, known: Store) -> None:
    app = open_page("routines")
    assert "4 holds, about 4 min" in texts(app)
    assert known.routines() == []
    app.button(f"edit-{plan.BEDTIME_ID}").click().run()
    key = f"shape-{plan.BEDTIME_ID}"
    app.slider(f"{key}-hold-hinge_forward").set_value(60).run()
    app.button(f"{key}-earlier-hinge_forward").click().run()
    app.segmented_control(f"{key}-side").set_value(Side.RIGHT).run()
    app.segmented_control(f"{key}-extra").set_value(Side.LEFT).run()
    app.segmented_control(f"{key}-repeats").set_value(2).run()
    app.slider(f"{key}-rest").set_value(10).run()
    app.text_input(f"{key}-name").set_value("Evening *calm*").run()
    morning, bedtime = known.routines()
    assert (morning.name, morning.repeats) == ("Morning", 1)
    assert bedtime == Routine(
        plan.BEDTIME_ID,
        "Evening *calm*",
        (RoutineStretch("hinge_forward", 60), RoutineStretch("side_reach", 35)),
        part=DayPart.BEDTIME,
        first_side=Side.RIGHT,
        extra_side=Side.LEFT,
        repeats=2,
        rest_s=10,
    )
    assert "10 holds" in texts(app)
    app.button(f"{key}-remove-side_reach").click().run()
    assert shaped(known)[1] == ("Evening *calm*", [("hinge_forward", 60)])
    app.button(f"{key}-add-side_reach").click().run()
    assert shaped(known)[1][1] == [("hinge_forward", 60), ("side_reach", 35)]


def test_an_address_with_an_unknown_routine_shows_all_routines(
    open_page: OpenPage, known: Store
) -> None:
    app = open_page("routines")
    app.query_params["edit"] = plan.MORNING_ID
    app.run()
    assert app.title[0].value == "Morning"
    app.query_params["edit"] = "gone"
    app.run()
    assert app.title[0].value == "Routines" and "edit" not in app.query_params


def test_a_routine_needs_a_name(open_page: OpenPage, known: Store) -> None:
    app = open_page("routines")
    app.button(f"edit-{plan.MORNING_ID}").click().run()
    app.text_input(f"shape-{plan.MORNING_ID}-name").set_value("  ").run()
    assert "give the routine a name" in app.warning[0].value
    assert known.routines() == []


def test_a_routine_is_added_deleted_and_restored(open_page: OpenPage, known: Store) -> None:
    app = open_page("routines")
    app.button("hw-add").click().run()
    assert [name for name, _ in shaped(known)] == ["Morning", "Bedtime", "My routine"]
    routine = known.routines()[2]
    # The routine is in the address, so that Back leaves it and a reload stays on it.
    assert routine.id in app.query_params["edit"]
    app.run()
    app.button(f"shape-{routine.id}-delete").click().run()
    assert "edit" not in app.query_params and app.title[0].value == "Routines"
    assert [name for name, _ in shaped(known)] == ["Morning", "Bedtime"]
    app.button("hw-undo-tap").click().run()
    assert known.routines()[2] == routine


def test_the_routine_for_the_time_of_day_is_chosen(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_page("stretch").pills("hw-routine").value == plan.BEDTIME_ID
    morning = Moment(now.utc - timedelta(hours=13), now.utc_offset)
    monkeypatch.setattr(clock, "now", lambda: morning)
    assert open_page("stretch").pills("hw-routine").value == plan.MORNING_ID


def test_default_names_of_routines_are_in_the_language_of_the_page(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    known.save_profile(replace(known.profile(), language="es"), now)
    app = open_page("routines")
    app.button("hw-add").click().run()
    names = ["Mañana", "Noche", "Mi rutina"]
    known.save_profile(replace(known.profile(), language="en"), now)
    text = texts(open_page("routines"))
    assert all(name in text for name in ("Morning", "Bedtime", "My routine"))
    assert not [name for name in names if name in text]


def test_an_edit_of_a_routine_keeps_later_changes_of_another_window(
    open_page: OpenPage, known: Store, now: Moment
) -> None:
    app = open_page("routines")
    app.button("hw-add").click().run()
    *others, routine = known.routines()
    elsewhere = replace(routine, name="On the sofa", rest_s=20)
    fourth = replace(routine, id=new_id(), name="Fourth")
    known.save_routines([others[0], elsewhere, fourth], now)
    app.run()
    assert known.routines() == [others[0], elsewhere, fourth], "nothing was changed here"
    app.segmented_control(f"shape-{routine.id}-repeats").set_value(2).run()
    assert known.routines() == [others[0], replace(elsewhere, repeats=2), fourth]


def test_a_routine_made_in_another_window_during_a_deletion_stays(
    open_page: OpenPage, known: Store, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, shown = open_page("routines"), undo_bar.offering
    app.button("hw-add").click().run()
    *others, routine = known.routines()
    fourth = replace(routine, id=new_id(), name="Fourth")

    def make_elsewhere(*given: Any) -> Any:
        known.save_routines([*others, routine, fourth], now)
        return shown(*given)

    monkeypatch.setattr(undo_bar, "offering", make_elsewhere)
    app.button(f"shape-{routine.id}-delete").click().run()
    assert known.routines() == [*others, fourth]
