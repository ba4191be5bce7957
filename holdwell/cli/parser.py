"""The command line, without Streamlit. `holdwell --help` is its manual.

Exit codes: 0 fine, 1 refused or a fault found, 2 wrong usage, 130 stopped with Ctrl-C.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, time
from functools import partial
from pathlib import Path

from holdwell.cli import access, commands, dashboard, doctor
from holdwell.cli.access import RefusedError
from holdwell.cli.localized import LocalizedParser
from holdwell.domain.models import COMFORT_MAX, COMFORT_MIN, PAIN_MAX, PAIN_MIN, CrampLeg, DayPart
from holdwell.i18n.languages import choose, codes, content_folder, languages
from holdwell.i18n.messages import say, speaking
from holdwell.i18n.toml_reader import ContentError
from holdwell.sessions.editing import InputError
from holdwell.store import files, table_info
from holdwell.store.errors import StoreError
from holdwell.store.people import default_folder
from holdwell.store.snapshot import CopyError
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.mapping import Role
from holdwell.transfer.zip_reader import InvalidExportError

Add = Callable[[str, Callable[..., int | None], str], argparse.ArgumentParser]
"""Adds a command: its name, what runs it, and an example of its options."""

WEEKS_MAX = 1040


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Every failure is one sentence on stderr.

    Without a command the dashboard opens. `arguments` are by default those of the process.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    _prepare_output()
    try:
        known = languages(content_folder())
        with speaking(choose(known, *_wanted_languages(arguments))):
            try:
                code = _run(arguments)
                # Flush here, so that a reader that has gone is noticed where that is handled.
                sys.stdout.flush()
                return code
            except BrokenPipeError:
                raise
            except Exception as error:
                print(refusal(error), file=sys.stderr)
    except BrokenPipeError:
        pass  # The reader has gone, as with `| head`.
    except KeyboardInterrupt:
        return 130
    except ContentError as error:
        print(error, file=sys.stderr)
    try:
        sys.stdout.flush()
    except OSError:
        # Otherwise Python would try at exit to write the rest again, and print that it failed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _prepare_output() -> None:
    """Make sure that any answer can be printed: to nowhere if stdout or stderr is closed, and with
    a letter's number if the terminal does not have the letter."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper) and not (
            # This writes file names that are not valid UTF-8 with their own bytes.
            stream.errors == "surrogateescape" and stream.encoding.lower() == "utf-8"
        ):
            stream.reconfigure(errors="backslashreplace")


def _wanted_languages(arguments: Sequence[str]) -> tuple[str, str]:
    """Return the language of --language and that of the environment (in the order of POSIX, XBD
    8.2). The first is read ahead, because the parser's own texts are in that language."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    early.add_argument("--language", nargs="?", default="", const="")
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    system = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return early.parse_known_args(arguments)[0].language, system.partition(".")[0]


def _run(arguments: Sequence[str]) -> int:
    # The options of `holdwell` without a command.
    given = argparse.Namespace(data=None, person="", run=dashboard.run, port=0, no_browser=False)
    commands_of = parser()
    options = commands_of.parse_args(arguments, given)
    if options.run in WITHOUT_PERSON:
        if options.person:
            commands_of.error("unrecognized arguments: --person")
        options.run(options)
        return 0
    file = access.database_of((options.data or default_folder()).absolute(), options.person)
    access.unlock(file, ask=options.run is not doctor.run)
    return options.run(file, options) or 0


def refusal(error: Exception) -> str:
    """Return what went wrong in one sentence, since the user never sees a traceback."""
    match error:
        case RefusedError() | InputError() | ContentError():
            return str(error)
        case StoreError():
            return f"{say(f'errors.{error.problem.value}')} ({error.path})"
        case InvalidExportError():
            return f"{say(f'record.import_{error.problem.value}')} {error.detail}".strip()
        case CopyError() | OSError():
            return say("cli.failed", why=error)
    return say("cli.failed", why=f"{type(error).__name__}: {error}")


def check_content(options: argparse.Namespace) -> None:
    """Check a content folder, and print what is in it. Raises ContentError."""
    folder = options.folder or content_folder()
    found = doctor.check_content(folder)
    commands.answer(options, {"folder": folder, "found": found}, found)


WITHOUT_PERSON = (dashboard.run, check_content)
"""The commands without a person: the dashboard asks on its page who the user is."""


def _day(text: str) -> date:
    """Read a day (YYYY-MM-DD) in the range that the forms allow, 1900 to 2200."""
    with suppress(ValueError):
        if re.fullmatch(table_info.DAY, text):
            return date.fromisoformat(text)
    raise argparse.ArgumentTypeError(say("cli.bad_day", text=text))


def _time(text: str) -> time:
    """Read a time of the day (HH:MM)."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(say("cli.bad_time", text=text))
    return time(int(match[1]), int(match[2]))


def _path(text: str) -> Path:
    """Read a path, with a ~ if the shell has left it. Raises OSError for an unknown user's home."""
    if not text.strip():
        raise argparse.ArgumentTypeError("expected one argument")
    path = Path(text)
    return path if path.exists() else files.expand_home(path)


def _text(text: str) -> str:
    """Read a text of the user. Bytes that are not valid UTF-8 cannot be stored and are refused."""
    if text.encode("utf-8", "replace").decode() != text:
        raise argparse.ArgumentTypeError(say("cli.bad_text"))
    return text


def _column(text: str) -> tuple[str, Role]:
    """Read the name and the role of a column from NAME=ROLE."""
    name, equals, role = text.rpartition("=")
    with suppress(ValueError):
        if equals:
            return name, Role(role)
    raise argparse.ArgumentTypeError(say("cli.bad_column", text=text))


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
            why = say("cli.bad_number", text=text, least=least, most=most)
            raise argparse.ArgumentTypeError(why)
        return int(text)

    return read


def parser() -> argparse.ArgumentParser:
    """Return the commands with their options; their help is the manual."""
    program = "holdwell" if Path(sys.argv[0]).stem == "holdwell" else "python -m holdwell"
    top = LocalizedParser(prog=program, description=say("cli.about"), epilog=say("cli.codes"))
    _add_shared(top)
    subparsers = top.add_subparsers(metavar="COMMAND", prog=program)

    def add(name: str, run: Callable[..., int | None], example: str) -> argparse.ArgumentParser:
        about = say(f"cli.{name.replace('-', '_')}")
        shown = f"{say('cli.example')}: {program} {name} {example}".rstrip()
        command = subparsers.add_parser(name, help=about, description=about, epilog=shown)
        command.set_defaults(run=run)
        _add_shared(command, with_person=run not in WITHOUT_PERSON)
        if run is not dashboard.run:
            command.add_argument("--json", action="store_true", help=say("cli.json"))
        return command

    _add_commands(add)
    return top


def _add_shared(command: argparse.ArgumentParser, *, with_person: bool = True) -> None:
    """Add the options allowed before and after a command, without defaults, so that both count."""
    add = partial(command.add_argument, default=argparse.SUPPRESS)
    add("--data", type=_path, metavar="FOLDER", help=say("cli.data"))
    if with_person:
        add("--person", type=_text, metavar="NAME", help=say("cli.person"))
    add("--language", choices=codes(content_folder()), help=say("cli.language"))
    add("-h", "--help", action="help", help=say("cli.usage_help"))


def _add_commands(add: Add) -> None:
    day, hold = "YYYY-MM-DD", "STRETCH:SIDE:SECONDS"
    command = add("open", dashboard.run, "--port 8600")
    command.add_argument("--port", type=_whole(1, 65535), metavar="PORT", help=say("cli.port"))
    command.add_argument("--no-browser", action="store_true", help=say("cli.no_browser"))

    example = "--day 2026-11-24 --time 21:05 --before 4 --after 2 --hold side_reach:left:35"
    command = add("log", commands.log, example)
    command.add_argument("--day", type=_day, metavar=day, help=say("cli.day"))
    command.add_argument("--time", type=_time, metavar="HH:MM", help=say("cli.time"))
    command.add_argument("--part", choices=[*map(str, DayPart)], help=say("cli.part"))
    pain, comfort = _whole(PAIN_MIN, PAIN_MAX), _whole(COMFORT_MIN, COMFORT_MAX)
    command.add_argument("--before", type=pain, metavar="0-10", help=say("form.pain_before"))
    command.add_argument("--after", type=pain, metavar="0-10", help=say("form.pain_after"))
    command.add_argument("--comfort", type=comfort, metavar="1-5", help=say("form.comfort"))
    command.add_argument("--hold", action="append", default=[], metavar=hold, help=say("cli.hold"))
    command.add_argument("--note", type=_text, default="", help=say("form.note"))

    command = add("cramp", commands.cramp, "2026-11-24 left")
    command.add_argument("night", type=_day, metavar=day, help=say("cli.night"))
    command.add_argument("leg", choices=[*map(str, CrampLeg)], help=say("cli.leg"))

    add("export", commands.export, "holdwell.zip").add_argument(
        "file", metavar="FILE", help=say("cli.file")
    )

    _add_import(add)

    either = add("backup", commands.backup, "--restore 2026-11-24").add_mutually_exclusive_group()
    either.add_argument("--list", action="store_true", help=say("cli.list"))
    either.add_argument("--restore", type=_day, metavar=day, help=say("cli.restore"))

    _add_reports(add)
    add("doctor", doctor.run, "")
    add("check-content", check_content, "content").add_argument(
        "folder", type=_path, nargs="?", metavar="FOLDER", help=say("cli.content_folder")
    )


def _add_import(add: Add) -> None:
    command = add("import", commands.import_file, "diary.csv --column Pain=pain --scale ten --yes")
    command.add_argument("file", type=_path, metavar="FILE")
    command.add_argument("--yes", action="store_true", help=say("cli.yes"))
    command.add_argument("--order", choices=[*map(str, DateOrder)], help=say("cli.order"))
    command.add_argument("--scale", choices=[*map(str, Scale)], help=say("trackers.scale"))
    roles = f"{say('cli.column')}: {', '.join(Role)}"
    for name, read, form, about in (
        ("--column", _column, "NAME=ROLE", roles),
        ("--pain", str, "NAME", say("trackers.names_pain")),
        ("--stretched", str, "NAME", say("trackers.names_done")),
    ):
        command.add_argument(name, type=read, action="append", default=[], metavar=form, help=about)
    command.add_argument("--take-scores", action="store_true", help=say("cli.take_scores"))


def _add_reports(add: Add) -> None:
    day = "YYYY-MM-DD"
    report = add("report", commands.report_file, "--weeks 12 report.pdf")
    report.add_argument("--paper", choices=("a4", "letter"), help=say("report.paper"))
    report.add_argument("--name", type=_text, default="", help=say("report.name"))
    report.add_argument("--notes", action="store_true", help=say("cli.notes"))
    for command in (report, add("fhir", commands.fhir_file, "--weeks 4 bundle.json")):
        command.add_argument("file", metavar="FILE", help=say("cli.file"))
        either = command.add_mutually_exclusive_group()
        weeks = _whole(1, WEEKS_MAX)
        either.add_argument("--weeks", type=weeks, default=12, metavar="N", help=say("cli.weeks"))
        either.add_argument("--from", dest="first", type=_day, metavar=day)
        command.add_argument("--to", dest="last", type=_day, metavar=day)
