"""What each command does. What a page would say no to is refused with the same sentence."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from holdwell.backup import daily
from holdwell.cli.access import RefusedError
from holdwell.domain import dates
from holdwell.domain.models import CrampLeg, Hold, HoldOutcome, Moment, Session, SessionState, Side
from holdwell.domain.models import new_id as fresh_id
from holdwell.domain.pregnancies import period_of
from holdwell.guide import guide
from holdwell.i18n.messages import counted, date_text, day_text, language, number_text, say
from holdwell.sessions.validation import hold_problem, note_problem, when_problem
from holdwell.store import people
from holdwell.store.repository import Store, opened
from holdwell.transfer import exporting, importing, validation


def now() -> Moment:
    """The present moment by this computer's clock and zone."""
    return Moment.of(datetime.now(UTC).astimezone())


def log(path: Path, options: argparse.Namespace) -> int:
    """Log one session and print its id."""
    here = now()
    wall = here.local
    if options.day is not None:
        wall = wall.replace(year=options.day.year, month=options.day.month, day=options.day.day)
    if options.time is not None:
        wall = wall.replace(hour=options.time.hour, minute=options.time.minute, second=0)
    # The offset of that day, not of today: summer time may lie between. Now is now, also in the
    # hour that an autumn night has twice.
    given = options.day is not None or options.time is not None
    started = Moment.of(wall.replace(tzinfo=None, microsecond=0).astimezone()) if given else here
    note = options.note.strip()
    problem = when_problem(started, here) or note_problem(note)
    if problem:
        raise RefusedError(problem)
    holds = tuple(_hold(text, number) for number, text in enumerate(options.hold))
    if not (holds or note or options.comfort) and options.before is options.after is None:
        raise RefusedError(say("log.nothing"))
    session = Session(
        id=fresh_id(),
        started=started,
        local_day=dates.local_day(started.local),
        part=options.part or dates.part_of_day(started.local),
        state=SessionState.LOGGED,
        pain_before=options.before,
        pain_after=options.after,
        comfort=options.comfort,
        note=note,
        holds=holds,
    )
    with opened(path) as store:
        store.save_session(session, here)
    print(session.id)
    return 0


def _hold(text: str, position: int) -> Hold:
    """A hold from STRETCH:SIDE:SECONDS."""
    stretch, _, rest = text.partition(":")
    side, _, seconds = rest.partition(":")
    known = [one.id for one in guide().stretches]
    try:
        held = float(seconds)
        raised = Side(side)
    except ValueError as error:
        raise RefusedError(say("cli.bad_hold", text=text, known=", ".join(known))) from error
    if stretch not in known:
        raise RefusedError(say("cli.bad_hold", text=text, known=", ".join(known)))
    # A hold of nothing is none; NaN is no length at all.
    problem = hold_problem(text, held) if held > 0 else say("log.hold_range", what=text)
    if problem:
        raise RefusedError(problem)
    return Hold(fresh_id(), position, stretch, raised, held, held, HoldOutcome.FINISHED)


def cramp(path: Path, options: argparse.Namespace) -> int:
    """Set the answer for one night."""
    here = now()
    evening = Moment.of(datetime.combine(options.night, time()).astimezone())
    problem = when_problem(evening, here)
    if problem:
        raise RefusedError(problem)
    with opened(path) as store:
        if options.leg is CrampLeg.NONE:
            store.save_cramp(options.night, options.leg, here)
        else:
            # As on the Today page, left and then right in one night make both.
            store.add_cramp(options.night, options.leg, here)
    return 0


def export(path: Path, options: argparse.Namespace) -> int:
    """Write everything to one ZIP file, or to stdout for "-"."""
    with _known(path) as store:
        _write(options.file, exporting.export(store, now()), path)
    return 0


@contextmanager
def _known(path: Path) -> Iterator[Store]:
    """Open a record that is there: a mistyped folder is no empty record."""
    if not path.exists():
        raise RefusedError(say("cli.no_record", path=str(path)))
    with opened(path) as store:
        yield store


def _write(file: str, data: bytes, record: Path) -> None:
    """Write to a file, whole or not at all and hers alone (mode 0600), or to stdout for "-".

    Raises RefusedError for anyone's record, what lies beside it, and its backups.
    """
    if file == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = Path(file).expanduser()
    whole = target.resolve()
    for person in people.people(people.root_of(record)):
        beside = whole.parent == person.folder.resolve() and (
            whole.exists() or whole.name.startswith(record.name)
        )
        if beside or daily.folder_of(person.database).resolve() in whole.parents:
            raise RefusedError(say("cli.is_record", path=str(target)))
    part = target.with_name(f".{target.name[:200]}.{fresh_id()}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as made:
            made.write(data)
            made.flush()
            os.fsync(made.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    print(say("cli.written", file=str(target)))


def bring_in(path: Path, options: argparse.Namespace) -> int:
    """Say what an import would add; with --yes, keep a copy and bring it in."""
    data = validation.read(options.file.read_bytes())
    with opened(path) as store:
        found = importing.preview(store, data)
        for table in found.tables.values():
            print(f"{table.table}: +{table.new} ({table.already_there})")
        if not found.new:
            print(say("record.import_nothing"))
            return 0
        if not options.yes:
            print(say("cli.not_yet"))
            return 0
        kept = daily.keep(path, now(), daily.Before.IMPORT)
        importing.insert(store, data)
    print(say("record.imported", new=found.new))
    print(say("cli.kept", file=str(kept)))
    return 0


def backups(path: Path, options: argparse.Namespace) -> int:
    """Make today's backup, list what there is, or bring one back."""
    here = now()
    if options.list:
        for found in daily.all_of(path):
            until = day_text(found.until) if found.until else "–"
            print(f"{found.day.isoformat()}  {counted('sessions', found.sessions)}  {until}")
        return 0
    if options.restore is not None:
        chosen = next((b for b in daily.all_of(path) if b.day == options.restore), None)
        if chosen is None:
            raise RefusedError(say("cli.no_backup", day=options.restore.isoformat()))
        kept = daily.restore(path, chosen.path, here)
        print(say("record.restored", day=day_text(chosen.day)))
        if kept is not None:
            print(say("cli.kept", file=str(kept)))
        return 0
    with _known(path):
        pass  # Brought up to date before it is copied.
    made = daily.make_daily(path, here.local.date())
    print(say("cli.written", file=str(made)) if made else say("cli.backup_there"))
    return 0


def _range(options: argparse.Namespace, today: date) -> tuple[date, date]:
    last = options.last or today
    first = options.first or last - timedelta(days=7 * options.weeks - 1)
    if last < first:
        raise RefusedError(say("report.range_wrong"))
    if last > today:
        raise RefusedError(say("report.range_future"))
    return first, last


def _say_cut(first: date, given: date) -> None:
    if first > given:
        print(say("cli.cut", first=date_text(first)), file=sys.stderr)


def report_file(path: Path, options: argparse.Namespace) -> int:
    """Write the one-page report as PDF."""
    # Typesetting takes a while to load, and no other command needs it.
    from holdwell.report import pdf, summary

    here = now()
    today = dates.local_day(here.local)
    first, last = _range(options, today)
    size = pdf.Paper[options.paper.upper()] if options.paper else None
    with _known(path) as store:
        made = summary.read(store, first, last, today, None if options.notes else frozenset())
    _say_cut(made.first, first)
    sheet = pdf.typeset(
        made, options.name[: pdf.NAME_MAX], size or pdf.usual_paper(language().locale), here
    )
    _write(options.file, sheet.pdf(), path)
    return 0


def fhir_file(path: Path, options: argparse.Namespace) -> int:
    """Write the same time as a FHIR R4 bundle."""
    from holdwell.report import fhir

    here = now()
    first, last = _range(options, dates.local_day(here.local))
    with _known(path) as store:
        within = period_of(store.pregnancy_periods(), last)
        made = fhir.bundle(store, first, last, here, within)
    _say_cut(max(first, within.bounds[0]), first)
    _write(options.file, fhir.text(made).encode(), path)
    print(say("cli.entries", count=number_text(len(made["entry"]))), file=sys.stderr)
    return 0
