"""The command line: `python -m holdwell --help` is its manual. Knows no Streamlit.

Exit codes: 0 fine, 1 refused or a fault found, 2 wrong usage, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

from holdwell.cli import access, commands, doctor
from holdwell.cli.access import RefusedError
from holdwell.domain.models import COMFORT_MAX, COMFORT_MIN, PAIN_MAX, PAIN_MIN, CrampLeg, DayPart
from holdwell.i18n.messages import choose, say, speaking
from holdwell.i18n.toml_reader import ContentError, codes, content_folder, languages
from holdwell.store.database import StoreError
from holdwell.store.repository import default_folder
from holdwell.store.snapshot import CopyError
from holdwell.transfer.zip_reader import InvalidExportError


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Every failure is one sentence on stderr."""
    try:
        spoken = choose(languages(content_folder()), _asked(arguments), os.environ.get("LANG"))
        with speaking(spoken):
            code = _run(arguments)
            # Here, so that a reader that has gone is noticed where it is handled.
            sys.stdout.flush()
            return code
    except BrokenPipeError:
        # Whoever read has gone, as `| head` does; nothing is left to say, not at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except ContentError as error:
        return _refuse(str(error))


def _asked(arguments: Sequence[str]) -> str:
    """The language asked for: it is needed before the options can be read."""
    for number, argument in enumerate(arguments):
        if argument == "--language" and number + 1 < len(arguments):
            return arguments[number + 1]
        if argument.startswith("--language="):
            return argument.partition("=")[2]
    return ""


def _run(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
    try:
        path = access.record((options.data or default_folder()).absolute(), options.person)
        access.unlock(path, ask=options.run is not doctor.run)
        code: int = options.run(path, options)
        return code
    except BrokenPipeError:
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
        # A fault of ours: no traceback ever reaches her, here neither.
        return _refuse(say("cli.failed", why=f"{type(error).__name__}: {error}"))


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def a_day(given: str) -> date:
    """Read a day as the forms take it, 1900 to 2200. ValueError otherwise."""
    found = date.fromisoformat(given)
    if not 1900 <= found.year <= 2200:
        raise ValueError(given)
    return found


def a_time(given: str) -> time:
    """Read a time of this computer's clock. ValueError for one with an offset of its own."""
    found = time.fromisoformat(given)
    if found.tzinfo is not None:
        raise ValueError(given)
    return found


def parser() -> argparse.ArgumentParser:
    """The commands with their options; their help is the manual."""
    top = argparse.ArgumentParser(
        prog="python -m holdwell",
        allow_abbrev=False,
        description=say("cli.about"),
        epilog=say("cli.codes"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--data", type=Path, metavar="FOLDER", help=say("cli.data"))
    every.add_argument("--person", default="", metavar="NAME", help=say("cli.person"))
    every.add_argument("--language", choices=codes(content_folder()), help=say("cli.language"))
    found = top.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: object, about: str, example: str) -> argparse.ArgumentParser:
        made = found.add_parser(
            name,
            parents=[every],
            allow_abbrev=False,
            help=about,
            description=about,
            epilog=f"{say('cli.example')}: python -m holdwell {example}",
        )
        made.set_defaults(run=run)
        return made

    log = add(
        "log",
        commands.log,
        say("cli.log"),
        "log --day 2026-11-24 --time 21:05 --before 4 --after 2 --hold side_reach:left:35",
    )
    log.add_argument("--day", type=a_day, metavar="YYYY-MM-DD", help=say("cli.day"))
    log.add_argument("--time", type=a_time, metavar="HH:MM", help=say("cli.time"))
    log.add_argument("--part", type=DayPart, choices=list(DayPart), help=say("form.part"))
    pain = range(PAIN_MIN, PAIN_MAX + 1)
    log.add_argument(
        "--before", type=int, choices=pain, metavar="0-10", help=say("form.pain_before")
    )
    log.add_argument("--after", type=int, choices=pain, metavar="0-10", help=say("form.pain_after"))
    felt = range(COMFORT_MIN, COMFORT_MAX + 1)
    log.add_argument("--comfort", type=int, choices=felt, metavar="1-5", help=say("form.comfort"))
    log.add_argument(
        "--hold",
        action="append",
        default=[],
        metavar="STRETCH:SIDE:SECONDS",
        help=say("cli.hold"),
    )
    log.add_argument("--note", default="", help=say("form.note"))

    cramp = add("cramp", commands.cramp, say("cli.cramp"), "cramp 2026-11-24 left")
    cramp.add_argument("night", type=a_day, metavar="YYYY-MM-DD")
    cramp.add_argument("leg", type=CrampLeg, choices=list(CrampLeg))

    add("export", commands.export, say("cli.export"), "export holdwell.zip").add_argument(
        "file", metavar="FILE", help=say("cli.file")
    )
    bring = add("import", commands.bring_in, say("cli.import"), "import holdwell.zip --yes")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--yes", action="store_true", help=say("cli.yes"))

    back = add("backup", commands.backups, say("cli.backup"), "backup --restore 2026-11-24")
    how = back.add_mutually_exclusive_group()
    how.add_argument("--list", action="store_true", help=say("cli.list"))
    how.add_argument("--restore", type=a_day, metavar="YYYY-MM-DD", help=say("cli.restore"))

    for name, run, example in (
        ("report", commands.report_file, "report --weeks 12 report.pdf"),
        ("fhir", commands.fhir_file, "fhir --weeks 4 bundle.json"),
    ):
        made = add(name, run, say(f"cli.{name}"), example)
        made.add_argument("file", metavar="FILE", help=say("cli.file"))
        made.add_argument(
            "--weeks",
            type=int,
            choices=range(1, 1041),
            default=12,
            metavar="N",
            help=say("cli.weeks"),
        )
        made.add_argument("--from", dest="first", type=a_day, metavar="YYYY-MM-DD")
        made.add_argument("--to", dest="last", type=a_day, metavar="YYYY-MM-DD")
        if name == "report":
            made.add_argument("--paper", choices=("a4", "letter"), help=say("report.paper"))
            made.add_argument("--name", default="", help=say("report.name"))
            made.add_argument("--notes", action="store_true", help=say("cli.notes"))

    add("doctor", doctor.run, say("cli.doctor"), "doctor")
    return top
