"""Invented files of many kinds are read as a person would, or refused with the right reason."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from holdwell.domain.models import Moment
from holdwell.i18n.languages import content_folder
from holdwell.transfer.csv import dates, formats, reader, tracker
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.reader import TableError
from holdwell.transfer.csv.tracker import Kind, TrackerEntry
from tests.unit.transfer.csv.conftest import BERLIN, FIXTURES

NOW = Moment.of(datetime(2026, 11, 26, 22, 0, tzinfo=UTC))
SAMPLES = tomllib.loads((FIXTURES.parent / "tracker_samples.toml").read_text("utf-8"))["sample"]


def entry_line(entry: TrackerEntry) -> str:
    when = entry.moment.local.strftime("%Y-%m-%dT%H:%M%z").removesuffix("+0100")
    when = when if entry.when.clock.at else entry.when.day.isoformat()
    scores = (entry.pain,) if entry.kind is Kind.PAIN else (entry.pain, entry.after)
    said = ",".join(str(score.nrs) if score else "-" for score in scores)
    line = f"{'P' if entry.kind is Kind.PAIN else 'S'} {when} {said}"
    if entry.places:
        line += f" {'+'.join(sorted(entry.places))}/{entry.side}"
    line += f" <{entry.note}>" if entry.note else ""
    return line + (f" [{entry.label}]" if entry.label else "")


def outcome(data: bytes) -> tuple[str, list[str]]:
    """What the tracker is taken for, and what becomes of each row."""
    try:
        found = reader.read(data)
    except TableError as error:
        return "", [f"ERR {error.problem.value} {error.number}"]
    proposal = formats.propose(found, content_folder())
    mapping = proposal.mapping
    if mapping.problem:
        return proposal.tracker, [f"ASK {mapping.problem}"]
    possible = dates.orders(mapping.days(found), NOW.local.date())
    order, scale = proposal.known_order(possible), proposal.known_scale(found, mapping)
    asked = ["?order"] if order is None else []
    asked += ["?scale"] if scale is None and mapping.pain_cells(found) else []
    mapping = replace(mapping, order=order or possible[0], scale=scale or Scale.TEN)
    made = tracker.draft(found, mapping, NOW, BERLIN)

    def lines() -> Iterator[str]:
        if asked:
            yield " ".join(asked)
        yield from map(entry_line, made.entries)
        for row in made.refused:
            yield f"X{row.number} {row.reason.value} {row.value}".rstrip()

    return proposal.tracker, [line.replace("\n", "⏎") for line in lines()]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_a_file_becomes_what_it_says(sample: dict[str, Any]) -> None:
    text = sample["text"].replace("\n", sample.get("newline", "\n"))
    tracker_name, lines = outcome(text.encode(sample.get("encoding", "utf-8")))
    assert lines == sample["wanted"].strip().splitlines()
    assert tracker_name == sample.get("tracker", "")


def test_the_samples_are_of_every_tracker_and_each_its_own() -> None:
    known = {known.name for known in formats.load(content_folder()).values()} - {"Holdwell"}
    assert {sample.get("tracker", "") for sample in SAMPLES} == {"", *known}
    names = [sample["name"] for sample in SAMPLES]
    assert len(names) == len(set(names)) > 100
