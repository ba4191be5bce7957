"""Cells with several values and their names, such as "Back pain: 6 | Sleep: 8" of Daylio."""

import re
from collections.abc import Iterable

from holdwell.transfer.csv.words import folded

_NAMED = re.compile(r"(.*\S)\s*:\s*(\S.*)")
Cells = tuple[str, ...]


def in_columns(header: Cells, rows: Iterable[Cells], most: int) -> tuple[Cells, list[Cells]] | None:
    """Return a header and rows with a column more for each name in a column called scales, if any.

    A cell that cannot be read so stays as it is, as do all if there would be over `most` columns:
    then they have texts with colons.
    """
    at = next((n for n, name in enumerate(header) if folded(name) == "scales"), None)
    if at is None:
        return None
    rows = list(rows)
    values = [_values("".join(cells[at : at + 1])) for cells in rows]
    names = tuple(dict.fromkeys(name for row in values for name in row))
    width = len(header)
    if width + len(names) > most:
        return None
    spread: list[Cells] = []
    for cells, row in zip(rows, values, strict=True):
        filled = [*cells[:width], *[""] * (width - len(cells))]
        filled[at] = "" if row else filled[at]
        spread.append((*filled, *(row.get(name, "") for name in names), *cells[width:]))
    return header + names, spread


def _values(cell: str) -> dict[str, str]:
    """Return the values in a cell by name; none if a part has no value or no name of its own."""
    named = [_NAMED.fullmatch(part.strip()) for part in cell.split("|")]
    values = {match[1]: match[2] for match in named if match}
    return values if len(values) == len(named) else {}
