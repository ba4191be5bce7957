"""Reading the JSON of an uploaded export safely, whatever the bytes are."""

import io
import json
import re
import reprlib
import zipfile
from enum import StrEnum
from typing import Any, NoReturn

JSON_NAME = "holdwell.json"

FILE_BYTES_MAX = 64 * 2**20
JSON_BYTES_MAX = 128 * 2**20
"""Enough for 268,000 sessions; ten years of two a day are 7,300, and no file of another tracker
holds as many. Measured: reading 264,000 takes 3 s and 610 MB of memory."""
BRACKETS_MAX = 1_000_000
"""The limit of opening brackets in holdwell.json. Each row has one; `[[],[],...` would take 25
times its size in memory."""
COMMAS_MAX = 6_000_000
"""The limit of commas in holdwell.json. Each value has one; JSON_BYTES_MAX of sessions, which have
the most, has 5.6 million."""
COMMAS_TOGETHER_MAX = 100_000
"""The limit of commas between two braces. A row has 20, and more inside its notes."""
NAMES_MAX = 1_000
"""The limit of different names in holdwell.json. An export has 150; 5 million take 1.5 GB."""
UNPACKED_BYTES_MAX = 256 * 2**20
ENTRIES_MAX = 64
RATIO_MAX = 200
RATIO_FREE_BYTES = 16 * 2**20
"""A zip may unpack to RATIO_FREE_BYTES, or to RATIO_MAX times its packed size if that is more."""

DETAIL_MAX = 200

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_ENTRY = b"PK\x01\x02"
"""The beginning of an entry in a zip's directory. By chance, packed data has it once in 4 GB."""


class ExportProblem(StrEnum):
    """What can be wrong with an export; each problem has a sentence in content/wording."""

    NOT_OURS = "not_ours"
    DAMAGED = "damaged"  # cut short, or bytes were changed
    NEWER = "newer"  # made by a newer version of Holdwell
    TOO_LARGE = "too_large"  # larger than any real export, packed or unpacked
    BAD_SHAPE = "bad_shape"  # a table or column is missing, unknown, or not what it should be
    BAD_VALUE = "bad_value"  # the database does not allow it
    DUPLICATE = "duplicate"  # two rows with one id, or two answers for one night
    DANGLING = "dangling"  # a row refers to another that is not in the file


class InvalidExportError(Exception):
    """A file cannot be imported, and nothing was written. `detail` says where in the file the error
    is (table, row counted from 1, column), in at most DETAIL_MAX characters."""

    def __init__(self, problem: ExportProblem, detail: str) -> None:
        # The message of a library may quote the whole file.
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
    """Return a value as shown in a `detail`: short, and safe to print whatever it is."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return _repr.repr(value)


def read_json(data: bytes) -> dict[str, Any]:
    """Return the content of holdwell.json, zipped or not. Raises InvalidExportError if the file has
    none that can be read."""
    if len(data) > FILE_BYTES_MAX:
        fail(ExportProblem.TOO_LARGE, f"the file has {len(data)} bytes")
    if data.startswith(b"PK"):
        return _parse(_unzip(data))
    # RTF begins with a brace as well.
    if re.match(rb"(?:\xef\xbb\xbf)?\s*+\{(?!\\)", data):
        return _parse(data)
    fail(ExportProblem.NOT_OURS, "the file is neither a zip nor JSON")


def _unzip(data: bytes) -> bytes:
    """Return holdwell.json from a zip. No other entry is ever unpacked."""
    # zipfile makes an object for each entry before it can be asked how many there are.
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
        # Hostile bytes make zipfile raise far more than BadZipFile (EOFError, struct.error,
        # zlib.error, NotImplementedError, ValueError, ...), and no full list is documented.
        fail(ExportProblem.DAMAGED, f"the zip cannot be unpacked: {error}")
    if len(content) > JSON_BYTES_MAX:
        fail(ExportProblem.TOO_LARGE, f"{JSON_NAME} has more than {JSON_BYTES_MAX} bytes")
    return content


def _json_entry(entries: list[zipfile.ZipInfo], packed: int) -> zipfile.ZipInfo:
    # The sizes in a zip's directory may be false, so this is only the first check: zipfile never
    # returns more than the size that an entry claims, and `_unzip` reads a limited number of bytes.
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(UNPACKED_BYTES_MAX, max(RATIO_FREE_BYTES, packed * RATIO_MAX)):
        fail(ExportProblem.TOO_LARGE, f"{packed} bytes unpack to {unpacked}")
    # Packing it again often adds a folder around it, and a Mac adds files of its own.
    ours = re.compile(rf"(?!__MACOSX)(.*/)?{re.escape(JSON_NAME)}", re.DOTALL)
    named = [entry for entry in entries if ours.fullmatch(entry.filename)]
    if not named:
        fail(ExportProblem.NOT_OURS, f"the zip has no {JSON_NAME}")
    if len(named) > 1:
        fail(ExportProblem.DAMAGED, f"the zip has more than one {JSON_NAME}")
    if named[0].flag_bits & _ENCRYPTED or named[0].compress_type not in _PACKINGS:
        fail(ExportProblem.DAMAGED, f"{JSON_NAME} is encrypted or packed in an unknown way")
    return named[0]


def _refuse_more(most: int, what: str, count: int) -> None:
    if count > most:
        fail(ExportProblem.TOO_LARGE, f"{JSON_NAME} has {count} {what}")


def _parse(data: bytes) -> dict[str, Any]:
    _refuse_more(BRACKETS_MAX, "brackets", data.count(b"[") + data.count(b"{"))
    _refuse_more(COMMAS_MAX, "commas", data.count(b","))
    # A whole object is parsed before its names are seen. Checked last: it takes far longer.
    between_braces = (part[0].count(b",") for part in re.finditer(rb"[^{}]+", data))
    _refuse_more(COMMAS_TOGETHER_MAX, "commas in one object", max(between_braces, default=0))
    names: set[str] = set()

    def unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            raise ValueError("a name occurs twice in one object")
        names.update(table)
        if len(names) > NAMES_MAX:
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
    """Raise ValueError for NaN and Infinity, which Python reads although they are not JSON."""
    raise ValueError(f"{name} is not a number")
