"""The commands. They refuse what a page would refuse, with the same sentence."""

import argparse
import json
import sys
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from holdwell.backup import daily
from holdwell.cli import table_import
from holdwell.cli.access import RefusedError
from holdwell.cli.table_import import Incoming
from holdwell.domain import dates
from holdwell.domain.dates import Days
from holdwell.domain.models import DAY_ENDS_AT_DEFAULT, CrampLeg, DayPart, Hold, Moment, Side
from holdwell.domain.pregnancies import period_of
from holdwell.guide.load import guide
from holdwell.i18n.formats import date_text, sentence_day_text
from holdwell.i18n.messages import counted, language, say
from holdwell.sessions import editing
from holdwell.sessions.plan import LONGEST_HOLD_S
from holdwell.stats import queries
from holdwell.store import database, files, people
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.transfer import exporting, importing, validation
from holdwell.transfer.csv import file_kinds
from holdwell.transfer.csv.table import Table
from holdwell.transfer.validation import Tables
from holdwell.transfer.zip_reader import ExportProblem, InvalidExportError


def now() -> Moment:
    """Return the present moment, with this computer's time zone."""
    return Moment.of(datetime.now(UTC).astimezone())


def answer(options: argparse.Namespace, data: object, *lines: str) -> None:
    """Print the lines of an answer, or with --json only its data, as one JSON text.

    Raises RefusedError if they cannot be written; its text says that the command itself is done.
    """
    if options.json:
        lines = (json.dumps(data, default=str),)
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RefusedError(say("cli.unanswered", why=error)) from error


def log(file: DatabaseFile, options: argparse.Namespace) -> None:
    """Log one session and print its id."""
    moment = now()
    held = [_hold(text) for text in options.hold]
    ends_at = DAY_ENDS_AT_DEFAULT
    if file.path.exists():
        # Opening would create the database, even if the command is then refused.
        with opened(file) as store:
            ends_at = store.profile().day_ends_at
    is_now = options.day is None and options.time is None
    day = options.day or moment.local.date()
    given = None if is_now else editing.given_time(day, options.time, None, moment, None, ends_at)
    # `moment` itself is not ambiguous in the hour that comes twice when summer time ends.
    when = given or editing.GivenTime(moment, dates.local_day(moment.local, ends_at))
    by_time = dates.part_of_day(when.moment.local, ends_at) if when.time_known else DayPart.OTHER
    values = replace(
        editing.blank_session(moment),
        part=DayPart(options.part) if options.part else by_time,
        pain_before=options.before,
        pain_after=options.after,
        comfort=options.comfort,
        note=options.note.strip(),
    )
    session = editing.filled_session(values, when, held, moment)
    with opened(file) as store:
        store.save(session, moment)
    started = session.at.local.isoformat() if session.at else None
    data = {"id": session.id, "started": started, "day": session.local_day}
    answer(options, data, session.id)


def _hold(text: str) -> tuple[Hold, float]:
    """Read a hold from STRETCH:SIDE:SECONDS. Raises RefusedError."""
    stretch_ids = [taught.id for taught in guide().stretches]
    try:
        stretch, side, seconds = text.split(":")
        if stretch not in stretch_ids:
            raise ValueError(stretch)
        field = editing.empty_hold(stretch, Side(side))
        held_s = float(seconds)
    except ValueError as error:
        raise RefusedError(say("cli.bad_hold", text=text, known=", ".join(stretch_ids))) from error
    # NaN fails both comparisons.
    if not 0 < held_s <= LONGEST_HOLD_S:
        raise RefusedError(say("cli.hold_range", text=text, most=LONGEST_HOLD_S))
    return field, held_s


def cramp(file: DatabaseFile, options: argparse.Namespace) -> None:
    """Save whether there were cramps in one night, and in which leg."""
    moment = now()
    leg = CrampLeg(options.leg)
    if options.night > dates.night_of(moment.local):
        raise RefusedError(say("log.day_future"))
    evening = dates.moment_at(datetime.combine(options.night, time()))
    editing.check_start(evening, moment)
    with opened(file) as store:
        if leg is CrampLeg.NONE:
            store.save_cramp(options.night, leg, moment)
        else:
            # As on the Today page, left and then right in the same night make both.
            store.add_cramp(options.night, leg, moment)
        saved = store.cramp(options.night)
    answer(options, {"night": options.night, "leg": saved and saved.leg})


def export(file: DatabaseFile, options: argparse.Namespace) -> None:
    """Write all data to one ZIP file, or to stdout for "-"."""
    with _open_existing(file) as store:
        _write(options, exporting.export(store, now()), file.path)


def _open_existing(file: DatabaseFile) -> closing[Store]:
    """Open a database. Raises RefusedError if there is none, since the folder may be mistyped."""
    if not file.path.exists() and not database.is_lost(file.path):
        raise RefusedError(say("cli.no_database", path=file.path))
    return opened(file)


def _write(options: argparse.Namespace, data: bytes, database_path: Path) -> None:
    """Write to a private file (mode 0600), whole or not at all, or to stdout for "-".

    Raises RefusedError if the file is a person's database, a file of SQLite beside it or in the
    folder of its backups, or if stdout was closed before the command began.
    """
    if options.file == "-":
        if sys.__stdout__ is None:
            raise RefusedError(say("cli.no_output"))
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = files.expand_home(Path(options.file))
    whole = target.resolve()
    for person in people.people(people.root_of(database_path)):
        beside = whole.parent == person.folder.resolve() and (
            whole.exists() or whole.name.startswith(database_path.name)
        )
        if beside or daily.folder_of(person.database).resolve() in whole.parents:
            raise RefusedError(say("cli.is_database", path=target))
    files.write_private(target, data)
    answer(options, {"written": str(target)}, say("cli.written", file=target))


def import_file(file: DatabaseFile, options: argparse.Namespace) -> None:
    """Print what an import would add; with --yes, keep a copy of the database and import."""
    data = _read(options.file)
    with opened(file) as store:
        if isinstance(data, Table):
            coming = table_import.incoming(store, data, options, now())
        else:
            coming = _incoming_export(store, data)
        if coming.save is None or not options.yes:
            last = coming.nothing if coming.save is None else say("cli.not_yet")
            answer(options, {"found": coming.found, "imported": None}, *coming.lines, last)
            return
        kept = daily.save_copy(file, now(), daily.Before.IMPORT)
        count = coming.save()
    result = {"found": coming.found, "imported": count, "kept": kept}
    done = say("record.imported", new=counted("entries", count))
    answer(options, result, *coming.lines, done, say("cli.kept", file=kept))


def _read(path: Path) -> Tables | Table:
    """Read an export, or another tracker's table. Raises RefusedError, InvalidExportError."""
    content = path.read_bytes()
    try:
        return validation.read(content)
    except InvalidExportError as error:
        named_table = path.suffix.lower() not in (".zip", ".json")
        if error.problem is ExportProblem.NOT_OURS and (
            named_table or file_kinds.is_foreign(content)
        ):
            return table_import.read(content)
        raise


def _incoming_export(store: Store, data: Tables) -> Incoming:
    preview = importing.preview(store, data)
    found = {name: {"new": preview.new[name], "there": preview.existing[name]} for name in data}
    lines = [
        say("cli.import_table", table=name, **counts)
        for name, counts in found.items()
        if any(counts.values())
    ]
    save = (lambda: importing.insert(store, data, now()).entries) if preview.new else None
    return Incoming(found, lines, save, say("record.import_nothing"))


def backup(file: DatabaseFile, options: argparse.Namespace) -> None:
    """Make today's backup, list the backups, or restore one."""
    if options.list:
        good = daily.good_backups(file)
        lines = [f"{copy.day}  {daily.contents_text(copy)}" for copy in good]
        answer(options, [asdict(copy) for copy in good], *lines or [say("record.backups_none")])
    elif options.restore is not None:
        _restore(file, options)
    else:
        with _open_existing(file):
            pass  # Opening it applies the migrations, before it is copied.
        today = now().local.date()
        made = daily.make_daily(file, today)
        is_made = daily.is_made(file.path, today)
        unmade = say("cli.backup_there" if is_made else "cli.backup_nothing")
        answer(options, {"written": made}, say("cli.written", file=made) if made else unmade)


def _restore(file: DatabaseFile, options: argparse.Namespace) -> None:
    chosen = next((b for b in daily.good_backups(file) if b.day == options.restore), None)
    if chosen is None:
        raise RefusedError(say("cli.no_backup", day=options.restore.isoformat()))
    kept = daily.restore(file, chosen.path, now())
    lines = [say("record.restored", day=sentence_day_text(chosen.day))]
    if kept is not None:
        lines.append(say("cli.kept", file=kept))
    answer(options, {"restored": chosen.day, "kept": kept}, *lines)


def _range(options: argparse.Namespace, moment: Moment, store: Store) -> Days:
    """Return the days asked for, by default those of the report page. Raises RefusedError."""
    latest = queries.latest_day(store, store.pregnancy_periods()[-1], store.local_day(moment))

    def meant(day: date) -> date:
        # Before the hour at which a day ends, the user's today is still yesterday's date.
        return min(day, latest) if day == moment.local.date() else day

    last = meant(options.last or latest)
    first = meant(options.first or last - timedelta(days=7 * options.weeks - 1))
    if last < first:
        raise RefusedError(say("report.range_wrong"))
    if last > latest:
        raise RefusedError(say("report.range_future"))
    return first, last


def _note_cut(first: date, given: date) -> None:
    """Print a note if the report begins later than asked for, with its pregnancy period."""
    if first > given:
        print(say("cli.cut", first=date_text(first)), file=sys.stderr)


def report_file(file: DatabaseFile, options: argparse.Namespace) -> None:
    """Write the one-page report as PDF."""
    # Imported here because typesetting takes a while to load, and no other command needs it.
    from holdwell.report import pdf, summary

    moment = now()
    paper = pdf.PaperSize[options.paper.upper()] if options.paper else None
    notes = None if options.notes else frozenset[str]()
    with _open_existing(file) as store:
        first, last = _range(options, moment, store)
        report = summary.read(store, first, last, store.local_day(moment), notes)
    _note_cut(report.first, first)
    paper = paper or pdf.default_paper_size(language().locale)
    sheet = pdf.typeset(report, options.name, paper, moment)
    _write(options, sheet.pdf(), file.path)


def fhir_file(file: DatabaseFile, options: argparse.Namespace) -> None:
    """Write the days that the report covers as a FHIR R4 bundle."""
    from holdwell.report import fhir

    moment = now()
    with _open_existing(file) as store:
        first, last = _range(options, moment, store)
        period = period_of(store.pregnancy_periods(), last)
        bundle = fhir.bundle(store, first, last, moment, period)
    _note_cut(max(first, period.bounds[0]), first)
    _write(options, fhir.text(bundle).encode(), file.path)
    print(say("cli.entries", count=len(bundle["entry"])), file=sys.stderr)
