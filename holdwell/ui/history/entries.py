"""The list of entries on History: a card for each, and its time in words."""

from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

from holdwell.domain.models import CrampNight, PainEntry, Session, SessionState
from holdwell.i18n import formats
from holdwell.i18n.messages import plain, say
from holdwell.store.history import Entry, day_of, kind_of
from holdwell.ui.common import buttons, undo_bar
from holdwell.ui.common.text import held_text, pain_text, scores_text, shortened, where_texts
from holdwell.ui.history import address
from holdwell.ui.runtime import clock

NOTE_SHOWN = 280
"""A card shows at most this many characters of a note; a tap shows all of it."""


def open_form(form: address.FormAddress) -> NoReturn:
    """Begin a new run that shows a form."""
    undo_bar.withdraw("history")
    address.change(form=form)
    st.rerun()


def when_text(entry: Entry, *, in_sentence: bool = False) -> str:
    """Return the day of an entry, with the year if it is another year, and its time if known."""
    today = clock.today()
    write_day = formats.sentence_day_text if in_sentence else formats.day_text
    write_moment = formats.sentence_moment_text if in_sentence else formats.moment_text
    if isinstance(entry, CrampNight):
        return formats.sentence_day_text(entry.night, today=today)
    if entry.at is None:
        return write_day(entry.local_day, today=today)
    return write_moment(entry.at.local, today=today)


def show_list(entries: Sequence[Entry], *, by_month: bool) -> None:
    """Show a card for each entry; if `by_month`, under a heading for each month."""
    month = None
    for entry in entries:
        day = day_of(entry)
        if by_month and month != (day.year, day.month):
            month = (day.year, day.month)
            with st.container(key=f"hw-month-of-{day:%Y-%m}"):
                st.header(formats.month_year_text(day), anchor=False)
        _card(entry)


def _card(entry: Entry) -> None:
    entry_id, note, when = entry.id, "", plain(when_text(entry))
    if isinstance(entry, Session):
        title = f"**{when}** · {say(f'part.{entry.part.value}')}"
        lines, note = _session_lines(entry), entry.note
    elif isinstance(entry, PainEntry):
        title = f"**{when}** · {say('history.add_pain')}"
        lines, note = [_joined(pain_text(entry, timed=False), _counts_for(entry))], entry.note
    else:
        entry_id = entry.night.isoformat()
        title = f"**{plain(say('history.night', night=when_text(entry)))}**"
        lines = [say("history.cramps", leg=say(f"today.cramp_leg_{entry.leg.value}"))]
    form = address.FormAddress(kind_of(entry), entry_id)
    card, shown = buttons.card(form.entry_id)
    with shown:
        st.markdown(title)
        begun = shortened(note, NOTE_SHOWN)
        for line in filter(None, (*lines, begun)):
            st.text(line)
        if begun != note:
            with st.expander(say("history.whole_note")):
                st.text(note)
    if card.button(say("history.edit"), key=f"edit-{form.entry_id}", icon=":material/edit:"):
        open_form(form)


def _session_lines(session: Session) -> list[str]:
    """Return what is known of a session, except its time and note, line by line."""
    facts = [held_text(session)]
    if session.state is SessionState.LOGGED:
        facts.append(say("history.logged"))
    if session.state is SessionState.STOPPED:
        facts.append(say("history.stopped"))
    if not session.counts:
        facts.append(say("history.not_counted"))
    scores = [scores_text(session), *where_texts(session.pain_places, session.pain_side)]
    return [_joined(*facts, _counts_for(session)), ", ".join(filter(None, scores))]


def _counts_for(entry: Session | PainEntry) -> str:
    """Name the day that an entry counts for, if its time is in the night after that day."""
    if entry.at is None or entry.local_day == entry.at.local.date():
        return ""
    return say("history.counts_for", day=formats.day_text(entry.local_day, today=clock.today()))


def _joined(*facts: str) -> str:
    return " · ".join(filter(None, facts))
