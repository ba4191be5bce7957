"""Write what `--help` prints into docs/command-line.md: `python -m docs.write_help` (make docs)."""

import argparse
import os
import sys
from pathlib import Path
from unittest.mock import patch

from holdwell.cli.parser import parser

TARGET = Path(__file__).parent / "command-line.md"
MARK = "## Every command"


def help_texts() -> dict[str, str]:
    """Return the help of the program and of each command, 100 characters wide, by its words."""
    with patch.object(sys, "argv", ["holdwell"]), patch.dict(os.environ, {"COLUMNS": "100"}):
        top = parser()
        (commands,) = (a for a in top._actions if isinstance(a, argparse._SubParsersAction))
        parsers = {"holdwell": top} | {
            f"holdwell {name}": command for name, command in commands.choices.items()
        }
        return {words: command.format_help().rstrip() for words, command in parsers.items()}


def command_names() -> list[str]:
    """Return the names of all commands, such as check-content."""
    return [name for words in help_texts() for name in words.split()[1:]]


def page() -> str:
    """Return docs/command-line.md with the help texts of today's code."""
    head, mark, rest = TARGET.read_text(encoding="utf-8").partition(MARK)
    lead = rest.partition("\n```")[0].rstrip()
    blocks = [f"```\n$ {words} --help\n{text}\n```" for words, text in help_texts().items()]
    return head + mark + "\n\n".join([lead, *blocks]) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
