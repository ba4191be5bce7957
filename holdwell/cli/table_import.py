"""`holdwell import` for another tracker's table, with the proposal and preview of the page."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from holdwell.cli.access import RefusedError
from holdwell.domain.models import Moment
from holdwell.i18n.languages import content_folder
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.transfer.csv import formats, reader, saving
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.file_kinds import TableError
from holdwell.transfer.csv.mapping import ColumnMapping, Role
from holdwell.transfer.csv.reader import Progress
from holdwell.transfer.csv.table import Table


class Incoming(NamedTuple):
    """What an import would add, as data for scripts and as lines to read. `save` imports it and
    returns the number of entries; it is None if nothing is new, as the text `nothing` then says."""

    found: dict[str, Any]
    lines: list[str]
    save: Callable[[], int] | None
    nothing: str


def read(data: bytes) -> Table:
    """Read a table. Raises RefusedError."""
    try:
        with _progress("trackers.reading") as progress:
            return reader.read(data, progress)
    except TableError as error:
        sentence = say(f"trackers.table_{error.problem.value}", number=error.number)
        raise RefusedError(sentence) from error


@contextmanager
def _progress(key: str) -> Iterator[Progress | None]:
    """Show the share of the work that is done, on a terminal. A short file is done before that."""
    shown = 0

    def show(share: float) -> None:
        nonlocal shown
        text = f"{say(key)} {share:.0%}"
        shown = max(shown, len(text))
        print(f"\r{text}", end="", file=sys.stderr, flush=True)

    try:
        yield show if sys.stderr.isatty() else None
    finally:
        if shown:
            print("\r" + " " * shown, end="\r", file=sys.stderr)


def incoming(store: Store, table: Table, options: argparse.Namespace, now: Moment) -> Incoming:
    """Return what the import of a table would add. Raises RefusedError if an option is missing."""
    mapping = _mapping(store, table, options, now)
    with _progress("trackers.reading") as progress:
        refused_rows, items = saving.read(store, table, mapping, now, None, progress)
    comparison = saving.compare(store, items, table.header)
    columns = zip(saving.column_names(table), mapping.roles, strict=True)
    roles = {name: role.value for name, role in columns if role is not Role.LEAVE}
    columns_text = ", ".join(f"{name}={role}" for name, role in roles.items())
    lines = []
    if mapping.tracker:
        lines.append(say("trackers.looks_like", tracker=mapping.tracker))
    lines += [f"{columns_text}; {mapping.order}, {mapping.scale}", comparison.coming_text()]
    lines += comparison.known_lines()
    lines += saving.refusal_lines(refused_rows)
    refused = [
        {"row": row.number, "reason": row.reason, "value": row.value, "cells": row.cells}
        for row in refused_rows
    ]
    data = {
        "tracker": mapping.tracker or None,
        "columns": roles,
        "new": len(comparison.new),
        **comparison.known_counts(),
        "refused": refused,
    }

    def save() -> int:
        with _progress("trackers.saving") as progress:
            count = saving.save(
                store, comparison, now, progress, replace_scores=options.take_scores
            )
        formats.remember(store, table, mapping)
        return count

    is_new = (
        comparison.new or comparison.completed or (comparison.differing and options.take_scores)
    )
    # "Already there" would be wrong: refused rows are not in the database.
    return Incoming(data, lines, save if is_new else None, say("trackers.coming_none"))


def _mapping(store: Store, table: Table, options: argparse.Namespace, now: Moment) -> ColumnMapping:
    """Return the proposal, changed by the options. Raises RefusedError if one is missing."""
    mapping = formats.propose_with_memory(store, table, content_folder())
    roles = list(mapping.roles)
    names = saving.column_names(table)
    for name, role in options.column:
        if name not in names:
            raise RefusedError(say("cli.no_column", name=name, known=", ".join(names)))
        roles[names.index(name)] = role
    mapping = replace(mapping, roles=tuple(roles))
    if options.pain or options.stretched:
        pain, done = frozenset[str](options.pain), frozenset[str](options.stretched)
        mapping = replace(mapping, pain_names=pain, done_names=done)
    if (problem := mapping.problem) is not None:
        known = ", ".join(mapping.names_in(table))
        option = {
            "trackers.need_date": "--column NAME=date",
            "trackers.need_what": "--column NAME=pain",
            "trackers.need_names": f"--pain NAME, --stretched NAME: {known}",
        }.get(problem, "--column NAME=leave")
        raise RefusedError(f"{say(problem)} {option}")
    order = DateOrder(options.order) if options.order else _order(table, mapping, now)
    scale = Scale(options.scale) if options.scale else _scale(table, mapping)
    return replace(mapping, order=order, scale=scale)


def _order(table: Table, mapping: ColumnMapping, now: Moment) -> DateOrder:
    possible, example = mapping.orders(table, now.local.date())
    known = mapping.known_order(possible)
    if known is None:
        question = say("trackers.order", example=example)
        raise RefusedError(f"{question} --order {'|'.join(order.value for order in possible)}")
    return known


def _scale(table: Table, mapping: ColumnMapping) -> Scale:
    scales = mapping.scales(table)
    if scales.known is None:
        choice = [scales.stated] if scales.stated else Scale
        options = "|".join(scale.value for scale in choice)
        raise RefusedError(f"{say('trackers.scale_needed')} --scale {options}")
    return scales.known
