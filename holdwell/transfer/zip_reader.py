"""Read the JSON out of an uploaded export, whatever the bytes are."""

import io
import json
import re
import reprlib
import zipfile
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NoReturn

JSON_NAME = "holdwell.json"

FILE_BYTES_MAX = 64 * 2**20
JSON_BYTES_MAX = 128 * 2**20
"""That of 268,000 sessions, which ten years of two a day are 7,300 of, and more than one file of
another tracker brings. Measured: 264,000 take 3 s and 610 MB of memory to read."""
BRACKETS_MAX = 1_000_000
"""The most opening brackets in holdwell.json. Each row has one; `[[],[],...` would take 25 times
its size in memory."""
COMMAS_MAX = 6_000_000
"""The most commas in holdwell.json, of which each value has one. JSON_BYTES_MAX of sessions, which
have the most, are 5.6 million."""
COMMAS_TOGETHER_MAX = 100_000
"""The most commas between two braces. A row has 20, and those in its notes."""
NAMES_MAX = 1_000
"""The most different names in holdwell.json. An export has 150; 5 million would take 1.5 GB."""
UNPACKED_BYTES_MAX = 256 * 2**20
ENTRIES_MAX = 64
RATIO_MAX = 200
RATIO_FREE_BYTES = 16 * 2**20
"""A zip that unpacks to more than RATIO_FREE_BYTES may be RATIO_MAX times its packed size."""

DETAIL_MAX = 200

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ENTRY = b"PK\x01\x02"
"""How each entry of a zip's directory begins; packed data has it by chance once in 4 GB."""


class ExportProblem(StrEnum):
    """What can be wrong with an export; each problem has its sentence in content/wording."""

    NOT_OURS = "not_ours"
    DAMAGED = "damaged"  # cut short, or bytes were changed
    NEWER = "newer"  # made by a newer version of Holdwell
    TOO_LARGE = "too_large"  # larger than any real export, packed or unpacked
    BAD_SHAPE = "bad_shape"  # a table or column is missing, unknown, or not what it should be
    BAD_VALUE = "bad_value"  # the database does not allow it
    DUPLICATE = "duplicate"  # two rows with one id, or two answers for one night
    DANGLING = "dangling"  # a row refers to another that is not in the file


class InvalidExportError(Exception):
    """A file cannot be imported, and nothing was written. `detail` says where in the file the fault
    is (table, row counted from 1, column), in at most DETAIL_MAX characters."""

    def __init__(self, problem: ExportProblem, detail: str) -> None:
        # A library's own message may quote the whole file.
        if len(detail) > DETAIL_MAX:
            detail = detail[: DETAIL_MAX - 1] + "…"
        super().__init__(f"{problem.value}: {detail}")
        self.problem = problem
        self.detail = detail


def fail(problem: ExportProblem, detail: str) -> NoReturn:
    """Raise InvalidExportError."""
    raise InvalidExportError(problem, detail)


_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = _repr.maxlong = 60


def shown(value: object) -> str:
    """Return a value as a detail shows it: short, and safe to print whatever is in it."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return _repr.repr(value)


def read_json(data: bytes) -> dict[str, Any]:
    """Return the content of holdwell.json, out of a zip or as it is. Raises InvalidExportError if
    there is none in the file, or none that can be read."""
    if len(data) > FILE_BYTES_MAX:
        fail(ExportProblem.TOO_LARGE, f"the file has {len(data)} bytes")
    if data.startswith(b"PK"):
        return _parse(_unzip(data))
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _parse(data)
    fail(ExportProblem.NOT_OURS, "the file is neither a zip nor JSON")


def _unzip(data: bytes) -> bytes:
    """Return holdwell.json out of a zip. Only that entry is ever unpacked."""
    # zipfile makes an object of each entry before it can be asked how many there are.
    if (number := data.count(_ENTRY)) > ENTRIES_MAX:
        fail(ExportProblem.TOO_LARGE, f"the zip has {number} entries")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entry = _json_entry(archive.infolist(), len(data))
            with archive.open(entry) as file:
                content = file.read(JSON_BYTES_MAX + 1)
    except InvalidExportError:
        raise
    except Exception as error:
        # On hostile bytes zipfile raises far more than BadZipFile (EOFError, struct.error,
        # zlib.error, NotImplementedError, ValueError, ...), and it documents no full list.
        fail(ExportProblem.DAMAGED, f"the zip cannot be unpacked: {error}")
    if len(content) > JSON_BYTES_MAX:
        fail(ExportProblem.TOO_LARGE, f"{JSON_NAME} has more than {JSON_BYTES_MAX} bytes")
    return content


def _json_entry(entries: list[zipfile.ZipInfo], packed: int) -> zipfile.ZipInfo:
    # The sizes in a zip's directory may lie, so this is only the first gate: zipfile never
    # returns more than the size that an entry claims, and the read above has a bound as well.
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(UNPACKED_BYTES_MAX, max(RATIO_FREE_BYTES, packed * RATIO_MAX)):
        fail(ExportProblem.TOO_LARGE, f"{packed} bytes unpack to {unpacked}")
    # Unpacking and packing again often puts a folder around it, and a Mac adds files of its own.
    ours = re.compile(rf"(?!__MACOSX)(.*/)?{re.escape(JSON_NAME)}", re.DOTALL)
    found = [entry for entry in entries if ours.fullmatch(entry.filename)]
    if not found:
        fail(ExportProblem.NOT_OURS, f"the zip has no {JSON_NAME}")
    if len(found) > 1:
        fail(ExportProblem.DAMAGED, f"the zip has more than one {JSON_NAME}")
    if found[0].flag_bits & _ENCRYPTED or found[0].compress_type not in _PACKINGS:
        fail(ExportProblem.DAMAGED, f"{JSON_NAME} is encrypted or packed in an unknown way")
    return found[0]


def _most_commas_together(data: bytes) -> int:
    stretches = re.finditer(rb"[^{}]+", data)
    return max((stretch[0].count(b",") for stretch in stretches), default=0)


def _parse(data: bytes) -> dict[str, Any]:
    gates: tuple[tuple[Callable[[bytes], int], int, str], ...] = (
        (lambda data: data.count(b"[") + data.count(b"{"), BRACKETS_MAX, "brackets"),
        (lambda data: data.count(b","), COMMAS_MAX, "commas"),
        # An object is parsed whole before its names are seen. Looked at last: it takes far longer.
        (_most_commas_together, COMMAS_TOGETHER_MAX, "commas in one object"),
    )
    for count, most, what in gates:
        if (number := count(data)) > most:
            fail(ExportProblem.TOO_LARGE, f"{JSON_NAME} has {number} {what}")
    known: set[str] = set()

    def unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            raise ValueError("a name occurs twice in one object")
        known.update(table)
        if len(known) > NAMES_MAX:
            fail(ExportProblem.TOO_LARGE, f"{JSON_NAME} has more than {NAMES_MAX} names")
        return table

    try:
        content = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=unique_names, parse_constant=no_constant
        )
    except (ValueError, RecursionError, MemoryError) as error:
        fail(ExportProblem.DAMAGED, f"{JSON_NAME} cannot be read: {shown(str(error))}")
    if not isinstance(content, dict):
        fail(ExportProblem.NOT_OURS, f"{JSON_NAME} is not an object")
    return content


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads although JSON has no such numbers. ValueError."""
    raise ValueError(f"{name} is not a number")
