"""The import of another tracker's table: which column is what, and what would come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from holdwell.domain.models import NOTE_MAX, DayPart, Moment, Session
from holdwell.i18n.formats import day_text, moment_text
from holdwell.i18n.messages import counted, language, plain, say
from holdwell.store.repository import Store
from holdwell.transfer.csv import column_guess, dates, reader, tracker, tracker_import
from holdwell.transfer.csv.dates import DateOrder
from holdwell.transfer.csv.reader import Table, TableError
from holdwell.transfer.csv.tracker import Draft, Mapping, RefusedRow, Role, Scale
from holdwell.ui.common import failure_box
from holdwell.ui.common.text import scores_text
from holdwell.ui.runtime import clock

ROWS_SHOWN = 5
COMING_SHOWN = 3
EXAMPLE_SHOWN = 30
_PAIN = (Role.BEFORE, Role.AFTER)


def mapping_step(store: Store, data: bytes, key: str) -> list[Session]:
    """Ask what the columns are, and show what the file then holds.

    Return the sessions that are new, or none while an answer is missing.
    """
    try:
        table = reader.read(data)
    except TableError as error:
        failure_box.show(say(f"trackers.table_{error.problem.value}", number=error.number))
        return []
    st.subheader(say("trackers.title"), anchor=False)
    st.text(say("trackers.what", rows=counted("rows", len(table.rows))))
    names = _names(table)
    _sample(table, names)
    roles = _roles(table, names, key)
    problem = _problem(roles)
    if problem is not None:
        st.info(problem, icon=":material/info:")
        return []
    order = _order(table, roles, key)
    scale = _scale(table, roles, key)
    if order is None or scale is None:
        return []
    now, locale = clock.now(), language().locale
    drafted = tracker.draft(table, Mapping(roles, order, scale), now, _moment, locale)
    fresh = tracker_import.unknown(store, drafted.sessions)
    _preview(drafted, fresh, now)
    return fresh


def _names(table: Table) -> list[str]:
    """Return a name for each column, no name twice: a table on the page needs that."""
    names: list[str] = []
    for number, header in enumerate(table.header, 1):
        name = header or say("trackers.column", number=number)
        names.append(name if name not in names else f"{name} ({number})")
    return names


def _sample(table: Table, names: Sequence[str]) -> None:
    rows = [row.cells[: len(names)] for row in table.rows[:ROWS_SHOWN]]
    shown = [[*cells, *[""] * (len(names) - len(cells))] for cells in rows]
    frame = pd.DataFrame(shown, columns=list(names))
    st.dataframe(frame, hide_index=True, width="stretch", row_height=36)


def _roles(table: Table, names: Sequence[str], key: str) -> tuple[Role, ...]:
    proposed = column_guess.propose(table, language().locale)
    options = list(Role)
    roles = []
    for number, name in enumerate(names):
        example = next(table.column(number), "–")
        if len(example) > EXAMPLE_SHOWN:
            example = example[: EXAMPLE_SHOWN - 1] + "…"
        # Text of the file stands outside the label: made safe for Markdown, a screen reader would
        # read it with all its backslashes.
        with st.container(key=f"hw-lines-{number}"):
            st.text(say("trackers.column_label", name=name, example=example))
            roles.append(
                st.selectbox(
                    say("trackers.column", number=number + 1),
                    options,
                    index=options.index(proposed[number]),
                    format_func=lambda role: say(f"trackers.role_{role.value}"),
                    key=f"{key}-role-{number}",
                    label_visibility="collapsed",
                )
            )
    return tuple(roles)


def _problem(roles: Sequence[Role]) -> str | None:
    if Role.DATE not in roles:
        return say("trackers.need_date")
    if any(roles.count(role) > 1 for role in (Role.DATE, Role.TIME, *_PAIN)):
        return say("trackers.one_each")
    if not {*_PAIN, Role.NOTE} & set(roles):
        return say("trackers.need_what")
    return None


def _order(table: Table, roles: Sequence[Role], key: str) -> DateOrder | None:
    """Return the order of day and month: the only one possible, else the one chosen."""
    cells = list(table.column(roles.index(Role.DATE)))
    locale = language().locale
    possible = dates.orders(cells, clock.now().local.date(), locale)
    if len(possible) == 1:
        return possible[0]
    example, readings = _two_readings(cells, locale)
    st.text(say("trackers.order", example=example))
    return st.segmented_control(
        say("trackers.order_label"),
        list(possible),
        format_func=lambda order: readings[order],
        key=f"{key}-order",
        label_visibility="collapsed",
    )


def _two_readings(cells: Sequence[str], locale: str) -> tuple[str, dict[DateOrder, str]]:
    """Return a date of the file that each order reads differently, and what each makes of it."""
    for cell in cells:
        read = {order: dates.read_day(cell, order, locale) for order in DateOrder}
        days = {order: found.day for order, found in read.items() if found}
        if len(set(days.values())) == len(DateOrder):
            return cell, {order: day_text(day) for order, day in days.items()}
    return cells[0], {order: say(f"trackers.{order.value}") for order in DateOrder}


def _scale(table: Table, roles: Sequence[Role], key: str) -> Scale | None:
    """Ask for the scale of the pain scores, with a proposal where one is plain."""
    columns = [number for number, role in enumerate(roles) if role in _PAIN]
    if not columns:
        return Scale.TEN
    cells = [cell for number in columns for cell in table.column(number)]
    found = tracker.scale_of(" ".join(table.header[number] for number in columns), cells)
    options = list(Scale)
    chosen = st.selectbox(
        say("trackers.scale"),
        options,
        index=None if found is None else options.index(found),
        placeholder=say("trackers.scale_choose"),
        format_func=lambda scale: say(f"trackers.scale_{scale.value}"),
        # For other columns it is another question.
        key=f"{key}-scale-{'-'.join(map(str, columns))}",
    )
    if chosen is None:
        st.info(say("trackers.scale_needed"), icon=":material/info:")
    elif chosen is not Scale.TEN:
        st.text(say("trackers.scale_converted"))
    return chosen


def _moment(at: datetime) -> Moment:
    """Return the moment of a time in the file; one without an offset is the user's own."""
    return clock.at_wall_time(at) if at.tzinfo is None else Moment.of(at.astimezone(clock.zone()))


def _preview(drafted: Draft, fresh: Sequence[Session], now: Moment) -> None:
    """Show what would come in, what is there already, and what cannot be read."""
    if fresh:
        st.text(say("trackers.coming", rows=counted("rows", len(fresh))))
        st.text(say("trackers.counts"))
        if any(session.part is DayPart.OTHER for session in fresh) and _all_at_noon(fresh, now):
            st.text(say("trackers.no_time"))
        st.text(say("trackers.first"))
        for session in fresh[:COMING_SHOWN]:
            with st.container(border=True):
                st.markdown(f"**{plain(moment_text(session.started.local))}**")
                for line in (scores_text(session), session.note):
                    if line:
                        st.text(line)
    else:
        st.text(say("trackers.coming_none"))
    there = len(drafted.sessions) - len(fresh)
    if there:
        st.text(say("trackers.there", rows=counted("rows", there)))
    _refused(drafted.refused)


def _all_at_noon(sessions: Sequence[Session], now: Moment) -> bool:
    return all(s.started.local.time() == tracker.NOON or s.started == now for s in sessions)


def _refused(rows: Sequence[RefusedRow]) -> None:
    if not rows:
        return
    with st.expander(say("trackers.refused", rows=counted("rows", len(rows))), expanded=True):
        lines = [say("trackers.refused_line", number=r.number, why=_why(r)) for r in rows]
        with st.container(height=240 if len(lines) > 6 else "content", border=False):
            st.text("\n".join(lines))


def _why(row: RefusedRow) -> str:
    return say(
        f"trackers.refused_{row.reason.value}",
        value=row.value,
        most=counted("characters", NOTE_MAX),
    )
