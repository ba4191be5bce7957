"""Domain dataclasses to database rows and back. What each column means: `migrations`."""

import json
from dataclasses import asdict, fields
from datetime import date
from enum import StrEnum
from typing import Any

from holdwell.domain.models import (
    BirthKind,
    CheckInAnswer,
    Condition,
    Cue,
    DayPart,
    DueDate,
    DueDateSource,
    Goal,
    Hold,
    HoldOutcome,
    LeftOutDay,
    LeftOutReason,
    Moment,
    PainEntry,
    PainPlace,
    PainSide,
    Pause,
    Pregnancy,
    Profile,
    Routine,
    RoutineStretch,
    Session,
    SessionState,
    Side,
    Tracking,
)

Row = dict[str, Any]


def to_row(entry: Profile | Pregnancy | Routine | Goal | Pause | DueDate | LeftOutDay) -> Row:
    """Return the fields of a dataclass as SQLite stores them."""
    return {field.name: _plain(getattr(entry, field.name)) for field in fields(entry)}


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    if isinstance(value, tuple):
        return json.dumps([asdict(item) for item in value])
    return value


def profile(row: Row) -> Profile:
    return Profile(
        id=row["id"],
        goal_per_week=row["goal_per_week"],
        hold_seconds=row["hold_seconds"],
        get_ready_seconds=row["get_ready_seconds"],
        first_side=Side(row["first_side"]),
        sound=bool(row["sound"]),
        voice=bool(row["voice"]),
        vibration=bool(row["vibration"]),
        volume=row["volume"],
        quiet_cues=frozenset(Cue(name) for name in row["quiet_cues"].split()),
        tracking=Tracking(row["tracking"]),
        welcomed=bool(row["welcomed"]),
        safety_seen=bool(row["safety_seen"]),
        language=row["language"],
        conditions=frozenset(Condition(name) for name in row["conditions"].split()),
        day_ends_at=row["day_ends_at"],
        week_starts_on=row["week_starts_on"],
    )


def pregnancy(row: Row) -> Pregnancy:
    return Pregnancy(
        id=row["id"],
        due_date=_date(row["due_date"]),
        birth_date=_date(row["birth_date"]),
        ended=bool(row["ended"]),
        birth_kind=BirthKind(row["birth_kind"]) if row["birth_kind"] else None,
    )


def routine(row: Row) -> Routine:
    return Routine(
        id=row["id"],
        name=row["name"],
        stretches=tuple(
            RoutineStretch(item["stretch"], item["hold_s"]) for item in json.loads(row["stretches"])
        ),
        part=DayPart(row["part"]),
        first_side=Side(row["first_side"]),
        extra_side=Side(row["extra_side"]) if row["extra_side"] else None,
        repeats=row["repeats"],
        rest_s=row["rest_s"],
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def session_row(session: Session) -> Row:
    return {
        "id": session.id,
        "started_at": session.started.iso,
        "utc_offset": session.started.utc_offset,
        "ended_at": session.ended.iso if session.ended else None,
        "local_day": session.local_day.isoformat(),
        "part": session.part.value,
        "state": session.state.value,
        "held_s": round(session.held_s, 3),
        "pain_before": session.pain_before,
        "pain_after": session.pain_after,
        "comfort": session.comfort,
        "note": session.note,
        "time_known": int(session.time_known),
        "pain_places": _plain(session.pain_places),
        "pain_side": _plain(session.pain_side),
        "plan": session.plan,
    }


def hold_row(hold: Hold, session_id: str) -> Row:
    return {
        "id": hold.id,
        "session_id": session_id,
        "position": hold.position,
        "stretch": hold.stretch,
        "side": hold.side.value,
        "planned_s": hold.planned_s,
        "held_s": round(hold.held_s, 3),
        "outcome": hold.outcome.value,
        "started_at": hold.started.iso if hold.started else None,
        "utc_offset": hold.started.utc_offset if hold.started else None,
    }


def session(row: Row, holds: tuple[Hold, ...]) -> Session:
    offset = row["utc_offset"]
    return Session(
        id=row["id"],
        started=Moment.from_iso(row["started_at"], offset),
        local_day=date.fromisoformat(row["local_day"]),
        part=DayPart(row["part"]),
        state=SessionState(row["state"]),
        ended=Moment.from_iso(row["ended_at"], offset) if row["ended_at"] else None,
        pain_before=row["pain_before"],
        pain_after=row["pain_after"],
        comfort=row["comfort"],
        note=row["note"],
        time_known=bool(row["time_known"]),
        pain_places=_places(row["pain_places"]),
        pain_side=PainSide(row["pain_side"]) if row["pain_side"] else None,
        plan=row["plan"],
        holds=holds,
    )


def hold(row: Row) -> Hold:
    started = (
        Moment.from_iso(row["started_at"], row["utc_offset"] or 0) if row["started_at"] else None
    )
    return Hold(
        id=row["id"],
        position=row["position"],
        stretch=row["stretch"],
        side=Side(row["side"]),
        planned_s=row["planned_s"],
        held_s=row["held_s"],
        outcome=HoldOutcome(row["outcome"]),
        started=started,
    )


def check_in_row(answer: CheckInAnswer) -> Row:
    return {
        "id": answer.id,
        "asked_at": answer.at.iso,
        "utc_offset": answer.at.utc_offset,
        "local_day": answer.local_day.isoformat(),
        "answer": answer.answer,
    }


def check_in(row: Row) -> CheckInAnswer:
    return CheckInAnswer(
        at=Moment.from_iso(row["asked_at"], row["utc_offset"]),
        local_day=date.fromisoformat(row["local_day"]),
        answer=row["answer"],
        id=row["id"],
    )


def _places(text: str) -> frozenset[PainPlace]:
    return frozenset(PainPlace(name) for name in text.split())


def pain_row(entry: PainEntry) -> Row:
    return {
        "id": entry.id,
        "felt_at": entry.at.iso if entry.at else None,
        "utc_offset": entry.at.utc_offset if entry.at else None,
        "local_day": entry.local_day.isoformat(),
        "score": entry.score,
        "places": _plain(entry.places),
        "side": _plain(entry.side),
        "note": entry.note,
    }


def pain(row: Row) -> PainEntry:
    return PainEntry(
        local_day=date.fromisoformat(row["local_day"]),
        score=row["score"],
        at=Moment.from_iso(row["felt_at"], row["utc_offset"] or 0) if row["felt_at"] else None,
        places=_places(row["places"]),
        side=PainSide(row["side"]) if row["side"] else None,
        note=row["note"],
        id=row["id"],
    )


def goal(row: Row) -> Goal:
    return Goal(date.fromisoformat(row["from_day"]), row["goal_per_week"], row["id"])


def pause(row: Row) -> Pause:
    """ValueError if the pause ends before it begins."""
    made = Pause(date.fromisoformat(row["from_day"]), _date(row["to_day"]), row["id"])
    if made.to_day is not None and made.to_day < made.from_day:
        raise ValueError("the pause ends before it begins")
    return made


def due_date(row: Row) -> DueDate:
    return DueDate(
        pregnancy_id=row["pregnancy_id"],
        due_date=date.fromisoformat(row["due_date"]),
        source=DueDateSource(row["source"]),
        given_on=_date(row["given_on"]),
        source_day=_date(row["source_day"]),
        source_days=row["source_days"],
        id=row["id"],
    )


def left_out_day(row: Row) -> LeftOutDay:
    reason = LeftOutReason(row["reason"]) if row["reason"] else None
    return LeftOutDay(date.fromisoformat(row["day"]), reason, row["id"])
