"""What another window saved since a form was drawn stays; fields of one unit stay together."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from holdwell.domain.edits import UNITS, merge_edit
from holdwell.domain.models import Moment, PainEntry, PainPlace, PainSide
from tests.conftest import TODAY, MakeSession


def moved(moment: Moment, **by: float) -> Moment:
    return Moment(moment.utc + timedelta(**by), moment.utc_offset)


def test_a_time_edited_here_and_a_day_edited_elsewhere_do_not_part(
    make_session: MakeSession,
) -> None:
    shown = make_session(TODAY, 7)
    elsewhere = replace(
        shown, started=moved(shown.started, days=1), local_day=TODAY + timedelta(1), note="tired"
    )
    edited = replace(shown, started=moved(shown.started, minutes=5))
    assert merge_edit(elsewhere, shown, edited) == replace(edited, note="tired")
    score = PainEntry(TODAY, 6, at=shown.started)
    elsewhere_score = replace(score, at=elsewhere.started, local_day=elsewhere.local_day, score=7)
    edited_score = replace(score, at=edited.started)
    assert merge_edit(elsewhere_score, score, edited_score) == replace(edited_score, score=7)


def test_a_side_edited_here_keeps_its_place_that_was_cleared_elsewhere(
    make_session: MakeSession,
) -> None:
    hip = frozenset({PainPlace.HIP})
    shown = replace(make_session(TODAY), pain_places=hip, pain_side=PainSide.LEFT)
    cleared = replace(shown, pain_places=frozenset(), pain_side=None, comfort=2)
    edited = replace(shown, pain_side=PainSide.RIGHT)
    assert merge_edit(cleared, shown, edited) == replace(edited, comfort=2)
    assert merge_edit(cleared, shown, replace(shown, note="x")) == replace(cleared, note="x")
    score = PainEntry(TODAY, 6, places=hip, side=PainSide.LEFT)
    cleared_score = replace(score, places=frozenset(), side=None, score=7)
    edited_score = replace(score, side=PainSide.RIGHT)
    assert merge_edit(cleared_score, score, edited_score) == replace(edited_score, score=7)


@pytest.mark.parametrize("kind", UNITS)
def test_units_name_existing_fields_and_have_none_in_common(kind: Any) -> None:
    named = [name for unit in UNITS[kind] for name in unit]
    assert set(named) <= {one.name for one in fields(kind)}
    assert len(named) == len(set(named))
