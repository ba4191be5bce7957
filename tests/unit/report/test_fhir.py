"""The FHIR bundle against R4 as two libraries have it, and its numbers against the database.

fhirclient's classes are generated from the structure definitions of R4 (4.0.1): they refuse what
R4 does not know, and what it needs and is not there. fhir.resources has R4B (4.3.0), in which these
three resources are alike, and adds the form of every value and that a choice is made once. Neither
knows terminologies: that status, categories, codes and units are right is asserted here.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle as R4BBundle
from fhirclient.models.bundle import Bundle as R4Bundle
from fhirclient.models.fhirabstractbase import FHIRValidationError
from pydantic import ValidationError

from holdwell.domain.models import (
    CrampLeg,
    CrampNight,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    Pregnancy,
    SessionState,
    Tracking,
)
from holdwell.report import fhir
from holdwell.store.repository import Store
from tests.conftest import MakeSession

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 24)
DUE = date(2027, 3, 13)


@pytest.fixture
def filled(store: Store, now: Moment, make_session: MakeSession) -> Store:
    store.save_pregnancy(Pregnancy(due_date=DUE), now)
    rated = make_session(LAST, 12, before=6, after=4)
    noted = replace(make_session(FIRST, 12, before=10), note="only mine")
    plain = make_session(date(2026, 11, 5), 12)
    outside = make_session(date(2026, 10, 31), 12, before=9, after=9)
    still = make_session(date(2026, 11, 6), 12, before=8, state=SessionState.OPEN)
    gone = make_session(date(2026, 11, 7), 12, before=7)
    nights = [CrampNight(FIRST, CrampLeg.NONE), CrampNight(LAST - timedelta(1), CrampLeg.BOTH)]
    store.save_all([rated, noted, plain, outside, still, gone, *nights], now)
    store.delete("session", gone.id, now)
    return store


def observations(bundle: dict[str, Any], code: str | None) -> list[dict[str, Any]]:
    found = [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] != "Patient"]
    return [
        o
        for o in found
        if (o["code"]["coding"][0]["code"] if "coding" in o["code"] else None) == code
    ]


def test_the_bundle_is_valid_r4(filled: Store, now: Moment) -> None:
    made = json.loads(fhir.text(fhir.bundle(filled, FIRST, LAST, now)))
    read = R4Bundle(made, strict=True)
    assert read.as_json() == made
    again = R4BBundle.model_validate(made)
    assert json.loads(again.model_dump_json())["entry"][0] == made["entry"][0]


@pytest.mark.parametrize(
    "harm",
    [
        lambda o: o.pop("status"),
        lambda o: o.update(colour="red"),
        lambda o: o.update(code=[o["code"]]),
        lambda o: o.update(effectiveDateTime="24.11.2026"),
        lambda o: o["valueQuantity"].update(value="six"),
        lambda o: o.update(valueString="six"),
    ],
)
def test_the_libraries_refuse_what_r4_does_not_know(
    filled: Store, now: Moment, harm: Callable[[dict[str, Any]], None]
) -> None:
    made = copy.deepcopy(fhir.bundle(filled, FIRST, LAST, now))
    harm(observations(made, "72514-3")[0])
    with pytest.raises((FHIRValidationError, ValidationError)):
        R4Bundle(made, strict=True)
        R4BBundle.model_validate(made)


def test_pain_before_and_after_is_what_the_database_has(filled: Store, now: Moment) -> None:
    made = observations(fhir.bundle(filled, FIRST, LAST, now), "72514-3")
    said = [(o["valueQuantity"]["value"], o["note"][0]["text"]) for o in made]
    assert said == [
        (10, "Rated before a stretching session."),
        (6, "Rated before a stretching session."),
        (4, "Rated after a stretching session."),
    ]
    for one in made:
        assert one["code"]["coding"][0]["system"] == "http://loinc.org"
        assert one["valueQuantity"]["code"] == "{score}"
        assert one["valueQuantity"]["system"] == "http://unitsofmeasure.org"
        assert one["status"] == "final"
        assert one["category"][0]["coding"][0] == {"system": fhir.CATEGORY, "code": "survey"}
        assert one["subject"] == one["performer"][0]
    assert made[1]["effectiveDateTime"] == "2026-11-24T12:00:00+00:00"


def test_activity_is_the_minutes_held(filled: Store, now: Moment) -> None:
    made = observations(fhir.bundle(filled, FIRST, LAST, now), "55411-3")
    assert [o["valueQuantity"]["value"] for o in made] == [1.17] * 3
    assert {o["valueQuantity"]["code"] for o in made} == {"min"}
    assert {o["category"][0]["coding"][0]["code"] for o in made} == {"activity"}


def test_gestational_age_in_days_with_the_due_date_it_comes_from(
    filled: Store, now: Moment
) -> None:
    made = fhir.bundle(filled, FIRST, LAST, now)
    (due,) = observations(made, "11778-8")
    (age,) = observations(made, "18185-9")
    assert due["valueDateTime"] == "2027-03-13"
    assert age["valueQuantity"]["value"] == 24 * 7 + 3
    assert age["valueQuantity"]["code"] == "d"
    # A viewer shows code.text as the name of the row; the value is elsewhere.
    assert age["code"]["text"] == "Gestational age"
    assert age["note"] == [{"text": "24 weeks 3 days"}]
    assert due["effectiveDateTime"] == "2026-11-24", "dated when it was given"
    assert age["effectiveDateTime"] == "2026-11-24"
    assert age["derivedFrom"] == [{"reference": f"urn:uuid:{due['id']}"}]


def test_one_week_and_one_day_are_singular(filled: Store, now: Moment) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    for days, said in ((8, "1 week 1 day"), (7, "1 week 0 days"), (16, "2 weeks 2 days")):
        filled.save_pregnancy(replace(pregnancy, due_date=LAST + timedelta(280 - days)), now)
        (age,) = observations(fhir.bundle(filled, LAST, LAST, now), "18185-9")
        assert age["note"] == [{"text": said}]


def test_the_age_is_that_of_the_day_which_has_not_ended(filled: Store, now: Moment) -> None:
    """At 9:05 in the morning, where a day ends at noon, it is still the day before."""
    filled.save_profile(replace(filled.profile(), day_ends_at=12), now)
    morning = Moment(now.utc - timedelta(hours=12), now.utc_offset)
    (age,) = observations(fhir.bundle(filled, FIRST, LAST, morning), "18185-9")
    assert age["valueQuantity"]["value"] == 24 * 7 + 2
    assert age["effectiveDateTime"] == "2026-11-23"


def test_nights_say_which_leg_in_words(filled: Store, now: Moment) -> None:
    made = observations(fhir.bundle(filled, FIRST, LAST, now), None)
    said = [(o["effectiveDateTime"], o["valueCodeableConcept"]["text"]) for o in made]
    assert said == [("2026-11-01", "none"), ("2026-11-23", "both legs")]


def test_the_bundle_has_neither_a_name_nor_a_note(filled: Store, now: Moment) -> None:
    made = fhir.bundle(filled, FIRST, LAST, now)
    (patient,) = [
        e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == "Patient"
    ]
    assert set(patient) == {"resourceType", "id"}
    assert patient["id"] != filled.profile().id
    assert "only mine" not in fhir.text(made)


def test_the_same_database_has_the_same_ids_and_each_once(filled: Store, now: Moment) -> None:
    later = Moment.of(now.utc + timedelta(hours=1))
    one, two = (fhir.bundle(filled, FIRST, LAST, at)["entry"] for at in (now, later))
    ids = [entry["fullUrl"] for entry in one]
    assert ids == [entry["fullUrl"] for entry in two]
    assert len(set(ids)) == len(ids)
    references = {o["resource"]["subject"]["reference"] for o in one[1:]}
    assert references == {ids[0]}


@pytest.mark.parametrize("how", ["paused", "ended", "none"])
def test_a_pregnancy_whose_weeks_are_hidden_is_left_out(
    filled: Store, now: Moment, how: str
) -> None:
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    if how == "paused":
        filled.save_profile(replace(filled.profile(), tracking=Tracking.PAUSED), now)
    else:
        gone = replace(pregnancy, ended=how == "ended", due_date=DUE if how == "ended" else None)
        filled.save_pregnancy(gone, now)
    text = fhir.text(fhir.bundle(filled, FIRST, LAST, now)).lower()
    for word in ("gestation", "delivery", "18185-9", "11778-8"):
        assert word not in text
    assert "72514-3" in text


def test_an_empty_database_is_valid_too(store: Store, now: Moment) -> None:
    made = fhir.bundle(store, FIRST, LAST, now)
    assert len(made["entry"]) == 1
    R4Bundle(made, strict=True)


def test_a_due_date_of_unknown_day_is_not_dated_and_ends_with_the_birth(
    filled: Store, now: Moment
) -> None:
    with filled.writing():
        filled.db.execute("UPDATE due_date SET given_on = NULL")
    (due,) = observations(fhir.bundle(filled, FIRST, LAST, now), "11778-8")
    assert "effectiveDateTime" not in due
    pregnancy = filled.pregnancy()
    assert pregnancy is not None
    # A range with the birth in it has the age on the day before, and one that begins with it none.
    for birth, days in ((LAST, [LAST - timedelta(1)]), (FIRST, [])):
        filled.save_pregnancy(replace(pregnancy, birth_date=birth), now)
        ages = observations(fhir.bundle(filled, FIRST, LAST, now), "18185-9")
        assert [age["effectiveDateTime"] for age in ages] == [day.isoformat() for day in days]
    filled.save_pregnancy(replace(pregnancy, birth_date=FIRST - timedelta(1)), now)
    assert observations(fhir.bundle(filled, FIRST, LAST, now), "11778-8") == []


def test_pain_without_a_session_has_only_a_time_that_is_known(store: Store, now: Moment) -> None:
    places = frozenset({PainPlace.LOWER_BACK, PainPlace.LEG})
    store.save(PainEntry(LAST, 6, now, places, PainSide.LEFT, "a note"), now)
    store.save(PainEntry(LAST, 3), now)
    made = observations(fhir.bundle(store, FIRST, LAST, now), "72514-3")
    assert [(one["valueQuantity"]["value"], one["effectiveDateTime"]) for one in made] == [
        (3, LAST.isoformat()),
        (6, now.local.isoformat(timespec="seconds")),
    ]
    assert made[1]["bodySite"] == {"text": "leg, lower back; left"}
    assert "bodySite" not in made[0]
    text = json.dumps(made)
    assert "session" not in text and "a note" not in text


def test_a_session_without_a_time_has_its_day(
    store: Store, now: Moment, make_session: MakeSession
) -> None:
    session = replace(make_session(LAST, before=5, after=3), time_known=False)
    store.save(session, now)
    made = observations(fhir.bundle(store, FIRST, LAST, now), "72514-3")
    assert [one["effectiveDateTime"] for one in made] == [LAST.isoformat()] * 2
    assert [one["code"]["text"] for one in made] == ["Pain severity"] * 2
    assert [one["note"][0]["text"] for one in made] == [
        "Rated before a stretching session.",
        "Rated after a stretching session.",
    ]
