"""What a form shows of a session, what cannot be saved, and the session the form gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from holdwell.domain import dates, models
from holdwell.domain.models import Hold, HoldOutcome, Moment, Session, SessionState, Side, new_id
from holdwell.guide.load import guide
from holdwell.guide.model import Stretch
from holdwell.i18n.formats import half_up
from holdwell.i18n.messages import say
from holdwell.sessions.plan import LONGEST_HOLD_S, Plan


class InputError(Exception):
    """What was given cannot be saved. The text says what to correct."""


def hold_label(hold: Hold) -> str:
    """Return the name of a hold: its stretch and its side."""
    name, side = guide().stretch_name(hold.stretch), say(f"side.{hold.side}").lower()
    return say("form.hold_label", stretch=name, side=side)


def blank_session(now: Moment) -> Session:
    """Return a session logged by hand that begins in the present minute and has no values yet."""
    wall = now.local.replace(second=0, microsecond=0)
    started = Moment.of(wall)
    day, part = dates.local_day(wall), dates.part_of_day(wall)
    return Session(new_id(), started, day, part, SessionState.LOGGED)


@dataclass(frozen=True, slots=True)
class GivenTime:
    """When something happened, as the user gave it: a moment, or only a local day.

    If only the day is known, `moment` is noon of that day, or now if noon has not come yet.
    """

    moment: Moment
    local_day: date
    time_known: bool = True

    @property
    def wall(self) -> datetime:
        """The clock time as a form shows it: in whole minutes, without a time zone."""
        return self.moment.local.replace(second=0, microsecond=0, tzinfo=None)


def given_time(
    day: date | None,
    at: time | None,
    known: GivenTime | None,
    now: Moment,
    zone: tzinfo | None,
    day_ends_at: int,
) -> GivenTime:
    """Return when something happened, from the day and time of a form.

    `known` is when it happened before the edit. It is returned as it was if day and time were not
    edited; an edited time keeps its time zone. `zone` is that of the user now; None is this
    computer's. Raises InputError without a day.
    """
    if day is None:
        raise InputError(say("log.no_day"))
    if at is None:
        if known is not None and not known.time_known and known.local_day == day:
            return known
        # After midnight, today's date may still belong to the user's day before.
        today = dates.local_day(now.local, day_ends_at)
        own_day = today if day == now.local.date() else day
        noon = dates.moment_at(datetime.combine(day, dates.NIGHT_TURNS_AT), zone)
        return GivenTime(now if own_day == today and noon.utc > now.utc else noon, own_day, False)
    wall = datetime.combine(day, at)
    if known is not None and known.time_known:
        if wall == known.wall:
            return known
        moment = moved_start(known.moment, wall, zone)
    else:
        moment = dates.moment_at(wall, zone)
    return GivenTime(moment, dates.local_day(moment.local, day_ends_at))


def moved_start(started: Moment, wall: datetime, zone: tzinfo | None) -> Moment:
    """Return the start of a session whose clock time was edited from `started` to `wall`.

    A session from another time zone, say before a flight, stays in it: an edit by five minutes
    moves it by five minutes, not by the hours between the zones as well. `zone` is the zone of the
    user now; None is this computer's.
    """
    if dates.is_clock_of(started, zone):
        return dates.moment_at(wall, zone, started.utc_offset)
    return Moment.of(wall.replace(tzinfo=started.local.tzinfo))


def hold_fields(known: Sequence[Hold], stretches: Sequence[Stretch]) -> list[Hold]:
    """Return the holds of a form: the known ones, then an empty one for each side still missing.

    Every stretch has both sides. An empty hold has no id yet.
    """
    taken = {(hold.stretch, hold.side) for hold in known}
    taught = ((stretch.id, side) for stretch in stretches for side in Side)
    return [*known, *(empty_hold(*pair) for pair in taught if pair not in taken)]


def empty_hold(stretch: str, side: Side) -> Hold:
    """Return a hold to be filled in, without an id."""
    return Hold("", 0, stretch, side, 0, 0, HoldOutcome.SKIPPED)


def logged_routine(planned: Plan, started: Moment, day_ends_at: int) -> Session:
    """Return a session logged by hand in which every hold of a plan was finished."""
    holds = tuple(
        Hold(new_id(), number, h.stretch, h.side, h.hold_s, h.hold_s, HoldOutcome.FINISHED)
        for number, h in enumerate(planned.holds)
    )
    wall = started.local
    day, part = dates.local_day(wall, day_ends_at), dates.part_of_day(wall, day_ends_at)
    return Session(new_id(), started, day, part, SessionState.LOGGED, holds=holds)


def latest_at(at: time, now: Moment, zone: tzinfo | None) -> Moment:
    """Return the latest moment, up to now, at which the clock showed a time: today or yesterday."""
    today = now.local.date()
    moments = (
        dates.moment_at(datetime.combine(day, at), zone, utc_offset)
        for day in (today, today - timedelta(days=1))
        for utc_offset in (now.utc_offset, None)
    )
    return next(moment for moment in moments if moment.utc <= now.utc)


def check_start(started: Moment, now: Moment) -> None:
    """Raise InputError for a moment in the future, or too many years ago."""
    if started.utc > now.utc + timedelta(minutes=1):
        raise InputError(say("log.day_future"))
    if (now.local.date() - started.local.date()).days > dates.POSTPARTUM_YEARS * 366:
        raise InputError(say("log.day_too_old"))


def check_note(text: str) -> None:
    """Raise InputError if a note is too long."""
    if len(text) > models.NOTE_MAX:
        raise InputError(say("log.note_long", count=len(text), most=models.NOTE_MAX))


def filled_session(
    values: Session, when: GivenTime, held: Sequence[tuple[Hold, float]], now: Moment
) -> Session:
    """Return the session that a form makes. Raises InputError on the first thing to correct.

    `values` is the session shown, with the answers as entered; `held` is for `edited_holds`.
    """
    check_start(when.moment, now)
    for hold, held_s in held:
        if not 0 <= held_s <= LONGEST_HOLD_S:
            raise InputError(say("log.hold_range", what=hold_label(hold), most=LONGEST_HOLD_S))
    check_note(values.note)
    scores = (values.pain_before, values.pain_after, values.comfort)
    if not any(held_s for _, held_s in held) and not values.note and set(scores) == {None}:
        raise InputError(say("log.nothing"))
    return replace(
        values,
        started=when.moment,
        local_day=when.local_day,
        time_known=when.time_known,
        # At another time, it is not known when the session ended.
        ended=values.ended if when.moment == values.started else None,
        holds=edited_holds(held),
    )


def edited_holds(held: Sequence[tuple[Hold, float]]) -> tuple[Hold, ...]:
    """Return holds after an edit: `held` has each of `hold_fields` with the seconds now given.

    A hold whose whole seconds are unchanged stays as it is. One that stays empty is left out.
    """
    holds: list[Hold] = []
    for hold, held_s in held:
        if not hold.id and held_s <= 0:
            continue
        hold = hold if hold.id else replace(hold, id=new_id(), planned_s=held_s)
        if half_up(hold.held_s) != held_s:
            hold = replace(hold, held_s=held_s, outcome=outcome(held_s, hold.planned_s))
        holds.append(replace(hold, position=len(holds)))
    return tuple(holds)


def outcome(held_s: float, planned_s: float) -> HoldOutcome:
    """Return the outcome of a hold of `held_s` seconds that was planned for `planned_s`."""
    if held_s <= 0:
        return HoldOutcome.SKIPPED
    return HoldOutcome.FINISHED if held_s >= planned_s else HoldOutcome.SHORTENED
