"""argparse with its own texts (usage, errors) in the language of the run."""

import argparse
import re
import sys
from typing import Any, NoReturn

from holdwell.i18n.messages import say

MESSAGES = (
    ("argument", r"argument (?P<name>.+?): (?P<why>.+)"),
    ("required", r"the following arguments are required: (?P<names>.+)"),
    ("unrecognized", r"unrecognized arguments: (?P<names>.+)"),
    ("expected_one", r"expected one argument"),
    ("choice", r"invalid choice: (?P<value>.+?),? \(.*?choose from (?P<known>.+)\)"),
    ("not_with", r"not allowed with argument (?P<name>.+)"),
    ("ignored", r"ignored explicit argument (?P<value>.+)"),
)
"""The errors of argparse that users can see, each with its key in [cli] after "usage_"."""


def translated(message: str) -> str:
    """Return an error message of argparse in the language of the run; keep an unknown one."""
    for key, pattern in MESSAGES:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            words = match.groupdict()
            if "why" in words:
                words["why"] = translated(words["why"])
            return say(f"cli.usage_{key}", **words)
    return message


class LocalizedFormatter(argparse.HelpFormatter):
    """Help that begins with the word for usage in the language of the run."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add the usage."""
        super().add_usage(usage, actions, groups, prefix or f"{say('cli.usage')}: ")


class LocalizedParser(argparse.ArgumentParser):
    """A parser with help and errors in the language of the run. The caller adds --help."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            add_help=False, allow_abbrev=False, formatter_class=LocalizedFormatter, **settings
        )
        self._positionals.title = say("cli.usage_positionals")
        self._optionals.title = say("cli.usage_options")

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and end with exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {say('cli.usage_error')}: {translated(message)}\n")
