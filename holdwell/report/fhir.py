"""Write what the user logged as a FHIR R4 Bundle, made of plain dictionaries, for a clinic.

Patient-generated observations without a name. Each code is one that a published guide uses:
- Pain, LOINC 72514-3, a score of 0 to 10: HL7 Belgium, Patient Monitoring; ANS, Mesures de santé.
- Exercise duration, LOINC 55411-3 in minutes: HL7 US Physical Activity 1.0.0.
- Gestational age, LOINC 18185-9 in days: HL7 Europe Patient Summary. Days are exact where
  completed weeks would be rounded.
- Due date, LOINC 11778-8: International Patient Summary, Observation Pregnancy EDD.
If no code is known to fit (before or after a session, cramp nights), the text says it.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from holdwell.domain.dates import GestationalAge, StageKind, stage
from holdwell.domain.models import Moment
from holdwell.domain.pregnancies import PregnancyPeriod, period_of
from holdwell.i18n.formats import half_up
from holdwell.report.pregnancy import due_dates, shown_pregnancy
from holdwell.stats import queries
from holdwell.store.repository import Store

Resource = dict[str, Any]

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
PAIN = ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported")
EXERCISE = ("55411-3", "Exercise duration")
GESTATIONAL_AGE = ("18185-9", "Gestational age")
DUE_DATE = ("11778-8", "Delivery date Estimated")
BEFORE, AFTER = "before a stretching session", "after a stretching session"
CRAMPS = "Leg cramps in the night that began on this date"
PLACES = {"lower_back": "lower back", "pelvis": "pelvis", "hip": "hip or buttock", "leg": "leg"}
SIDES = {None: "", "left": "left", "right": "right", "both": "both sides"}
LEGS = {"none": "none", "left": "left leg", "right": "right leg", "both": "both legs"}
"""Words for the values in the database: PainPlace, PainSide and CrampLeg."""


def bundle(
    store: Store, first: date, last: date, now: Moment, within: PregnancyPeriod | None = None
) -> Resource:
    """Return all observations of the local days `first` to `last`, as a Bundle of type collection.

    Only days of one period are included: `within`, by default the one that `last` belongs to. If
    the range has no such day, the bundle has only the patient. Ids are derived from those of the
    rows, so that the same database gives the same ids. Raises StoreError.
    """
    within = within or period_of(store.pregnancy_periods(), last)
    patient = store.export_id()
    subject = {"reference": f"urn:uuid:{patient}"}
    resources: list[Resource] = [{"resourceType": "Patient", "id": patient}]
    days = within.clamp(first, last)
    if days is not None:
        observations = (
            *_pregnancy(store, within, now, *days),
            *_sessions(store, *days),
            *_pains(store, *days),
            *_cramps(store, *days),
        )
        about = {"subject": subject, "performer": [subject]}
        resources += [observation | about for observation in observations]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(now),
        "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in resources],
    }


def text(made: Resource) -> str:
    """Write a bundle as JSON."""
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _instant(moment: Moment) -> str:
    """Return ISO 8601 with seconds and the local offset: FHIR's dateTime and instant."""
    return moment.local.isoformat(timespec="seconds")


def _observation(
    row: str, what: str, code: Resource, when: str | None, category: str = "survey", **more: Any
) -> Resource:
    """Return an observation from the row with this id; `when` is None if the time is not known.

    Its own id is a stable UUID, even if the id of an old row is not a UUID.
    """
    return {
        "resourceType": "Observation",
        "id": str(uuid5(NAMESPACE_OID, f"holdwell:{row}:{what}")),
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "code": code,
        **({"effectiveDateTime": when} if when else {}),
        **more,
    }


def _coded(code: tuple[str, str], words: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": code[0], "display": code[1]}], "text": words}


def _quantity(value: float, unit: str, code: str) -> Resource:
    return {"value": value, "unit": unit, "system": UCUM, "code": code}


def _sessions(store: Store, first: date, last: date) -> Iterator[Resource]:
    sql = f"SELECT * {queries.SESSIONS} ORDER BY started_at, id"
    for row in queries.between(store, sql, first, last):
        # If only the day is known, give the day without a time.
        began = ended = row["local_day"]
        if row["time_known"]:
            began, ended = (
                _instant(Moment.from_iso(at, row["utc_offset"]))
                for at in (row["started_at"], row["ended_at"] or row["started_at"])
            )
        for what, when, phase in (("before", began, BEFORE), ("after", ended, AFTER)):
            key = f"pain_{what}"
            if (score := row[key]) is not None:
                made = _pain(row["id"], key, score, when, row["pain_places"], row["pain_side"])
                yield made | {"note": [{"text": f"Rated {phase}."}]}
        if row["held_s"] > 0:
            minutes = float(half_up(Decimal(str(row["held_s"])) / 60, 2))
            held = _quantity(minutes, "minutes", "min")
            code = _coded(EXERCISE, "Time held in stretches, pauses left out")
            yield _observation(row["id"], "held", code, began, "activity", valueQuantity=held)


def _pains(store: Store, first: date, last: date) -> Iterator[Resource]:
    """Yield the pain that was logged without a session, at its own time if known."""
    sql = f"SELECT * {queries.PAINS} ORDER BY local_day, felt_at, id"
    for row in queries.between(store, sql, first, last):
        when = row["local_day"]
        if row["felt_at"]:
            when = _instant(Moment.from_iso(row["felt_at"], row["utc_offset"] or 0))
        yield _pain(row["id"], "pain", row["score"], when, row["places"], row["side"])


def _pain(row: str, what: str, score: int, when: str, places: str, side: str | None) -> Resource:
    """Return a pain score, with the place in words if the user said where it hurts."""
    where = ", ".join(PLACES[place] for place in sorted(places.split()))
    site = "; ".join(part for part in (where, SIDES[side]) if part)
    code, value = _coded(PAIN, "Pain severity"), _quantity(score, "score", "{score}")
    made = _observation(row, what, code, when, valueQuantity=value)
    return made | ({"bodySite": {"text": site}} if site else {})


def _cramps(store: Store, first: date, last: date) -> Iterator[Resource]:
    sql = f"SELECT * {queries.NIGHTS} ORDER BY night, id"
    for row in queries.between(store, sql, first, last):
        leg, code = {"text": LEGS[row["leg"]]}, {"text": CRAMPS}
        yield _observation(row["id"], "cramp", code, row["night"], valueCodeableConcept=leg)


def _age(age: GestationalAge) -> str:
    """Say a gestational age as "34 weeks 5 days"."""
    counts = {"week": age.weeks, "day": age.days}
    return " ".join(f"{n} {unit if n == 1 else unit + 's'}" for unit, n in counts.items())


def _pregnancy(
    store: Store, within: PregnancyPeriod, now: Moment, first: date, last: date
) -> Iterator[Resource]:
    """Yield the due date, and the gestational age on the last day of the range before the birth.

    Yield nothing if the pregnancy is not shown, or was over before the range.
    """
    pregnancy = shown_pregnancy(store, within)
    if pregnancy is None or pregnancy.due_date is None:
        return
    birth = pregnancy.birth_date or date.max
    if birth < first:
        return
    given, _ = due_dates(store, pregnancy)
    code, day = _coded(DUE_DATE, "Due date as the patient knows it"), pregnancy.due_date.isoformat()
    given_on = given.given_on.isoformat() if given and given.given_on else None
    due = _observation(pregnancy.id, "due", code, given_on, valueDateTime=day)
    yield due
    on = min(last, store.local_day(now), birth - timedelta(days=1))
    stage_on_day = stage(pregnancy, on)
    if stage_on_day.kind is StageKind.PREGNANT and stage_on_day.age is not None and on >= first:
        yield _observation(
            pregnancy.id,
            f"age:{on.isoformat()}",
            _coded(GESTATIONAL_AGE, "Gestational age"),
            on.isoformat(),
            valueQuantity=_quantity(stage_on_day.age.total_days, "days", "d"),
            note=[{"text": _age(stage_on_day.age)}],
            derivedFrom=[{"reference": f"urn:uuid:{due['id']}"}],
        )
