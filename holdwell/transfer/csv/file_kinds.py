"""Recognize files that hold no table as text, so that the user is told what to do with each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class TableProblem(StrEnum):
    """What can be wrong with a file. The sentence for each problem is in content/wording."""

    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NOT_TEXT = "not_text"
    SPREADSHEET = "spreadsheet"  # XLSX, ODS, XLS, Numbers, or a web page saved as one
    JSON = "json"  # such as exports of Clue and Flo
    XML = "xml"  # such as exports of Apple Health
    ZIP = "zip"  # damaged, or not with exactly one table
    EMPTY = "empty"  # no rows, or only a header
    QUOTES = "quotes"  # a quotation mark is not closed


@dataclass(eq=False)
class TableError(Exception):
    """A file cannot be read as a table.

    `number` is the row where reading stopped, or the most that can be read, for some problems.
    """

    problem: TableProblem
    number: int | None = None


def is_foreign(data: bytes) -> bool:
    """Return whether a ZIP or JSON file not from Holdwell may be from another tracker."""
    if data.startswith(b"PK"):
        return any(ending in data for ending in (b".csv", b".xml", b".json"))
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def problem_of_text(text: str) -> TableProblem | None:
    """Return what is wrong with a text in a language of documents; None if it may be a table."""
    begin = text.lstrip()[:500].lower()
    kinds = {
        r"(?s)(?=<).*(?:<!doctype html|<html|<table|excel\.sheet)": TableProblem.SPREADSHEET,
        "<": TableProblem.XML,
        r"%pdf-|\{\\rtf|begin:v": TableProblem.NOT_TEXT,
        r"[{\[]": TableProblem.JSON,
    }
    return next((problem for form, problem in kinds.items() if re.match(form, begin)), None)


def problem_of_zip(names: Iterable[str]) -> TableProblem | None:
    """Return what is wrong with a ZIP with files of these names; None if it may have a table."""
    kinds = {
        r"(xl/workbook\.xml|content\.xml|Index/Document\.iwa)$": TableProblem.SPREADSHEET,
        r"\[Content_Types\]\.xml$": TableProblem.NOT_TEXT,  # a document or a presentation
        r"(?i).*\.csv$": None,
        r"(?i).*\.xml$": TableProblem.XML,
        r"(?i).*\.json$": TableProblem.JSON,
    }
    files = list(names)
    fitting = (form for form in kinds if any(re.match(form, file) for file in files))
    return kinds.get(next(fitting, ""))
