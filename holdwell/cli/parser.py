"""The command line: `holdwell --help` is its manual. Knows no Streamlit.

Exit codes: 0 fine, 1 refused or a fault found, 2 wrong usage, 130 stopped with Ctrl-C.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path

from holdwell.cli import access, commands, dashboard, doctor
from holdwell.cli.access import RefusedError
from holdwell.cli.localized import LocalizedParser
from holdwell.domain.models import COMFORT_MAX, COMFORT_MIN, PAIN_MAX, PAIN_MIN, CrampLeg, DayPart
from holdwell.guide.check import check
from holdwell.i18n.languages import choose, codes, content_folder, languages
from holdwell.i18n.messages import say, speaking
from holdwell.i18n.toml_reader import ContentError
from holdwell.store.errors import StoreError
from holdwell.store.people import default_folder
from holdwell.store.snapshot import CopyError
from holdwell.transfer.csv import formats, words
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.tracker import Role
from holdwell.transfer.zip_reader import InvalidExportError

Add = Callable[[str, Callable[..., int], str], argparse.ArgumentParser]
"""Adds a command: its name, what runs it, and an example of its options."""

WEEKS_MAX = 1040


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Every failure is one sentence on stderr.

    Without a command it opens the dashboard. `arguments` are those of the process where not given.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        known = languages(content_folder())
        with speaking(choose(known, _language_option(arguments), _system_language())):
            code = _run(arguments)
            # Here, so that a reader that has gone is noticed where it is handled.
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        # The reader has gone, as `| head` does. Nothing is left to say, not at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except ContentError as error:
        return _refuse(str(error))


def _language_option(arguments: Sequence[str]) -> str:
    """Return the language asked for: it is needed before the options can be read."""
    for number, argument in enumerate(arguments):
        if argument == "--language" and number + 1 < len(arguments):
            return arguments[number + 1]
        if argument.startswith("--language="):
            return argument.partition("=")[2]
    return ""


def _system_language() -> str:
    """Return the language of the environment, in the order that POSIX gives (XBD 8.2)."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "").partition(".")[0]


def _run(arguments: Sequence[str]) -> int:
    given = argparse.Namespace(data=None, person="", language=None, run=dashboard.run)
    options = parser().parse_args(arguments, given)
    try:
        if options.run in (dashboard.run, check_content):
            code: int = options.run(options)
        else:
            folder = (options.data or default_folder()).absolute()
            file = access.database_of(folder, options.person)
            access.unlock(file, ask=options.run is not doctor.run)
            code = options.run(file, options)
        return code
    except (BrokenPipeError, ContentError):
        raise
    except RefusedError as error:
        return _refuse(str(error))
    except StoreError as error:
        return _refuse(f"{say(f'errors.{error.problem.value}')} ({error.path})")
    except InvalidExportError as error:
        return _refuse(f"{say(f'record.import_{error.problem.value}')} {error.detail}".strip())
    except (CopyError, OSError) as error:
        return _refuse(say("cli.failed", why=str(error)))
    except Exception as error:
        # A fault of ours: the user never sees a traceback, here neither.
        return _refuse(say("cli.failed", why=f"{type(error).__name__}: {error}"))


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def check_content(options: argparse.Namespace) -> int:
    """Check a content folder, and print what is in it. Raises ContentError."""
    folder = options.folder or content_folder()
    said = check(folder)
    words.load(folder)
    formats.load(folder)
    commands.answer(options, {"folder": str(folder), "found": said}, said)
    return 0


# -- the options ----------------------------------------------------------------------------------


def _day(text: str) -> date:
    """Read a day as the forms take it, 1900 to 2200."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text) or not 1900 <= day.year <= 2200:
        raise argparse.ArgumentTypeError(say("cli.bad_day", text=text))
    return day


def _time(text: str) -> time:
    """Read a time of this computer's clock."""
    match = re.fullmatch(r"(\d\d?):(\d\d)", text)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise argparse.ArgumentTypeError(say("cli.bad_time", text=text))
    return time(int(match[1]), int(match[2]))


def _text(text: str) -> str:
    """Read words of the user. What came as other bytes than UTF-8 can be kept nowhere."""
    if text.encode("utf-8", "replace").decode() != text:
        raise argparse.ArgumentTypeError(say("cli.bad_text"))
    return text


def _column(text: str) -> tuple[str, Role]:
    """Read what a column is, from NAME=ROLE."""
    name, _, role = text.rpartition("=")
    if role not in [known.value for known in Role]:
        raise argparse.ArgumentTypeError(say("cli.bad_column", text=text))
    return name, Role(role)


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Return a function that reads a whole number between two bounds."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(
                say("cli.bad_number", text=text, least=least, most=most)
            )
        return int(text)

    return read


def parser() -> argparse.ArgumentParser:
    """Return the commands with their options; their help is the manual."""
    program = "holdwell" if Path(sys.argv[0]).stem == "holdwell" else "python -m holdwell"
    # Without defaults, so that what stands before the command is not overwritten by them.
    every = LocalizedParser(own_help=False, argument_default=argparse.SUPPRESS)
    every.add_argument("--data", type=Path, metavar="FOLDER", help=say("cli.data"))
    every.add_argument("--person", type=_text, metavar="NAME", help=say("cli.person"))
    every.add_argument("--language", choices=codes(content_folder()), help=say("cli.language"))
    top = LocalizedParser(
        prog=program, parents=[every], description=say("cli.about"), epilog=say("cli.codes")
    )
    subparsers = top.add_subparsers(metavar="COMMAND")

    def add(name: str, run: Callable[..., int], example: str) -> argparse.ArgumentParser:
        about = say(f"cli.{name.replace('-', '_')}")
        command = subparsers.add_parser(
            name,
            parents=[every],
            help=about,
            description=about,
            epilog=f"{say('cli.example')}: {program} {name} {example}".rstrip(),
        )
        command.set_defaults(run=run)
        if run is not dashboard.run:
            command.add_argument("--json", action="store_true", help=say("cli.json"))
        return command

    _add_open(add)
    _add_log(add)
    _add_cramp(add)
    _add_files(add)
    _add_backup(add)
    _add_reports(add)
    add("doctor", doctor.run, "")
    content = add("check-content", check_content, "content")
    content.add_argument(
        "folder", type=Path, nargs="?", metavar="FOLDER", help=say("cli.content_folder")
    )
    return top


def _add_open(add: Add) -> None:
    command = add("open", dashboard.run, "--port 8600")
    command.add_argument("--port", type=_whole(1, 65535), metavar="PORT", help=say("cli.port"))
    command.add_argument("--no-browser", action="store_true", help=say("cli.no_browser"))


def _add_log(add: Add) -> None:
    command = add(
        "log",
        commands.log,
        "--day 2026-11-24 --time 21:05 --before 4 --after 2 --hold side_reach:left:35",
    )
    command.add_argument("--day", type=_day, metavar="YYYY-MM-DD", help=say("cli.day"))
    command.add_argument("--time", type=_time, metavar="HH:MM", help=say("cli.time"))
    command.add_argument("--part", choices=[part.value for part in DayPart], help=say("cli.part"))
    pain = _whole(PAIN_MIN, PAIN_MAX)
    command.add_argument("--before", type=pain, metavar="0-10", help=say("form.pain_before"))
    command.add_argument("--after", type=pain, metavar="0-10", help=say("form.pain_after"))
    comfort = _whole(COMFORT_MIN, COMFORT_MAX)
    command.add_argument("--comfort", type=comfort, metavar="1-5", help=say("form.comfort"))
    hold = "STRETCH:SIDE:SECONDS"
    command.add_argument("--hold", action="append", default=[], metavar=hold, help=say("cli.hold"))
    command.add_argument("--note", type=_text, default="", help=say("form.note"))


def _add_cramp(add: Add) -> None:
    command = add("cramp", commands.cramp, "2026-11-24 left")
    night = say("cli.night")
    command.add_argument("night", type=_day, metavar="YYYY-MM-DD", help=night)
    command.add_argument("leg", choices=[leg.value for leg in CrampLeg], help=say("cli.leg"))


def _add_files(add: Add) -> None:
    command = add("export", commands.export, "holdwell.zip")
    command.add_argument("file", metavar="FILE", help=say("cli.file"))
    command = add("import", commands.import_file, "diary.csv --column Pain=pain --scale ten --yes")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--yes", action="store_true", help=say("cli.yes"))
    orders, scales = [order.value for order in DateOrder], [scale.value for scale in Scale]
    command.add_argument("--order", choices=orders, help=say("cli.order"))
    command.add_argument("--scale", choices=scales, help=say("trackers.scale"))
    roles = f"{say('cli.column')}: {', '.join(role.value for role in Role)}"
    for name, read, form, about in (
        ("--column", _column, "NAME=ROLE", roles),
        ("--pain", str, "NAME", say("trackers.names_pain")),
        ("--stretched", str, "NAME", say("trackers.names_done")),
    ):
        command.add_argument(name, type=read, action="append", default=[], metavar=form, help=about)
    command.add_argument("--take-scores", action="store_true", help=say("cli.take_scores"))


def _add_backup(add: Add) -> None:
    command = add("backup", commands.backup, "--restore 2026-11-24")
    either = command.add_mutually_exclusive_group()
    either.add_argument("--list", action="store_true", help=say("cli.list"))
    either.add_argument("--restore", type=_day, metavar="YYYY-MM-DD", help=say("cli.restore"))


def _add_reports(add: Add) -> None:
    report = add("report", commands.report_file, "--weeks 12 report.pdf")
    report.add_argument("--paper", choices=("a4", "letter"), help=say("report.paper"))
    report.add_argument("--name", type=_text, default="", help=say("report.name"))
    report.add_argument("--notes", action="store_true", help=say("cli.notes"))
    fhir = add("fhir", commands.fhir_file, "--weeks 4 bundle.json")
    for command in (report, fhir):
        command.add_argument("file", metavar="FILE", help=say("cli.file"))
        either = command.add_mutually_exclusive_group()
        weeks = _whole(1, WEEKS_MAX)
        either.add_argument("--weeks", type=weeks, default=12, metavar="N", help=say("cli.weeks"))
        either.add_argument("--from", dest="first", type=_day, metavar="YYYY-MM-DD")
        command.add_argument("--to", dest="last", type=_day, metavar="YYYY-MM-DD")
