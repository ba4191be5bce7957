"""Invented files of many kinds are read as a person would read them, or refused."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from holdwell.domain.models import Moment
from holdwell.i18n.languages import content_folder
from holdwell.store.repository import Store
from holdwell.transfer import import_undo
from holdwell.transfer.csv import dates, formats, reader, saving
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.file_kinds import TableError
from holdwell.transfer.csv.mapping import ColumnMapping
from holdwell.transfer.csv.table import Table
from holdwell.transfer.csv.tracker import TrackerEntry
from tests.unit.transfer.csv.conftest import BERLIN, FIXTURES, Draft, drafted_with

NOW = Moment.of(datetime(2026, 11, 26, 22, 0, tzinfo=UTC))
SAMPLES = tomllib.loads((FIXTURES.parent / "tracker_samples.toml").read_text("utf-8"))["sample"]


def entry_line(entry: TrackerEntry) -> str:
    when = entry.moment.local.strftime("%Y-%m-%dT%H:%M%z").removesuffix("+0100")
    when = when if entry.when.at else entry.when.day.isoformat()
    scores = (entry.pain, entry.after) if entry.is_session else (entry.pain,)
    said = ",".join(str(score.nrs) if score else "-" for score in scores)
    line = f"{'S' if entry.is_session else 'P'} {when} {said}"
    if entry.where.places:
        line += f" {'+'.join(sorted(entry.where.places))}/{entry.where.side}"
    line += f" <{entry.note}>" if entry.note else ""
    return line + (f" [{entry.label}]" if entry.label else "")


def told(found: Table, zone: tzinfo = BERLIN) -> tuple[ColumnMapping, list[str], Draft]:
    """Return the proposal, the questions, and the draft with the first answers."""
    proposal = formats.propose(found, content_folder())
    possible = dates.orders(proposal.written_days(found), NOW.local.date())
    order, scale = proposal.known_order(possible), proposal.scales(found).known
    asked = ["?order"] if order is None else []
    asked += ["?scale"] if scale is None else []
    mapping = replace(proposal, order=order or possible[0], scale=scale or Scale.TEN)
    return proposal, asked, drafted_with(found, mapping, NOW, zone)


def outcome(data: bytes) -> tuple[str, list[str]]:
    """Return the name of the tracker, and a line for each entry and refused row."""
    try:
        found = reader.read(data)
    except TableError as error:
        return "", [f"ERR {error.problem.value} {error.number}"]
    proposal = formats.propose(found, content_folder())
    if problem := proposal.problem:
        return proposal.tracker, [f"ASK {problem}"]
    proposal, asked, made = told(found)
    lines = [" ".join(asked)] if asked else []
    lines += map(entry_line, made.entries)
    lines += [f"X{row.number} {row.reason.value} {row.value}".rstrip() for row in made.refused]
    return proposal.tracker, [line.replace("\n", "⏎") for line in lines]


def data_of(sample: dict[str, Any]) -> bytes:
    text = sample["text"].replace("\n", sample.get("newline", "\n"))
    return bytes(text.encode(sample.get("encoding", "utf-8")))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_a_file_becomes_what_it_says(sample: dict[str, Any]) -> None:
    tracker_name, lines = outcome(data_of(sample))
    assert lines == sample["wanted"].strip().splitlines()
    assert tracker_name == sample.get("tracker", "")


def test_each_file_is_imported_once_in_any_zone_and_undone_completely(store: Store) -> None:
    brought = 0
    for sample in SAMPLES:
        if sample["wanted"].strip().startswith(("ERR", "ASK")):
            continue
        found = reader.read(data_of(sample))
        new = saving.compare(store, saving.items(told(found)[2].entries, Scale.TEN, NOW, BERLIN))
        assert (new.completed, new.differing, new.unchanged) == ((), (), 0), sample["name"]
        brought += saving.save(store, new, NOW)
        for zone in map(ZoneInfo, ("America/New_York", "Asia/Tokyo")):
            made = told(found, zone)[2]
            again = saving.items(made.entries, Scale.TEN, NOW, zone)
            # A row that is in the future in that zone is refused.
            same = saving.Comparison(unchanged=len(again))
            assert saving.compare(store, again) == same, sample["name"]
            assert len(again) in (len(new.new), len(new.new) - 1)
        import_undo.undo(store, NOW)
        assert (store.session_count(), store.pains(limit=9)) == (0, []), sample["name"]
    assert brought > 200


def test_every_tracker_has_samples() -> None:
    known = {known.name for known in formats.load(content_folder()).values()} - {"Holdwell"}
    assert {sample.get("tracker", "") for sample in SAMPLES} == {"", *known}
    names = [sample["name"] for sample in SAMPLES]
    assert len(names) == len(set(names)) > 100
