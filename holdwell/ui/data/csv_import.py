"""The step between another tracker's table and the database: what is what, and what comes in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import TypeVar

import pandas as pd
import streamlit as st

from holdwell.domain.models import Session
from holdwell.i18n.formats import day_text, moment_text
from holdwell.i18n.languages import content_folder
from holdwell.i18n.messages import counted, plain, say
from holdwell.store.repository import Store
from holdwell.transfer.csv import dates, header_memory, reader, saving, tracker
from holdwell.transfer.csv.cells import Scale
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.reader import Table, TableError, Tell
from holdwell.transfer.csv.saving import Comparison, Item
from holdwell.transfer.csv.tracker import Draft, Mapping, Role
from holdwell.ui.common import failure_box
from holdwell.ui.common.text import scores_text, shortened, where_texts
from holdwell.ui.runtime import clock

ROWS_SHOWN = 5
COMING_SHOWN = 3
EXAMPLE_SHOWN = 30

Made = TypeVar("Made")


def mapping_step(store: Store, data: bytes, key: str) -> Callable[[], int] | None:
    """Let the user say what the columns are, and show what that makes of the file.

    Returns what saves the new entries and says how many there were, once everything needed is
    said and there is something new; None until then.
    """
    try:
        table = _once(f"{key}-table", None, partial(reader.read, data))
    except TableError as error:
        failure_box.show(say(f"trackers.table_{error.problem.value}", number=error.number))
        return None
    proposal = header_memory.proposal(store, table, content_folder())
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
    make = partial(saving.read, store, table, mapping, clock.now(), clock.zone())
    drafted, items = _once(f"{key}-draft", mapping, make)
    found = saving.compare(store, items, table.header)
    replace_scores = _preview(table, drafted, found, key)
    if not (found.new or found.noted or replace_scores):
        return None

    def save() -> int:
        header_memory.remember(store, table, mapping)
        with _progress(say("trackers.saving")) as tell:
            return saving.save(store, found, clock.now(), tell, replace_scores=replace_scores)

    return save


@contextmanager
def _progress(text: str) -> Iterator[Tell]:
    """Show how far the work on a file is; of a short one nothing is seen."""
    place = st.empty()
    try:
        yield lambda share: place.progress(share, text)
    finally:
        place.empty()


def _once(key: str, about: object, make: Callable[[Tell], Made]) -> Made:
    """Return what an earlier run made for the same `about`; make it if there is none."""
    kept: tuple[object, Made] | None = st.session_state.get(key)
    if kept is None or kept[0] != about:
        with _progress(say("trackers.reading")) as tell:
            kept = st.session_state[key] = about, make(tell)
    return kept[1]


def _sample(table: Table, names: Sequence[str]) -> None:
    filled = [name for number, name in enumerate(names) if any(table.column(number))]
    cells = zip_longest(*(row.cells for row in table.rows[:ROWS_SHOWN]), fillvalue="")
    frame = pd.DataFrame(dict(zip(names, cells, strict=False)))
    frame = frame.reindex(columns=filled, fill_value="")
    st.dataframe(frame, hide_index=True, width="stretch", row_height=36)
    if len(filled) < len(names):
        st.text(say("trackers.empty_columns", count=len(names) - len(filled)))


# -- what the user says ---------------------------------------------------------------------------


def _mapping(table: Table, names: Sequence[str], proposal: Mapping, key: str) -> Mapping | None:
    """Ask what everything is; None until what is needed is said."""
    mapping = replace(proposal, roles=_roles(table, names, proposal.roles, key))
    if mapping.problem in (None, "trackers.need_names") and Role.NAME in mapping.roles:
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
    roles = []
    for number, name in enumerate(names):
        example = next(table.column(number), None)
        if example is None:
            roles.append(Role.LEAVE)
            continue
        example = shortened(example, EXAMPLE_SHOWN)
        options = [r for r in Role if r not in tracker.OWN or r is proposed[number]]
        # Words of the file stand outside the label: one that is made safe for Markdown would be
        # read aloud with all its backslashes.
        with st.container(key=f"hw-lines-{number}"):
            st.text(say("trackers.column_label", name=name, example=example))
            chosen = st.selectbox(
                say("trackers.column", number=number + 1),
                options,
                index=options.index(proposed[number]),
                format_func=lambda role: say(f"trackers.role_{role.value}"),
                key=f"{key}-role-{number}",
                label_visibility="collapsed",
            )
            roles.append(chosen or Role.LEAVE)
    return tuple(roles)


def _rows_to_take(table: Table, mapping: Mapping, key: str) -> Mapping:
    """Ask which rows are about pain, and which say that the user stretched."""
    names = mapping.names_in(table)
    key = f"{key}-names-{mapping.roles.index(Role.NAME)}"
    pain: list[str] = []
    if Role.PAIN in mapping.roles:
        known = [name for name in names if name in mapping.pain_names]
        pain = st.multiselect(say("trackers.names_pain"), names, known, key=f"{key}-pain")
    known = [name for name in names if name in mapping.done_names]
    done = st.multiselect(say("trackers.names_done"), names, known, key=f"{key}-done")
    return replace(mapping, pain_names=frozenset(pain), done_names=frozenset(done))


def _order(table: Table, mapping: Mapping, key: str) -> DateOrder | None:
    """Return the order of dates: what the dates tell, else what the user says."""
    cells = mapping.days(table)
    possible = dates.orders(cells, clock.now().local.date())
    known = mapping.known_order(possible)
    if known is not None and len(possible) == 1:
        return known
    example, readings = _readings(cells, possible)
    st.text(say("trackers.order", example=example))
    return st.segmented_control(
        say("trackers.order_label"),
        list(possible),
        default=known,
        format_func=lambda order: readings[order],
        key=f"{key}-order",
        label_visibility="collapsed",
    )


def _readings(
    cells: Sequence[str], possible: Sequence[DateOrder]
) -> tuple[str, dict[DateOrder, str]]:
    """Return a date that each possible order reads as another day, and these days."""
    for cell in cells:
        read = {order: dates.read_day(cell, order) for order in possible}
        days = {order: when.day for order, when in read.items() if when}
        if len(set(days.values())) == len(possible):
            return cell, {order: day_text(day) for order, day in days.items()}
    return cells[0], {order: say(f"trackers.{order.value}") for order in possible}


def _scale(table: Table, mapping: Mapping, key: str) -> Scale | None:
    """Return the scale of pain: proposed where it is plain, else what the user says."""
    mine = [number for number, role in enumerate(mapping.roles) if role in tracker.SCORES]
    if not mapping.pain_cells(table):
        return Scale.TEN
    known = mapping.known_scale(table)
    options = list(Scale)
    chosen = st.selectbox(
        say("trackers.scale"),
        options,
        index=None if known is None else options.index(known),
        placeholder=say("trackers.scale_choose"),
        format_func=lambda scale: say(f"trackers.scale_{scale.value}"),
        # Other columns, another question.
        key=f"{key}-scale-{'-'.join(map(str, mine))}",
    )
    if chosen is None:
        st.info(say("trackers.scale_needed"), icon=":material/info:")
    elif chosen is not Scale.TEN:
        st.text(say("trackers.scale_converted"))
    return chosen


# -- what comes in --------------------------------------------------------------------------------


def _item_lines(item: Item) -> Iterator[str]:
    """Say what would come in: when, the scores, the place and the note."""
    if isinstance(item, Session):
        scores, where = scores_text(item), where_texts(item.pain_places, item.pain_side)
    else:
        scores = say("trackers.score", score=item.score)
        where = where_texts(item.places, item.side)
    yield moment_text(item.at.local) if item.at else day_text(item.local_day)
    yield scores
    yield ", ".join(where)
    yield item.note


def _preview(table: Table, drafted: Draft, found: Comparison, key: str) -> bool:
    """Show what would come in; return whether scores that differ are taken from the file."""
    if found.new:
        st.text(found.coming_text())
        st.text(say("trackers.counts"))
        if all(entry.when.clock.at is None for entry in drafted.entries):
            st.text(say("trackers.no_time"))
        st.text(say("trackers.first"))
        for item in found.new[:COMING_SHOWN]:
            with st.container(border=True):
                first, *lines = _item_lines(item)
                st.markdown(f"**{plain(first)}**")
                for line in filter(None, lines):
                    st.text(line)
    elif not found.noted:
        st.text(say("trackers.coming_none"))
    if found.noted:
        st.text(say("trackers.noted", rows=counted("rows", len(found.noted))))
    if found.there:
        st.text(say("trackers.there", rows=counted("rows", found.there)))
    replace_scores = False
    if found.differing:
        st.text(say("trackers.differing", rows=counted("rows", len(found.differing))))
        replace_scores = st.toggle(say("trackers.differing_take"), key=f"{key}-differing")
    if rows := drafted.refused:
        with st.expander(say("trackers.refused", rows=counted("rows", len(rows))), expanded=True):
            for line in saving.refusal_lines(rows):
                st.text(line)
            st.download_button(
                say("trackers.refused_save"),
                saving.list_of_refused(table, rows),
                "holdwell-not-imported.csv",
                "text/csv",
                on_click="ignore",
            )
    return replace_scores
