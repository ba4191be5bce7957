"""Rows for exports: generated rows for property tests, and ways to damage an export file."""

import copy
import io
import json
import random
import re
import uuid
import zipfile
from datetime import date, datetime
from operator import itemgetter
from sqlite3.dump import _iterdump  # type: ignore[attr-defined]
from typing import Any

from hypothesis import strategies as st

from holdwell.domain.models import (
    Condition,
    Cue,
    DueDateSource,
    LeftOutReason,
    PainPlace,
    PainSide,
)
from holdwell.store import table_info
from holdwell.store.database import insert_rows
from holdwell.store.repository import Store
from holdwell.store.rows import Row
from holdwell.transfer.zip_reader import JSON_NAME

PROFILE_ID = "00000000-0000-4000-8000-000000000001"

ids = st.uuids(version=4).map(str)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(date.isoformat)
times = st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30)).map(
    lambda moment: moment.isoformat(timespec="milliseconds") + "Z"
)
offsets = st.integers(-14 * 60, 14 * 60)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
notes = st.one_of(
    texts, st.sampled_from(["=1+1", "'", "\r\n", "\ufeff", "\u202e|", "a\0b", '"a",b', "☂️👩🏽‍🍼"])
)
seconds = st.floats(0, 3600).map(lambda value: round(value, 3))
pains = st.none() | st.integers(0, 10)
sides = st.sampled_from(["left", "right"])
parts = st.sampled_from(["morning", "bedtime", "other"])
flags = st.integers(0, 1)
places = st.sets(st.sampled_from(list(PainPlace))).map(lambda found: " ".join(sorted(found)))
pain_sides = st.none() | st.sampled_from(list(PainSide)).map(str)
stamps: dict[str, st.SearchStrategy[Any]] = {
    "created_at": times,
    "updated_at": times,
    "utc_offset": offsets,
}
owned = stamps | {"id": ids, "profile_id": st.just(PROFILE_ID), "deleted_at": st.none() | times}

profiles = st.fixed_dictionaries(
    stamps
    | {
        "id": st.just(PROFILE_ID),
        "goal_per_week": st.integers(1, 21),
        "hold_seconds": st.integers(20, 90),
        "get_ready_seconds": st.integers(0, 60),
        "first_side": sides,
        "sound": flags,
        "voice": flags,
        "vibration": flags,
        "volume": st.integers(0, 100),
        "quiet_cues": st.sets(st.sampled_from(list(Cue))).map(lambda cues: " ".join(sorted(cues))),
        "tracking": st.sampled_from(["on", "paused"]),
        "welcomed": flags,
        "safety_seen": flags,
        "language": st.sampled_from(["", "en", "es", "xx"]),
        "conditions": st.sets(st.sampled_from(list(Condition))).map(
            lambda found: " ".join(sorted(found))
        ),
        "day_ends_at": st.integers(0, 12),
        "week_starts_on": st.none() | st.integers(0, 6),
    }
)
pregnancies = st.fixed_dictionaries(
    owned
    | {
        "due_date": st.none() | days,
        "birth_date": st.none() | days,
        "ended": flags,
        "birth_kind": st.none() | st.sampled_from(["vaginal", "caesarean"]),
    }
)
sessions = st.fixed_dictionaries(
    owned
    | {
        "started_at": times,
        "ended_at": st.none() | times,
        "local_day": days,
        "part": parts,
        "state": st.sampled_from(["open", "finished", "stopped", "logged"]),
        "held_s": seconds,
        "pain_before": pains,
        "pain_after": pains,
        "comfort": st.none() | st.integers(1, 5),
        "note": notes,
        "time_known": flags,
        "pain_places": places,
        "pain_side": pain_sides,
        "plan": st.sampled_from(["", '{"id":"x","holds":[]}']),
    }
)
holds = st.fixed_dictionaries(
    {
        "id": ids,
        "position": st.integers(0, 50),
        "stretch": texts,
        "side": sides,
        "planned_s": seconds,
        "held_s": seconds,
        "outcome": st.sampled_from(["finished", "shortened", "skipped"]),
        "started_at": st.none() | times,
        "utc_offset": st.none() | offsets,
    }
)
cramps = st.fixed_dictionaries(
    owned | {"night": days, "leg": st.sampled_from(["none", "left", "right", "both"])}
)
routines = st.fixed_dictionaries(
    owned
    | {
        "position": st.integers(0, 50),
        "name": st.text(
            st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
            min_size=1,
            max_size=40,
        ),
        "part": parts,
        "first_side": sides,
        "extra_side": st.none() | sides,
        "repeats": st.integers(1, 5),
        "rest_s": st.integers(0, 60),
        "stretches": st.lists(
            st.fixed_dictionaries({"stretch": texts.filter(bool), "hold_s": st.integers(20, 90)}),
            max_size=3,
        ).map(json.dumps),
    }
)
check_ins = st.fixed_dictionaries(
    owned
    | {
        "asked_at": times,
        "local_day": days,
        "answer": st.text(
            st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
            min_size=1,
            max_size=60,
        ),
    }
)
_no_offset = {name: value for name, value in owned.items() if name != "utc_offset"}
pains_alone = st.fixed_dictionaries(
    _no_offset
    | {
        "felt_at": st.none() | times,
        "utc_offset": st.none() | offsets,
        "local_day": days,
        "score": st.integers(0, 10),
        "places": places,
        "side": pain_sides,
        "note": notes,
    }
)
goals = st.fixed_dictionaries(_no_offset | {"from_day": days, "goal_per_week": st.integers(1, 21)})
pauses = st.fixed_dictionaries(_no_offset | {"from_day": days, "to_day": st.none() | days}).filter(
    lambda row: row["to_day"] is None or row["from_day"] <= row["to_day"]
)
due_dates = st.fixed_dictionaries(
    _no_offset
    | {
        "due_date": days,
        "source": st.sampled_from(list(DueDateSource)).map(str),
        "given_on": st.none() | days,
        "source_day": st.none() | days,
        "source_days": st.none() | st.integers(0, 308),
    }
)
left_out_days = st.fixed_dictionaries(
    _no_offset | {"day": days, "reason": st.none() | st.sampled_from(list(LeftOutReason)).map(str)}
)
metas = st.fixed_dictionaries({"key": texts.filter(bool), "value": notes})


@st.composite
def databases(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Rows for all tables of one database, deleted ones included."""

    def some(row: st.SearchStrategy[Row], *keys: str) -> list[Row]:
        return draw(st.lists(row, max_size=4, unique_by=tuple(map(itemgetter, keys))))

    tables = {
        "profile": [draw(profiles)],
        "pregnancy": some(pregnancies, "id"),
        "session": some(sessions, "id"),
        "cramp": some(cramps, "id", "night"),
        "routine": some(routines, "id"),
        "check_in": some(check_ins, "id"),
        "pain": some(pains_alone, "id"),
        "goal": some(goals, "id", "from_day"),
        "pause": some(pauses, "id", "from_day"),
        "left_out_day": some(left_out_days, "id", "day"),
        "meta": [row for row in some(metas, "key") if row["key"] not in table_info.INTERNAL_META],
    }
    tables["hold"] = (
        [
            row | {"session_id": draw(st.sampled_from(tables["session"]))["id"]}
            for row in some(holds, "id")
        ]
        if tables["session"]
        else []
    )
    tables["due_date"] = (
        [
            row | {"pregnancy_id": draw(st.sampled_from(tables["pregnancy"]))["id"]}
            for row in some(due_dates, "id")
        ]
        if tables["pregnancy"]
        else []
    )
    return tables


def fill(store: Store, rows: dict[str, list[Row]]) -> None:
    """Insert rows directly into the tables, bypassing the app's own checks and changes."""
    store.db.execute("BEGIN")
    for table in table_info.TABLES:
        for row in rows.get(table, []):
            insert_rows(store.db, table, [row])
    store.db.conn.commit()


def dump(store: Store) -> list[str]:
    """Return the whole database as SQL; SQLCipher's driver has no iterdump, so Python's is used."""
    return list(_iterdump(store.db.conn))


def empty(store: Store) -> None:
    """Delete every row, which is much faster than making a new file."""
    store.db.execute("BEGIN")
    for table in table_info.LOCAL_TABLES:
        store.db.execute(f"DELETE FROM {table}")
    for table in reversed(table_info.TABLES):
        store.db.execute(f"DELETE FROM {table} WHERE {table_info.columns()[table][0]} <> ?",
                         ["schema_version"])  # fmt: skip
    store.db.conn.commit()


def packed(content: object, name: str = JSON_NAME) -> bytes:
    """Return a zip file that holds only this content, as JSON or as the given text or bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(name, content if isinstance(content, str | bytes) else json.dumps(content))
    return buffer.getvalue()


def with_fixed_ids(data: bytes) -> bytes:
    """Return the JSON of an export with numbered UUIDs, so that a seed reproduces it exactly."""
    numbers: dict[str, str] = {}

    def numbered(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], str(uuid.UUID(int=len(numbers), version=4)))

    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", numbered, _text(data)).encode()


def unpacked(data: bytes) -> Any:
    """Return the parsed content of holdwell.json in an export."""
    return json.loads(_text(data))


def _text(data: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(JSON_NAME).decode()


# -- damage -------------------------------------------------------------------------------------

_DEEP: Any = 0
for _ in range(60):
    _DEEP = [_DEEP]

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 11, 5.0, 5.5, -0.0, 1e308, 10**18, 2**63, -(2**63) - 1, 10**400,
    float("nan"), float("inf"), "", "x", "5", "\0", "a\0b", "\ud800", "\ufeff", "=1+1", "x" * 3000,
    "x" * 200_000, "2026-02-30", "2026-13-01", "0000-00-00", "9999-12-31", "2026-11-24\n",
    "2026-11-24T25:00:00.000Z", "2026-11-24T20:00:60.000Z", "2026-11-24T20:00:00.000Z",
    "2026-11-24T20:00:00.000+02:00", "[1e999]", "[" * 5000, '{"holds": [NaN]}', "'); DROP TABLE--",
    '[{"stretch": 5, "hold_s": 35}]', '[{"stretch": "a", "hold_s": 1e9}]', [], {}, [[]], [{}],
    {"id": None}, {"a": {"b": [1, 2, {"c": []}]}}, _DEEP, b"",
)  # fmt: skip


def damaged(pack: bytes, chance: random.Random) -> bytes:
    """Return an export damaged in one or several random ways."""
    kind = chance.random()
    if kind < 0.25:
        return _bytes_damaged(pack, chance)
    text = _text(pack)
    if kind < 0.5:
        broken = _bytes_damaged(text.encode(), chance)
        return packed(broken) if chance.random() < 0.2 else broken
    content = json.loads(text)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        content = _value_damaged(content, chance)
    found = json.dumps(content, default=lambda value: "bytes", ensure_ascii=chance.random() < 0.5)
    broken = found.encode(errors="surrogatepass")
    return packed(broken) if chance.random() < 0.2 else broken


def _bytes_damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 10))):
        at = chance.randrange(len(changed) + 1)
        length = min(chance.choice((1, 2, 8, 100, 1000)), len(changed) - at)
        match chance.randrange(7):
            case 0 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at:]
            case 2:
                del changed[at : at + length]
            case 3:
                changed[at:at] = changed[at : at + length]
            case 4:
                changed[at : at + length] = chance.randbytes(length)
            case 5:
                changed[at : at + length] = bytes(length)
            case _:
                changed[:at] = b""
    return bytes(changed)


def _value_damaged(content: Any, chance: random.Random) -> Any:
    """Return a copy with one value changed, chosen by a random walk down from the top."""
    if not isinstance(content, dict | list) or not content or chance.random() < 0.05:
        return chance.choice(JUNK)
    changed: Any = copy.copy(content)
    keys = list(changed) if isinstance(changed, dict) else list(range(len(changed)))
    # Most values worth damaging are in the tables, not in the few other top-level keys.
    key = "tables" if "tables" in keys and chance.random() < 0.9 else chance.choice(keys)
    other = chance.choice(keys)
    if isinstance(changed[key], dict | list) and changed[key] and chance.random() < 0.9:
        changed[key] = _value_damaged(changed[key], chance)
        return changed
    match chance.randrange(6):
        case 0:
            del changed[key]
        case 1 if isinstance(changed, dict):
            changed[chance.choice(["x", "", "id", "deleted_at", "rowid", "note"])] = changed[key]
        case 1:
            changed.insert(chance.randrange(len(changed) + 1), changed[key])
        case 2:
            changed[key], changed[other] = changed[other], changed[key]
        case _:
            changed[key] = chance.choice(JUNK)
    return changed
