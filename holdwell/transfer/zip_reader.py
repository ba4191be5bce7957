"""Getting the JSON out of a file that somebody gave us, whatever the file is."""

from __future__ import annotations

import io
import json
import reprlib
import zipfile
from enum import StrEnum
from typing import Any, NoReturn

JSON_NAME = "holdwell.json"

FILE_BYTES_MAX = 64 * 2**20
JSON_BYTES_MAX = 64 * 2**20
"""Ten years of two sessions a day are less than half of this."""
BRACKETS_MAX = 1_000_000
"""Opening brackets in holdwell.json; every row has one. `[[],[],...` would take 25 times its size
in memory."""
UNPACKED_BYTES_MAX = 256 * 2**20
ENTRIES_MAX = 64
RATIO_MAX = 200
RATIO_FREE_BYTES = 16 * 2**20
"""How many times its packed size a zip may unpack to, once it unpacks to more than the latter."""

DETAIL_MAX = 200

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


class ExchangeProblem(StrEnum):
    """The kinds of trouble with a file; each has its sentence in content/wording."""

    NOT_OURS = "not_ours"
    """Something else than an export of Holdwell."""
    DAMAGED = "damaged"
    """An export that is cut short, or whose bytes are no longer what they were."""
    NEWER = "newer"
    """From a version of Holdwell newer than this one."""
    TOO_LARGE = "too_large"
    """Larger than any real export, packed or unpacked."""
    BAD_SHAPE = "bad_shape"
    """A table or column is missing, unknown, or not what it should be."""
    BAD_VALUE = "bad_value"
    """A value that the record does not allow."""
    DUPLICATE = "duplicate"
    """Two rows with one id, or two answers for one night."""
    DANGLING = "dangling"
    """A row that belongs to another which is not in the file."""


class ExchangeError(Exception):
    """A file cannot be brought in. Nothing was written.

    `detail` says where in the file the fault is (table, row counted from 1, column), in at most
    DETAIL_MAX characters.
    """

    def __init__(self, problem: ExchangeProblem, detail: str) -> None:
        # A library's own message may quote the whole file.
        if len(detail) > DETAIL_MAX:
            detail = detail[: DETAIL_MAX - 1] + "…"
        super().__init__(f"{problem.value}: {detail}")
        self.problem = problem
        self.detail = detail


def fail(problem: ExchangeProblem, detail: str) -> NoReturn:
    """Raise ExchangeError."""
    raise ExchangeError(problem, detail)


_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = _repr.maxlong = 60


def shown(value: object) -> str:
    """Return a value as a detail shows it: short, and safe to print whatever is in it."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return _repr.repr(value)


def parsed(data: bytes) -> dict[str, Any]:
    """Return what holdwell.json says, out of a zip or as it is.

    Raises ExchangeError if there is none in the file, or none that can be read.
    """
    return _parsed(_json_bytes(data))


def _json_bytes(data: bytes) -> bytes:
    if len(data) > FILE_BYTES_MAX:
        fail(ExchangeProblem.TOO_LARGE, f"the file has {len(data)} bytes")
    if data.startswith(b"PK"):
        return _unpacked(data)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return data
    return fail(ExchangeProblem.NOT_OURS, "the file is neither a zip nor JSON")


def _unpacked(data: bytes) -> bytes:
    """Return holdwell.json out of a zip. Only that entry is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            entry = _json_entry(pack.infolist(), len(data))
            with pack.open(entry) as file:
                found = file.read(JSON_BYTES_MAX + 1)
    except ExchangeError:
        raise
    except Exception as error:
        # On hostile bytes zipfile raises far more than BadZipFile (EOFError, struct.error,
        # zlib.error, NotImplementedError, ValueError, ...), and it documents no full list.
        fail(ExchangeProblem.DAMAGED, f"the zip cannot be unpacked: {error}")
    if len(found) > JSON_BYTES_MAX:
        fail(ExchangeProblem.TOO_LARGE, f"{JSON_NAME} has more than {JSON_BYTES_MAX} bytes")
    return found


def _json_entry(entries: list[zipfile.ZipInfo], packed: int) -> zipfile.ZipInfo:
    # The sizes in a zip's directory may lie, so this is only the first gate: zipfile never
    # returns more than the size that an entry claims, and the read above has a bound as well.
    if len(entries) > ENTRIES_MAX:
        fail(ExchangeProblem.TOO_LARGE, f"the zip has {len(entries)} entries")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES_MAX:
        fail(ExchangeProblem.TOO_LARGE, f"the zip unpacks to {unpacked} bytes")
    if unpacked > max(RATIO_FREE_BYTES, packed * RATIO_MAX):
        fail(ExchangeProblem.TOO_LARGE, f"{packed} bytes unpack to {unpacked}")
    # Who unpacks and packs again often gets a folder around it, and a Mac adds notes of its own.
    found = [
        entry
        for entry in entries
        if entry.filename.split("/")[-1] == JSON_NAME and not entry.filename.startswith("__MACOSX")
    ]
    if not found:
        fail(ExchangeProblem.NOT_OURS, f"the zip has no {JSON_NAME}")
    if len(found) > 1:
        fail(ExchangeProblem.DAMAGED, f"the zip has more than one {JSON_NAME}")
    if found[0].flag_bits & _ENCRYPTED or found[0].compress_type not in _PACKINGS:
        fail(ExchangeProblem.DAMAGED, f"{JSON_NAME} is encrypted or packed in an unknown way")
    return found[0]


def _parsed(data: bytes) -> dict[str, Any]:
    brackets = data.count(b"[") + data.count(b"{")
    if brackets > BRACKETS_MAX:
        fail(ExchangeProblem.TOO_LARGE, f"{JSON_NAME} has {brackets} brackets")
    try:
        content = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_without_repeats,
            parse_constant=no_constant,
        )
    except (ValueError, RecursionError, MemoryError) as error:
        fail(ExchangeProblem.DAMAGED, f"{JSON_NAME} cannot be read: {shown(str(error))}")
    if not isinstance(content, dict):
        fail(ExchangeProblem.NOT_OURS, f"{JSON_NAME} is not an object")
    return content


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name occurs twice in one object")
    return made


def no_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python reads and JSON has not. ValueError."""
    raise ValueError(f"{name} is not a number")
