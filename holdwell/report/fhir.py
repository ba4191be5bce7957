"""What the user logged as a FHIR R4 Bundle that a clinic's system can read. Plain dictionaries.

Patient-generated observations without a name. Each code is one that a published guide uses:
- Pain, LOINC 72514-3, a score of 0 to 10: HL7 Belgium, Patient Monitoring; ANS, Mesures de santé.
- Exercise duration, LOINC 55411-3 in minutes: HL7 US Physical Activity 1.0.0.
- Gestational age, LOINC 18185-9 in days: HL7 Europe Patient Summary. Days are exact where
  completed weeks would be rounded.
- Due date, LOINC 11778-8: International Patient Summary, Observation Pregnancy EDD.
Where no code is known to fit (before or after a session, cramp nights), the words say it.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from holdwell.domain.dates import StageKind, stage
from holdwell.domain.models import CrampLeg, Moment, PainPlace, PainSide, Pregnancy
from holdwell.domain.pregnancies import PregnancyPeriod, period_of
from holdwell.i18n.formats import half_up
from holdwell.report.summary import shown_pregnancy
from holdwell.store.repository import COUNTED, Store

Resource = dict[str, Any]

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
PAIN = ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
EXERCISE = ("55411-3", "Exercise duration")
GESTATIONAL_AGE = ("18185-9", "Gestational age")
DUE_DATE = ("11778-8", "Delivery date Estimated")
BEFORE, AFTER = "before a stretching session", "after a stretching session"
CRAMPS = "Leg cramps in the night that began on this date"
PLACES = {
    PainPlace.LOWER_BACK: "lower back",
    PainPlace.PELVIS: "pelvis",
    PainPlace.HIP: "hip or buttock",
    PainPlace.LEG: "leg",
}
SIDES = {PainSide.LEFT: "left", PainSide.RIGHT: "right", PainSide.BOTH: "both sides"}
LEGS = {
    CrampLeg.NONE: "none",
    CrampLeg.LEFT: "left leg",
    CrampLeg.RIGHT: "right leg",
    CrampLeg.BOTH: "both legs",
}


def bundle(
    store: Store, first: date, last: date, now: Moment, within: PregnancyPeriod | None = None
) -> Resource:
    """All observations of the local days `first` to `last`, as a Bundle of type collection.

    Only days of one period are in it: of `within`, by default the one that `last` belongs to;
    without a day in common it has the patient alone. Ids derive from the rows' own, so that the
    same record gives the same ids. Raises StoreError.
    """
    within = within or period_of(store.pregnancy_periods(), last)
    patient = store.export_id()
    resources = [{"resourceType": "Patient", "id": patient}]
    days = within.clamp(first, last)
    if days is not None:
        resources += _observations(store, days, now, patient, within)
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(now),
        "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in resources],
    }


def _observations(
    store: Store, days: tuple[date, date], now: Moment, patient: str, within: PregnancyPeriod
) -> Iterator[Resource]:
    first, last = days
    yield from _pregnancy(store, shown_pregnancy(store, within), days, now, patient)
    yield from _sessions(store, first, last, patient)
    yield from _pains(store, first, last, patient)
    yield from _cramps(store, first, last, patient)


def text(made: Resource) -> str:
    """The bundle as JSON."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _instant(moment: Moment) -> str:
    """ISO 8601 with seconds and the local offset: FHIR's dateTime and instant."""
    return moment.local.isoformat(timespec="seconds")


def _id(row_id: str, what: str) -> str:
    """A stable UUID for one observation of a row; also where an old row's id is no UUID."""
    return str(uuid5(NAMESPACE_OID, f"holdwell:{row_id}:{what}"))


def _observation(
    resource_id: str, category: str, code: Resource, when: str | None, patient: str, value: Resource
) -> Resource:
    """Return an observation; `when` is a dateTime, or None where nobody gave one."""
    subject = {"reference": f"urn:uuid:{patient}"}
    return {
        "resourceType": "Observation",
        "id": resource_id,
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "code": code,
        "subject": subject,
        **({"effectiveDateTime": when} if when else {}),
        "performer": [subject],
        **value,
    }


def _coded(code: tuple[str, str], words: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": code[0], "display": code[1]}], "text": words}


def _quantity(value: float, unit: str, code: str) -> Resource:
    return {"valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": code}}


def _sessions(store: Store, first: date, last: date, patient: str) -> Iterator[Resource]:
    rows = store.rows(
        "SELECT id, local_day, time_known, started_at, ended_at, utc_offset, pain_before, "
        "pain_after, pain_places, pain_side, held_s "
        f"FROM session WHERE {COUNTED} AND local_day BETWEEN ? AND ? ORDER BY started_at, id",
        [first.isoformat(), last.isoformat()],
    )
    for row in rows:
        # Where only the day is known, the day is all that is said.
        began = ended = row["local_day"]
        if row["time_known"]:
            began = ended = _instant(Moment.from_iso(row["started_at"], row["utc_offset"]))
            if row["ended_at"]:
                ended = _instant(Moment.from_iso(row["ended_at"], row["utc_offset"]))
        for what, when, phase in (("before", began, BEFORE), ("after", ended, AFTER)):
            score = row[f"pain_{what}"]
            if score is not None:
                made = _pain(_id(row["id"], f"pain_{what}"), score, when, patient)
                site = _body_site(row["pain_places"], row["pain_side"])
                yield made | site | {"note": [{"text": f"Rated {phase}."}]}
        if row["held_s"] > 0:
            yield _observation(
                _id(row["id"], "held"),
                "activity",
                _coded(EXERCISE, "Time held in stretches, pauses left out"),
                began,
                patient,
                _quantity(float(half_up(Decimal(str(row["held_s"])) / 60, 2)), "minutes", "min"),
            )


def _pains(store: Store, first: date, last: date, patient: str) -> Iterator[Resource]:
    """Yield the pain that was logged by itself: of no session, and at its own time if known."""
    rows = store.rows(
        "SELECT id, felt_at, utc_offset, local_day, score, places, side FROM pain "
        "WHERE deleted_at IS NULL AND local_day BETWEEN ? AND ? ORDER BY local_day, felt_at, id",
        [first.isoformat(), last.isoformat()],
    )
    for row in rows:
        when = row["local_day"]
        if row["felt_at"]:
            when = _instant(Moment.from_iso(row["felt_at"], row["utc_offset"] or 0))
        made = _pain(_id(row["id"], "pain"), row["score"], when, patient)
        yield made | _body_site(row["places"], row["side"])


def _pain(resource_id: str, score: int, when: str, patient: str) -> Resource:
    code = _coded(PAIN, "Pain severity")
    return _observation(
        resource_id, "survey", code, when, patient, _quantity(score, "score", "{score}")
    )


def _body_site(places: str, side: str | None) -> Resource:
    """Return where it hurt, in words; nothing where the user did not say."""
    where = ", ".join(PLACES[PainPlace(place)] for place in sorted(places.split()))
    text = "; ".join(part for part in (where, SIDES[PainSide(side)] if side else "") if part)
    return {"bodySite": {"text": text}} if text else {}


def _cramps(store: Store, first: date, last: date, patient: str) -> Iterator[Resource]:
    rows = store.rows(
        "SELECT id, night, leg FROM cramp WHERE deleted_at IS NULL "
        "AND night BETWEEN ? AND ? ORDER BY night, id",
        [first.isoformat(), last.isoformat()],
    )
    for row in rows:
        yield _observation(
            _id(row["id"], "cramp"),
            "survey",
            {"text": CRAMPS},
            row["night"],
            patient,
            {"valueCodeableConcept": {"text": LEGS[CrampLeg(row["leg"])]}},
        )


def _pregnancy(
    store: Store, pregnancy: Pregnancy | None, days: tuple[date, date], now: Moment, patient: str
) -> Iterator[Resource]:
    """Yield the due date, and the gestational age on the last day of the range that has one.

    Nothing where the pregnancy is not shown, or was over before the range begins.
    """
    first, last = days
    if pregnancy is None or pregnancy.due_date is None:
        return
    if pregnancy.birth_date is not None and pregnancy.birth_date < first:
        return
    given = [one for one in store.due_dates(pregnancy.id) if one.due_date == pregnancy.due_date]
    given_on = given[-1].given_on if given else None
    due = _observation(
        _id(pregnancy.id, "due"),
        "survey",
        _coded(DUE_DATE, "Due date as the patient knows it"),
        given_on.isoformat() if given_on else None,
        patient,
        {"valueDateTime": pregnancy.due_date.isoformat()},
    )
    yield due
    on = min(last, store.local_day(now))
    found = stage(pregnancy, on)
    if found.kind is not StageKind.PREGNANT or found.age is None or on < first:
        return
    made = _observation(
        _id(pregnancy.id, f"age:{on.isoformat()}"),
        "survey",
        _coded(GESTATIONAL_AGE, "Gestational age"),
        on.isoformat(),
        patient,
        _quantity(found.age.total_days, "days", "d"),
    )
    weeks = f"{found.age.weeks} weeks {found.age.days} days"
    due_reference = [{"reference": f"urn:uuid:{due['id']}"}]
    yield made | {"note": [{"text": weeks}], "derivedFrom": due_reference}
