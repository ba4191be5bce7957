"""Thousands of broken tables: each is refused, or read with every row accounted for."""

import csv
import io
import random
from collections import Counter
from dataclasses import replace
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from holdwell.i18n.languages import content_folder
from holdwell.store.repository import Store
from holdwell.transfer import exporting, validation
from holdwell.transfer.csv import cells, dates, formats, reader, saving
from holdwell.transfer.csv.file_kinds import TableError, TableProblem
from holdwell.transfer.csv.mapping import Role
from tests.support.effort import attempts
from tests.support.exports import empty
from tests.unit.transfer.csv.conftest import NOW, drafted_with

ZONES = tuple(map(ZoneInfo, ("Europe/Berlin", "America/New_York", "Asia/Tokyo")))

CELLS = (
    "2026-11-23", "23.11.2026", "11/23/2026 9:05 PM", "2026-11-23T21:05:00Z", "21:05", "7", "4,5",
    "45", "3/5", "mild", "", " ", "=1+1", "-1", "1e400", "9" * 400, "\ufeff", "\u202e", "☂️👩🏽‍🍼",
    '"', '""', '"a', "'", "a\0b", "x" * 3000, "a\nb", "٣", "²", "½", "0000-00-00", "9999-99-99",
    "2026-11-23T21:05:00+99:99", "31 Feb 2026", "Nov 3, 2026", "1.1.01", "12 de de 2026",
    "0001-01-01",
    "9999-12-31 23:59 -18:00", "0001-01-01T00:00+18:00", "NaN", "9999999999", "99999",
    "YES_MANUAL", "a | b", "sep=,", "Date", "Pain", "Note",
)  # fmt: skip


def broken_file(chance: random.Random) -> bytes:
    """Return a plausible table that is damaged in one or more ways."""
    width = chance.choice((1, 2, 3, 4, 4, 5, 8))
    rows = [
        [chance.choice(CELLS) for _ in range(max(0, width + chance.choice((0, 0, 0, 0, 1, -1))))]
        for _ in range(chance.choice((0, 1, 3, 10, 30)))
    ]
    good = [[f"2026-11-{chance.randrange(1, 25):02}", "21:05", str(chance.randrange(11)), "n"]
            for _ in range(chance.choice((0, 2, 20)))]  # fmt: skip
    made = io.StringIO(newline="")
    everything = chance.random() < 0.5
    delimiter = chance.choice(reader.DELIMITERS)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=delimiter, quoting=quoting).writerows(
        [["Date", "Time", "Pain", "Note"], *good, *rows]
    )
    encoding = chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"))
    data = bytearray(made.getvalue().encode(encoding, errors="replace"))
    for _ in range(chance.choice((0, 0, 1, 3, 20))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:]
            case 2:
                del data[at : at + 8]
            case 3:
                data[at:at] = chance.randbytes(chance.choice((1, 2, 30)))
            case _:
                data[at:at] = chance.choice((b'"', b"\r", b"\n", b";", b",", b"\xff\xfe", b"\0"))
    return bytes(data)


def taken_in(store: Store, data: bytes, chance: random.Random, write: bool) -> str:
    """Read, compare and save a file as the page does; return the outcome."""
    try:
        found = reader.read(data)
    except TableError as error:
        return error.problem
    mapping = formats.propose(found, content_folder())
    roles = [chance.choice(list(Role)) if chance.random() < 0.2 else r for r in mapping.roles]
    if Role.DATE not in roles:
        roles[0] = Role.DATE
    mapping = replace(mapping, roles=tuple(roles), in_utc=chance.random() < 0.2)
    mapping = replace(mapping, pain_names=frozenset(mapping.names_in(found)[:2]))
    zone = chance.choice(ZONES)
    for order in dates.orders(mapping.written_days(found), NOW.local.date()):
        scale = mapping.scales(found).known
        mapping = replace(mapping, order=order, scale=scale or chance.choice([*cells.Scale]))
        made = drafted_with(found, mapping, NOW, zone)
        rows = {entry.row for entry in made.entries} | {row.number for row in made.refused}
        # The session of a workout has the number of its first row.
        assert rows <= {row.number for row in (*found.rows, *found.outside)}
        assert len(rows) == len(found.rows) + len(found.outside) or made.entries
        sessions = saving.items(made.entries, mapping.scale, NOW, zone)
        assert len({session.id for session in sessions}) == len(sessions)
    if not sessions:
        return "refused"
    if write:
        saving.save(store, saving.compare(store, sessions), NOW)
        again = saving.compare(store, sessions)
        assert (again.new, again.completed) == ((), ())
        assert again.unchanged + len(again.differing) == len(sessions)
        # The new entries can be shown, exported, and imported again.
        assert len(store.sessions(limit=99)) + len(store.pains(limit=99))
        back = validation.read(exporting.export(store, NOW))
        assert len(back["session"]) + len(back["pain"])
    return "taken"


def test_any_broken_file_is_refused_or_read(store: Store) -> None:
    store.db.execute("PRAGMA synchronous=OFF")
    outcomes: Counter[str] = Counter()
    files = attempts(1_000, 10_000)
    for seed in range(files):
        chance = random.Random(seed)
        data = broken_file(chance)
        try:
            outcome = taken_in(store, data, chance, write=outcomes["taken"] < 150)
        except Exception as error:
            pytest.fail(f"seed {seed}: {error!r}")
        outcomes[outcome] += 1
        if outcome == "taken" and outcomes["taken"] % 10 == 0:
            # Each file is compared with the earlier ones; hundreds would take long to export.
            empty(store)
    assert outcomes.total() == files
    assert outcomes["taken"] > 0.15 * files, outcomes
    assert outcomes["refused"] > 0.01 * files, outcomes
    assert outcomes[TableProblem.NOT_TEXT] > 0.01 * files, outcomes
    assert outcomes[TableProblem.EMPTY] > 0.001 * files, outcomes
