"""The import of another tracker's table: ask what its columns mean, and preview the entries."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from holdwell.domain.models import Session
from holdwell.i18n.formats import day_text, moment_text
from holdwell.i18n.languages import content_folder
from holdwell.i18n.messages import counted, plain, say
from holdwell.store.repository import Store
from holdwell.transfer.csv import dates, formats, reader, saving
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.file_kinds import TableError
from holdwell.transfer.csv.mapping import NAMES, OWN, SCORES, ColumnMapping, Role
from holdwell.transfer.csv.reader import Progress
from holdwell.transfer.csv.saving import Comparison, Item
from holdwell.transfer.csv.table import Table
from holdwell.transfer.csv.tracker import RefusedRow
from holdwell.ui.common import failure_box, forms
from holdwell.ui.common.text import scores_text, shortened, where_texts
from holdwell.ui.runtime import clock

ROWS_SHOWN = 5
COMING_SHOWN = 3
EXAMPLE_SHOWN = 30
_KEPT = "hw-import-kept"
"""What was made of the file that is being imported."""

Made = TypeVar("Made")


def mapping_step(store: Store, data: bytes, key: str) -> Callable[[], int] | None:
    """Ask what the columns mean, and preview what would be imported.

    Return a function that saves it and returns the number of entries; None until that can be done.
    """
    reading, read = say("trackers.reading"), partial(reader.read, data)
    try:
        table = _once(key, "table", None, lambda: _with_progress(reading, read))
    except TableError as error:
        failure_box.show(say(f"trackers.table_{error.problem.value}", number=error.number))
        return None
    propose = partial(formats.propose_with_memory, store, table, content_folder())
    proposal = _once(key, "proposal", None, propose)
    st.subheader(say("trackers.title"), anchor=False)
    st.text(say("trackers.what", rows=counted("rows", len(table.rows))))
    if proposal.tracker:
        st.text(say("trackers.looks_like", tracker=proposal.tracker))
    if table.header_row > 1:
        st.text(say("trackers.header_row", number=table.header_row))
    names = saving.column_names(table)
    _sample(table, names)
    mapping = _mapping(table, names, proposal, key)
    if mapping is None:
        return None
    draft = partial(saving.read, store, table, mapping, clock.now(), clock.zone())
    refused, items = _once(key, "draft", mapping, lambda: _with_progress(reading, draft))
    comparison = saving.compare(store, items, table.header)
    replace_scores = _preview(table, refused, items, comparison, key)
    if not (comparison.new or comparison.completed or replace_scores):
        return None

    def save() -> int:
        nonlocal table
        formats.remember(store, table, mapping)
        # Let go of the rows, as saving takes memory. If it fails, the file is read again.
        del table
        forget()
        write = partial(saving.save, store, comparison, clock.now(), replace_scores=replace_scores)
        return _with_progress(say("trackers.saving"), write)

    return save


def forget() -> None:
    """Let go of what was made of a file."""
    st.session_state.pop(_KEPT, None)


def _with_progress(text: str, work: Callable[[Progress], Made]) -> Made:
    """Show the progress of work on a file. A short file is done before anything is seen."""
    place = st.empty()
    try:
        return work(lambda share: place.progress(share, text))
    finally:
        place.empty()


def _once(key: str, name: str, about: object, make: Callable[[], Made]) -> Made:
    """Return what an earlier run made of this file for an equal `about`, or make it now.

    What is outdated or of another file is let go of first, as it may be large.
    """
    if st.session_state.get(_KEPT, {}).get("key") != key:
        st.session_state[_KEPT] = {"key": key}
    kept: dict[str, Any] = st.session_state[_KEPT]
    if name not in kept or kept[name][0] != about:
        kept.pop(name, None)
        kept[name] = about, make()
    made: Made = kept[name][1]
    return made


def _sample(table: Table, names: Sequence[str]) -> None:
    """Show the first rows: in Markdown, as st.dataframe would import pandas, which takes 80 MB."""
    filled = [number for number in range(len(names)) if any(table.column(number))]

    def line(cells: Sequence[str]) -> str:
        texts = (" ".join("".join(cells[n : n + 1]).split()) for n in filled)
        return "|".join(["", *(plain(shortened(text, EXAMPLE_SHOWN)) for text in texts), ""])

    rows = [row.cells for row in table.rows[:ROWS_SHOWN]]
    if filled:
        with st.container(key="hw-sample"):
            st.markdown("\n".join([line(names), "|-" * len(filled) + "|", *map(line, rows)]))
    if len(filled) < len(names):
        st.text(say("trackers.empty_columns", count=len(names) - len(filled)))


def _mapping(
    table: Table, names: Sequence[str], proposal: ColumnMapping, key: str
) -> ColumnMapping | None:
    """Ask what the columns mean; None as long as an answer is missing."""
    mapping = replace(proposal, roles=_roles(table, names, proposal.roles, key))
    is_named = not set(NAMES).isdisjoint(mapping.roles)
    if mapping.problem in (None, "trackers.need_names") and is_named:
        mapping = _rows_to_take(table, mapping, key)
    if mapping.problem is not None:
        st.info(say(mapping.problem), icon=":material/info:")
        return None
    order = _order(table, mapping, key)
    scale = _scale(table, mapping, key)
    return replace(mapping, order=order, scale=scale) if order and scale else None


def _roles(
    table: Table, names: Sequence[str], proposed: Sequence[Role], key: str
) -> tuple[Role, ...]:
    """Ask for the role of each column that has data."""
    roles = [Role.LEAVE] * len(names)
    for number, name in enumerate(names):
        example = next(table.column(number), None)
        if example is None:
            continue
        options = [r for r in Role if r not in OWN or r is proposed[number]]
        # Words of the file are outside the label, where escapes for Markdown would be read aloud.
        with st.container(key=f"hw-lines-{number}"):
            example = shortened(example, EXAMPLE_SHOWN)
            st.text(say("trackers.column_label", name=name, example=example))
            roles[number] = forms.from_list(
                say("trackers.column", number=number + 1),
                options,
                proposed[number],
                f"{key}-role-{number}",
                "trackers.role_{}",
                label_visibility="collapsed",
            )
    return tuple(roles)


def _rows_to_take(table: Table, mapping: ColumnMapping, key: str) -> ColumnMapping:
    """Ask which rows are about pain, and which say that the user stretched."""
    key = f"{key}-names-{next(n for n, role in enumerate(mapping.roles) if role in NAMES)}"

    def ask(label: str, proposed: frozenset[str], name: str) -> frozenset[str]:
        names = mapping.names_in(table, of_pain=name == "pain")
        chosen = [name for name in names if name in proposed]
        return frozenset(st.multiselect(say(label), names, chosen, key=f"{key}-{name}"))

    pain = frozenset[str]()
    if {Role.PAIN, Role.NAME} <= set(mapping.roles):
        pain = ask("trackers.names_pain", mapping.pain_names, "pain")
    done = ask("trackers.names_done", mapping.done_names, "done")
    return replace(mapping, pain_names=pain, done_names=done)


def _order(table: Table, mapping: ColumnMapping, key: str) -> DateOrder | None:
    """Return the order of dates if the dates settle it, else the user's answer."""
    today = clock.today()
    find = partial(mapping.orders, table, today)
    possible, example = _once(key, "orders", (mapping, today), find)
    known_order = mapping.known_order(possible)
    if known_order is not None and len(possible) == 1:
        return known_order
    readings = {order: say(f"trackers.{order.value}") for order in possible}
    days = dates.readings(example, possible)
    if len(set(days.values())) == len(possible):
        readings = {order: day_text(day) for order, day in days.items()}
    st.text(say("trackers.order", example=example))
    return st.segmented_control(
        say("trackers.order_label"),
        list(possible),
        default=known_order,
        format_func=lambda order: readings[order],
        key=f"{key}-order",
        label_visibility="collapsed",
    )


def _scale(table: Table, mapping: ColumnMapping, key: str) -> Scale | None:
    """Ask for the scale of pain, with the known one chosen; TEN in a file without scores.

    Another one that the header states is chosen as well, and has to be confirmed.
    """
    scales = _once(key, "scales", mapping, partial(mapping.scales, table))
    if not scales.has_scores:
        return Scale.TEN
    scored = [str(number) for number, role in enumerate(mapping.roles) if role in SCORES]
    chosen = forms.from_list(
        say("trackers.scale"),
        Scale,
        scales.known or scales.stated,
        # Another choice of columns is another question.
        f"{key}-scale-{'-'.join(scored)}",
        "trackers.scale_{}",
        placeholder=say("trackers.scale_choose"),
    )
    if chosen is not None and chosen is not Scale.TEN:
        st.text(say("trackers.scale_converted"))
    if chosen is not None and chosen is scales.stated:
        label = say("trackers.scale_stated", scale=say(f"trackers.scale_{chosen.value}"))
        chosen = chosen if st.checkbox(label, key=f"{key}-scale-stated") else None
    if chosen is None:
        st.info(say("trackers.scale_needed"), icon=":material/info:")
    return chosen


def _item_lines(item: Item) -> Iterator[str]:
    """Yield the time or day of an item, its scores, place and note, some of which may be empty."""
    if isinstance(item, Session):
        scores, where = scores_text(item), where_texts(item.pain_places, item.pain_side)
    else:
        scores = say("trackers.score", score=item.score)
        where = where_texts(item.places, item.side)
    yield moment_text(item.at.local) if item.at else day_text(item.local_day)
    yield from (scores, ", ".join(where), item.note)


def _preview(
    table: Table,
    refused: Sequence[RefusedRow],
    items: Sequence[Item],
    comparison: Comparison,
    key: str,
) -> bool:
    """Show what would be imported; return whether scores that differ are taken from the file."""
    if comparison.new:
        st.text(comparison.coming_text())
        st.text(say("trackers.counts"))
        if all(item.at is None for item in items):
            st.text(say("trackers.no_time"))
        st.text(say("trackers.first"))
        for item in comparison.new[:COMING_SHOWN]:
            with st.container(border=True):
                first, *lines = _item_lines(item)
                st.markdown(f"**{plain(first)}**")
                for line in filter(None, lines):
                    st.text(line)
    elif not comparison.completed:
        st.text(say("trackers.coming_none"))
    for line in comparison.known_lines():
        st.text(line)
    replace_scores = False
    if comparison.differing:
        replace_scores = st.toggle(say("trackers.differing_take"), key=f"{key}-differing")
    if refused:
        count = counted("rows", len({row.number for row in refused}))
        with st.expander(say("trackers.refused", rows=count), expanded=True):
            for line in saving.refusal_lines(refused):
                st.text(line)
            st.download_button(
                say("trackers.refused_save"),
                saving.list_of_refused(table, refused),
                "holdwell-not-imported.csv",
                "text/csv",
                on_click="ignore",
            )
    return replace_scores
