"""What the user said about a header is proposed for the next file with the same header."""

import json
from dataclasses import replace

import pytest

from holdwell.i18n.languages import content_folder
from holdwell.store.repository import Store
from holdwell.transfer.csv import formats, reader, saving
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from tests.unit.transfer.csv.conftest import BERLIN, NOW, bring

DATE, PAIN, BEFORE, DONE, NOTE, LEAVE = (
    Role.DATE, Role.PAIN, Role.BEFORE, Role.DONE, Role.NOTE, Role.LEAVE,
)  # fmt: skip


def test_what_the_user_said_about_a_header_is_remembered(store: Store) -> None:
    header = ("When", "How bad", "More")
    found = reader.read(b"When,How bad,More\n2026-11-20,3,x\n")
    mapping = ColumnMapping(
        (DATE, PAIN, NOTE), DateOrder.MONTH_FIRST, Scale.FIVE, frozenset(["Back"])
    )
    assert formats.recall(store, header, mapping) is None
    formats.remember(store, found, mapping)
    known = formats.recall(store, header, mapping)
    assert known == mapping
    assert formats.recall(store, ("When", "How bad"), mapping) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "{}", "[]", "3", "null", '"x"', '{"roles": 3}', '{"roles": null}', '{"roles": []}',
     '{"roles": ["date", "pain"]}', '{"roles": ["date", "pain", "x"]}', '{"roles": [3, {}]}',
     '{"roles": ["date", "pain", "note"], "scale": "nine"}',
     '{"roles": ["date", "pain", "note"], "pain_names": 3}',
     '{"roles": ["date", "pain", "note"], "divide": 0}', "[" * 5_000],
)  # fmt: skip
def test_a_damaged_memory_of_a_header_is_ignored(store: Store, text: str) -> None:
    header, mapping = ("When", "How bad", "More"), ColumnMapping((DATE, PAIN, NOTE), declined=None)
    store.set_meta(formats._key(header), '{"roles": ["date", null, "note"]}')
    assert formats.recall(store, header, mapping) == mapping
    store.set_meta(formats._key(header), text)
    assert formats.recall(store, header, mapping) is None
    found = reader.read(b"When,How bad,More\n2026-11-20,3,x\n")
    assert DATE in formats.propose_with_memory(store, found, content_folder()).roles


def test_a_memory_without_declined_names_proposes_no_new_names(store: Store) -> None:
    file = b"Date,Name,Value\n2026-11-20,Back pain,6\n2026-11-20,Hip pain,3\n"
    table = reader.read(file)
    key = formats._key(table.header)
    taken = replace(
        formats.propose_with_memory(store, table, content_folder()),
        pain_names=frozenset(["Back pain"]),
    )
    formats.remember(store, table, taken)
    old = json.loads(store.meta(key) or "")
    assert old.pop("declined") == ["Hip pain"]
    store.set_meta(key, json.dumps(old))
    later = reader.read(file + b"2026-11-21,Leg pain,5\n")
    for found in (table, later):
        names = formats.propose_with_memory(store, found, content_folder()).pain_names
        assert names == {"Back pain"}
    # After the next import, the names that the user declined are known.
    formats.remember(store, table, formats.propose_with_memory(store, table, content_folder()))
    proposal = formats.propose_with_memory(store, later, content_folder())
    assert proposal.pain_names == {"Back pain", "Leg pain"}


def test_a_column_without_data_does_not_change_what_is_imported(store: Store) -> None:
    full, found = (
        reader.read(f"Date,Pain,Note,Mood\n2026-11-20,7,{note},good\n".encode())
        for note in ("bath", "")
    )
    said = ColumnMapping((DATE, PAIN, NOTE, NOTE), scale=Scale.TEN)
    formats.remember(store, full, said)
    proposed = formats.propose_with_memory(store, found, content_folder())
    assert proposed.roles == (DATE, PAIN, LEAVE, NOTE)
    # The role of an empty column makes no difference: both mappings give the same entry.
    for mapping in (said, replace(proposed, scale=Scale.TEN)):
        _, made = saving.read(store, found, mapping, NOW, BERLIN)
        assert [item.note for item in made] == ["good"]
        bring(store, made)
    assert len(store.pains(limit=9)) == 1


def test_a_column_that_had_no_data_is_proposed_when_it_has_some(store: Store) -> None:
    bare, more = (
        reader.read(f"Date,Pain,Note,Mood\n2026-11-20,7,,{cell}\n".encode()) for cell in ("", "x")
    )
    full = reader.read(b"Date,Pain,Note,Mood\n2026-11-20,7,bath,x\n")

    def proposed_roles() -> tuple[Role, ...]:
        return tuple(formats.propose_with_memory(store, full, content_folder()).roles)

    formats.remember(store, bare, ColumnMapping((DATE, BEFORE, LEAVE, LEAVE), scale=Scale.TEN))
    assert proposed_roles() == (DATE, BEFORE, NOTE, LEAVE)
    formats.remember(store, more, ColumnMapping((DATE, BEFORE, LEAVE, NOTE), scale=Scale.TEN))
    assert proposed_roles() == (DATE, BEFORE, NOTE, NOTE)


def test_the_scale_is_asked_of_the_first_file_with_scores(store: Store) -> None:
    bare = reader.read(b"Date,Pain,Stretched\n2026-11-20,,x\n")
    scored = reader.read(b"Date,Pain,Stretched\n2026-11-21,3,x\n2026-11-22,2,\n")
    for file, scale, known in (
        (bare, Scale.TEN, None),
        (scored, Scale.FIVE, Scale.FIVE),
        (bare, Scale.TEN, Scale.FIVE),
    ):
        mapping = ColumnMapping((DATE, PAIN, DONE), scale=scale)
        formats.remember(store, file, mapping)
        proposal = formats.propose_with_memory(store, scored, content_folder())
        assert proposal.roles == (DATE, PAIN, DONE)
        assert proposal.scales(scored).known is known


@pytest.mark.parametrize("order", DateOrder)
def test_an_order_of_dates_other_than_the_default_is_proposed_again(
    store: Store, order: DateOrder
) -> None:
    table = reader.read(b"Date,Pain\n3/4/26,7\n4/3/26,6\n")
    possible = (*DateOrder,)
    assert formats.propose_with_memory(store, table, content_folder()).known_order(possible) is None
    mapping = ColumnMapping((DATE, PAIN), order, Scale.FIVE)
    formats.remember(store, table, mapping)
    found = formats.propose_with_memory(store, table, content_folder())
    assert found.known_order(possible) is (None if order is DateOrder.DAY_FIRST else order)
    assert found.scales(table).known is Scale.FIVE


def test_a_file_of_zeros_does_not_settle_by_what_later_scores_are_divided(store: Store) -> None:
    for scores, divide in ((b"0", 1), (b"7", 1), (b"7000", 1000), (b"8250", 1000)):
        table = reader.read(b"Date,Back pain\n2026-11-20," + scores + b"\n")
        proposal = formats.propose_with_memory(store, table, content_folder())
        assert proposal.divide == divide, scores
        formats.remember(store, table, replace(proposal, scale=Scale.TEN))
