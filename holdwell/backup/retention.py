"""Tidying of the folder of backups: what a killed copy left, and copies that have served.

Daily backups are tidied where they are made (`backup.tidy`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from holdwell.backup.daily import folder_of
from holdwell.domain.models import Moment
from holdwell.store.secure_delete import destroy

PART_HOURS = 1
"""A copy that is still being made is younger than this, however large the record."""
KEPT_COPIES = 3
KEPT_DAYS = 30
"""Of the copies made before a restore or an import, this many of each, and none that is older."""

_COPY = re.compile(r"before-(?:(?P<kind>[a-z]+)-)?(?P<stamp>\d{8}-\d{6}-\d{6})(?:-\d+)?\.db")
_VERSION = re.compile(r"before-version-(?P<version>\d+)\.db")


def sweep(database: Path, now: Moment) -> list[Path]:
    """Remove what nobody needs any more from the folder of backups; return what was removed.

    - `*.part*`, which a copy that was killed leaves behind, after an hour; also beside the record,
      where one lies that was being encrypted.
    - Copies made before a restore or an import: all but the last three of each, and those older
      than 30 days.
    - Copies made before the app brought the record up to its new version: those older than 30
      days, but never the last one.

    Anything else in the folder stays. Raises OSError.
    """
    folder = folder_of(database)
    young = _before(now, timedelta(hours=PART_HOURS))
    beside = list(database.parent.glob(f"{database.name}.*.part*"))
    old = [
        *(path for path in beside if path.stat().st_mtime < young),
        *_parts(folder, young),
        *_copies(folder, _before(now, timedelta(days=KEPT_DAYS))),
        *_versions(folder, _before(now, timedelta(days=KEPT_DAYS))),
    ]
    for path in old:
        if ".part" in path.name:
            # It may be a plain copy beside an encrypted record.
            destroy(path)
        else:
            path.unlink(missing_ok=True)
    return old


def _before(now: Moment, age: timedelta) -> float:
    return (now.utc - age).timestamp()


def _parts(folder: Path, before: float) -> list[Path]:
    # SQLite may have had a journal beside it: hence the second star.
    return [path for path in folder.glob("*.part*") if path.stat().st_mtime < before]


def _copies(folder: Path, before: float) -> list[Path]:
    kinds: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    for path in folder.glob("before-*.db"):
        match = _COPY.fullmatch(path.name)
        if match:
            # Copies of before there were kinds are one of their own.
            kinds[match["kind"] or ""].append((match["stamp"], path))
    old = []
    for copies in kinds.values():
        newest_first = [path for _, path in sorted(copies, reverse=True)]
        old += newest_first[KEPT_COPIES:]
        old += [path for path in newest_first[:KEPT_COPIES] if path.stat().st_mtime < before]
    return old


def _versions(folder: Path, before: float) -> list[Path]:
    found = [
        (int(match["version"]), path)
        for path in folder.glob("before-version-*.db")
        if (match := _VERSION.fullmatch(path.name))
    ]
    earlier = [path for _, path in sorted(found)[:-1]]
    return [path for path in earlier if path.stat().st_mtime < before]
