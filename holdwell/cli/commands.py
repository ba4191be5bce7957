"""What each command does. What a page would refuse is refused with the same sentence."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from holdwell.backup import daily
from holdwell.cli import table_import
from holdwell.cli.access import RefusedError
from holdwell.domain import dates
from holdwell.domain.models import DAY_ENDS_AT_DEFAULT, CrampLeg, DayPart, Moment, Side
from holdwell.domain.pregnancies import period_of
from holdwell.guide import guide
from holdwell.i18n.formats import date_text, day_text
from holdwell.i18n.messages import counted, language, say
from holdwell.sessions.editing import FilledForm, GivenTime, HoldField, blank_session
from holdwell.sessions.plan import LONGEST_HOLD_S
from holdwell.sessions.validation import when_problem
from holdwell.store import database, files, people
from holdwell.store.repository import Store, opened
from holdwell.store.sqlcipher import DatabaseFile
from holdwell.transfer import exporting, importing, validation
from holdwell.transfer.csv import reader, saving
from holdwell.transfer.zip_reader import ExportProblem, InvalidExportError


def now() -> Moment:
    """Return the present moment by this computer's clock and zone."""
    return Moment.of(datetime.now(UTC).astimezone())


def answer(options: argparse.Namespace, data: object, *lines: str) -> None:
    """Print the lines of an answer, or with --json its data alone, as one JSON text."""
    if options.json:
        lines = (json.dumps(data),)
    for line in lines:
        print(line)


def log(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Log one session and print its id."""
    here = now()
    holds = [_hold(text) for text in options.hold]
    ends_at = DAY_ENDS_AT_DEFAULT
    if file.path.exists():
        # A command that is refused makes no database.
        with opened(file) as store:
            ends_at = store.profile().day_ends_at
    when = _when(options.day, options.time, here, ends_at)
    by_time = dates.part_of_day(when.moment.local, ends_at) if when.time_known else DayPart.OTHER
    form = FilledForm(
        when=when,
        part=DayPart(options.part) if options.part else by_time,
        pain_before=options.before,
        pain_after=options.after,
        comfort=options.comfort,
        note=options.note.strip(),
        fields=[field for field, _ in holds],
        held_s=[seconds for _, seconds in holds],
    )
    problem = form.problem(here)
    if problem:
        raise RefusedError(problem)
    session = form.session(blank_session(here))
    with opened(file) as store:
        store.save_session(session, here)
    started = session.started.local.isoformat() if session.time_known else None
    said = {"id": session.id, "started": started, "day": f"{session.local_day}"}
    answer(options, said, session.id)
    return 0


def _when(day: date | None, at: time | None, here: Moment, ends_at: int) -> GivenTime:
    """Return when the session began: now, or on another day or at another time if given.

    A day without a time is the local day, which ends at the hour `ends_at`; its time is not known.
    """
    started = here
    if at is not None:
        # The offset of that day, not of today: summer time may lie between.
        started = dates.moment_at(datetime.combine(day or here.local.date(), at))
    elif day is not None:
        noon = dates.moment_at(datetime.combine(day, dates.NIGHT_TURNS_AT))
        is_today = day == dates.local_day(here.local, ends_at)
        return GivenTime(here if is_today and noon.utc > here.utc else noon, day, False)
    # Now is now, also in the hour that an autumn night has twice.
    return GivenTime(started, dates.local_day(started.local, ends_at))


def _hold(text: str) -> tuple[HoldField, float]:
    """Read a hold from STRETCH:SIDE:SECONDS. Raises RefusedError."""
    stretch, _, rest = text.partition(":")
    side, _, seconds = rest.partition(":")
    known = [one.id for one in guide().stretches]
    try:
        if stretch not in known:
            raise ValueError(stretch)
        field = HoldField(stretch, text, Side(side))
        held_s = float(seconds)
    except ValueError as error:
        raise RefusedError(say("cli.bad_hold", text=text, known=", ".join(known))) from error
    # Not a number fails both.
    if not 0 < held_s <= LONGEST_HOLD_S:
        raise RefusedError(say("cli.hold_range", text=text))
    return field, held_s


def cramp(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Set the answer for one night."""
    here = now()
    leg = CrampLeg(options.leg)
    evening = dates.moment_at(datetime.combine(options.night, time()))
    problem = when_problem(evening, here)
    if problem:
        raise RefusedError(problem)
    with opened(file) as store:
        if leg is CrampLeg.NONE:
            store.save_cramp(options.night, leg, here)
        else:
            # As on the Today page, left and then right in one night make both.
            store.add_cramp(options.night, leg, here)
        saved = store.cramp(options.night)
    answer(options, {"night": f"{options.night}", "leg": saved.leg.value if saved else None})
    return 0


def export(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Write everything to one ZIP file, or to stdout for "-"."""
    with _existing(file) as store:
        _write(options, exporting.export(store, now()), file.path)
    return 0


@contextmanager
def _existing(file: DatabaseFile) -> Iterator[Store]:
    """Open an existing database. RefusedError if the folder has none: it may be mistyped."""
    if not file.path.exists() and not database.is_lost(file.path):
        raise RefusedError(say("cli.no_record", path=str(file.path)))
    with opened(file) as store:
        yield store


def _write(options: argparse.Namespace, data: bytes, database: Path) -> None:
    """Write to a private file (mode 0600), whole or not at all, or to stdout for "-".

    Raises RefusedError for the database of any person, the files beside it, and its backups.
    """
    if options.file == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = Path(options.file).expanduser()
    whole = target.resolve()
    for person in people.people(people.root_of(database)):
        beside = whole.parent == person.folder.resolve() and (
            whole.exists() or whole.name.startswith(database.name)
        )
        if beside or daily.folder_of(person.database).resolve() in whole.parents:
            raise RefusedError(say("cli.is_record", path=str(target)))
    files.write_private(target, data)
    answer(options, {"written": str(target)}, say("cli.written", file=str(target)))


def import_file(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Say what an import would add; with --yes, keep a copy of the database and import."""
    content = options.file.read_bytes()
    try:
        data = validation.read(content)
    except InvalidExportError as error:
        named_table = options.file.suffix.lower() not in (".zip", ".json")
        if error.problem is ExportProblem.NOT_OURS and (named_table or reader.is_foreign(content)):
            return _import_table(file, content, options)
        raise
    with opened(file) as store:
        preview = importing.preview(store, data)
        found = {
            name: {"new": table.new, "there": table.already_there}
            for name, table in preview.tables.items()
        }
        lines = [f"{name}: +{counts['new']} ({counts['there']})" for name, counts in found.items()]

        def bring_in() -> int:
            return importing.insert(store, data, now()).new

        nothing = say("record.import_nothing")
        return _bring_in(file, options, (found, lines), bring_in if preview.new else None, nothing)


def _import_table(file: DatabaseFile, content: bytes, options: argparse.Namespace) -> int:
    """Do the same with another tracker's table."""
    table = table_import.read(content)
    with opened(file) as store:
        mapping, drafted, found = table_import.compared(store, table, options, now())
        preview = table_import.preview(table, mapping, drafted, found)

        def bring_in() -> int:
            count = saving.save(store, found, now(), replace_scores=options.take_scores)
            saving.remember(store, table, mapping)
            return count

        is_new = found.new or found.noted or (found.differing and options.take_scores)
        # Rows that are refused are not in the database already.
        nothing = say("trackers.coming_none")
        return _bring_in(file, options, preview, bring_in if is_new else None, nothing)


def _bring_in(
    file: DatabaseFile,
    options: argparse.Namespace,
    preview: table_import.Preview,
    bring_in: Callable[[], int] | None,
    nothing: str,
) -> int:
    """Say what would come in; with --yes, keep a copy of the database and bring it in.

    `bring_in` is None where nothing is new, which `nothing` says.
    """
    found, lines = preview
    if bring_in is None or not options.yes:
        last = nothing if bring_in is None else say("cli.not_yet")
        answer(options, {"found": found, "imported": None}, *lines, last)
        return 0
    kept = daily.save_copy(file, now(), daily.Before.IMPORT)
    count = bring_in()
    said = {"found": found, "imported": count, "kept": str(kept)}
    done = say("record.imported", new=counted("entries", count))
    answer(options, said, *lines, done, say("cli.kept", file=str(kept)))
    return 0


def backup(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Make today's backup, list the backups, or restore one."""
    here = now()
    if options.list:
        good = daily.good_backups(file)
        untils = [day_text(one.until) if one.until else "–" for one in good]
        lines = [
            f"{one.day}  {counted('sessions', one.sessions)}  {until}"
            for one, until in zip(good, untils, strict=True)
        ]
        said = [
            {
                "day": f"{one.day}",
                "sessions": one.sessions,
                "until": f"{one.until}" if one.until else None,
                "path": str(one.path),
            }
            for one in good
        ]
        answer(options, said, *lines)
        return 0
    if options.restore is not None:
        chosen = next((b for b in daily.good_backups(file) if b.day == options.restore), None)
        if chosen is None:
            raise RefusedError(say("cli.no_backup", day=options.restore.isoformat()))
        kept = daily.restore(file, chosen.path, here)
        lines = [say("record.restored", day=day_text(chosen.day))]
        if kept is not None:
            lines.append(say("cli.kept", file=str(kept)))
        answer(options, {"restored": f"{chosen.day}", "kept": kept and str(kept)}, *lines)
        return 0
    with _existing(file):
        pass  # Opening migrates it before it is copied.
    made = daily.make_daily(file, here.local.date())
    line = say("cli.written", file=str(made)) if made else say("cli.backup_there")
    answer(options, {"written": made and str(made)}, line)
    return 0


def _range(options: argparse.Namespace, here: Moment, today: date) -> tuple[date, date]:
    """Return the first and last local day asked for, up to `today`. Raises RefusedError."""
    last = options.last or today
    if last == here.local.date():
        # After midnight the local day that is meant by today's date has not begun.
        last = today
    first = options.first or last - timedelta(days=7 * options.weeks - 1)
    if last < first:
        raise RefusedError(say("report.range_wrong"))
    if last > today:
        raise RefusedError(say("report.range_future"))
    return first, last


def _say_cut(first: date, given: date) -> None:
    """Say so where the days asked for are cut to one pregnancy period."""
    if first > given:
        print(say("cli.cut", first=date_text(first)), file=sys.stderr)


def report_file(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Write the one-page report as PDF."""
    # Typesetting takes a while to load, and no other command needs it.
    from holdwell.report import pdf, summary

    here = now()
    paper = pdf.PaperSize[options.paper.upper()] if options.paper else None
    notes = None if options.notes else frozenset[str]()
    with _existing(file) as store:
        today = store.local_day(here)
        first, last = _range(options, here, today)
        report = summary.read(store, first, last, today, notes)
    _say_cut(report.first, first)
    name = options.name[: pdf.NAME_MAX]
    sheet = pdf.typeset(report, name, paper or pdf.default_paper_size(language().locale), here)
    _write(options, sheet.pdf(), file.path)
    return 0


def fhir_file(file: DatabaseFile, options: argparse.Namespace) -> int:
    """Write the same days as a FHIR R4 bundle."""
    from holdwell.report import fhir

    here = now()
    with _existing(file) as store:
        first, last = _range(options, here, store.local_day(here))
        period = period_of(store.pregnancy_periods(), last)
        bundle = fhir.bundle(store, first, last, here, period)
    _say_cut(max(first, period.bounds[0]), first)
    _write(options, fhir.text(bundle).encode(), file.path)
    print(say("cli.entries", count=len(bundle["entry"])), file=sys.stderr)
    return 0
