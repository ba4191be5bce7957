"""Saving many rows: the time and memory that it takes, and the progress that it reports."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from holdwell.store.repository import Store
from holdwell.transfer.csv import reader, saving
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from tests.unit.transfer.csv.conftest import BERLIN, NOW, bring, items

DATE, PAIN, BEFORE, AFTER, NOTE = Role.DATE, Role.PAIN, Role.BEFORE, Role.AFTER, Role.NOTE


def test_many_rows_in_little_time_and_memory(store: Store, tmp_path: Path) -> None:
    first = datetime(2018, 1, 1, tzinfo=UTC)
    rows = [
        f"{first + timedelta(minutes=41 * n):%Y-%m-%d %H:%M},{n % 11},note {n % 50}\n"
        for n in range(10_000)
    ]
    data = ("Date,Pain,Note\n" + "".join(rows)).encode()
    began = process_time()
    shares: list[list[float]] = [[], [], []]
    table = reader.read(data, shares[0].append)
    refused, made = saving.read(
        store, table, ColumnMapping((DATE, PAIN, NOTE)), NOW, BERLIN, shares[1].append
    )
    assert (refused, len(made)) == ([], 10_000)
    assert saving.save(store, saving.compare(store, made), NOW, shares[2].append) == 10_000
    assert list(map(len, shares)) == [10, 20, 10], "every 1,000 rows; reading makes entries of them"
    for told in shares:
        assert told == sorted(told)
        assert 0 < told[0] < 0.2 < 0.9 < told[-1] <= 1
    # bench measures 100,000 within 20 s. Time of the processor does not grow on a busy machine.
    assert process_time() - began < 20


def test_the_progress_says_how_much_is_written(store: Store) -> None:
    rows = [f"2026-11-{day:02},{number},,\n" for day in range(1, 21) for number in [5] * 100]
    rows += [f"2026-10-{day:02},,5,4\n" for day in range(1, 21) for _ in range(50)]
    given = items(("Date,Pain,Before,After\n" + "".join(rows)).encode(), DATE, PAIN, BEFORE, AFTER)
    said: list[tuple[float, int]] = []

    def progress(share: float) -> None:
        written = store.session_count() + len(store.pains(limit=9_999))
        said.append((share, written))

    assert saving.save(store, saving.compare(store, given), NOW, progress) == len(given) == 3_000
    assert [round(share, 2) for share, _ in said] == [0.33, 0.67, 1.0]
    # Rows are written a hundred at a time.
    assert all(share * 3_000 - written <= 100 for share, written in said)


def test_the_progress_counts_notes_that_are_added_to_known_entries(store: Store) -> None:
    times = [f"{day:02}.11.2026 {n // 60:02}:{n % 60:02}" for day in (20, 21) for n in range(500)]
    bring(store, items(("Date,Pain\n" + "".join(f"{at},5\n" for at in times)).encode(), DATE, PAIN))
    noted = "Date,Pain,Note\n" + "".join(f"{at},5,bath\n" for at in times)
    found = saving.compare(store, items(noted.encode(), DATE, PAIN, NOTE))
    shares: list[float] = []
    assert saving.save(store, found, NOW, shares.append) == len(found.completed) == 1_000
    assert shares == [1.0]


def test_ids_are_uuids_of_the_content() -> None:
    rows = [f"2026-11-23 21:00,7,café {n}\n" for n in range(40)]
    made = items(("Date,Pain,Note\n" + "".join(rows)).encode(), DATE, PAIN, NOTE)
    namespace = uuid.UUID("5f0d8a3e-6a53-4c56-9d1c-3f6a2f1c7b10")
    for number, item in enumerate(made):
        content = json.dumps(["2026-11-23T21:00", 7, None, f"café {number}"])
        assert item.id == str(uuid.uuid5(namespace, f"{content} 1"))
