"""The situations that apply to the user now: what to change, leave out or ask, with sources."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.models import BirthKind, Condition, Tracking
from holdwell.guide import situations
from holdwell.guide.advice import Audience, Line, LineKind, Situation
from holdwell.guide.fields import Source
from holdwell.guide.load import guide
from holdwell.i18n.messages import plain, say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, forms
from holdwell.ui.runtime import clock

READ = "read_before_session"
"""A key of `meta`: a digest of the lines that the user has read before a session."""
ENDED_SEEN = "ended_seen"
"""A key of `meta`: the id of the ended pregnancy after which the hint on reminders was seen."""
NOT_SAID = "birth_not_said"
"""A key of `meta`: the id of the pregnancy whose kind of birth the user chose not to tell."""


def stage_now(store: Store) -> dates.Stage:
    """Return the stage by which the guide chooses; unstated while tracking is paused.

    A pregnancy that ended is stated even then: no text or drawing may refer to it as going on.
    """
    now = clock.now()
    stage = dates.stage_at(store.pregnancy(), now.local, store.local_day(now))
    is_said = store.profile().tracking is Tracking.ON or stage.kind is dates.StageKind.ENDED
    return stage if is_said else dates.Stage(dates.StageKind.UNSTATED)


def audience_now(store: Store | None) -> Audience:
    """Return the audience by which the guide chooses its texts; ANY if no database is open."""
    return situations.audience(stage_now(store)) if store is not None else Audience.ANY


def applying_now(store: Store) -> list[Situation]:
    """Return the situations that apply to the user now."""
    pregnancy = store.pregnancy()
    birth = pregnancy.birth_kind if pregnancy is not None else None
    conditions = store.profile().conditions
    return situations.applying(guide().situations, stage_now(store), birth, conditions)


def ask_conditions(store: Store) -> bool:
    """Ask for conditions about which the guide has advice; return whether the answer changed."""
    key = "hw-conditions"
    shown = forms.initial(key, store.profile())
    label, words = say("situations.conditions"), "situations.condition_{}"
    given = forms.any_number(label, Condition, shown.conditions, key, words)
    return forms.save_profile(store, key, replace(shown, conditions=given))


def ask_birth(store: Store) -> None:
    """After a birth, ask for its kind, which is optional, and save the answer."""
    pregnancy = store.pregnancy()
    if stage_now(store).kind is not dates.StageKind.POSTPARTUM or pregnancy is None:
        return
    shown = forms.initial("hw-birth-kind", pregnancy)
    given = ask_birth_kind("hw-birth-kind", shown.birth_kind)
    edited = replace(shown, birth_kind=given)
    if forms.save_if_changed(
        "hw-birth-kind", edited, lambda: store.change_pregnancy(shown, edited, clock.now())
    ):
        st.rerun()


def is_birth_recent(store: Store) -> bool:
    """Return whether a birth is so recent that Today does not urge a session."""
    pregnancy = store.pregnancy()
    birth = pregnancy.birth_kind if pregnancy is not None else None
    return situations.is_birth_recent(birth, stage_now(store))


def ask_birth_once(store: Store) -> None:
    """Ask once for the kind of birth, in the weeks in which it may leave stretches out."""
    pregnancy = store.pregnancy()
    if pregnancy is None or pregnancy.birth_kind is not None or not is_birth_recent(store):
        return
    if store.meta(NOT_SAID) == pregnancy.id:
        return
    with st.container(key="hw-ask-birth"):
        ask_birth(store)
        if st.button(say("situations.birth_not_said"), key="hw-birth-not-said", type="tertiary"):
            store.set_meta(NOT_SAID, pregnancy.id)
            st.rerun()


def ask_birth_kind(key: str, value: BirthKind | None) -> BirthKind | None:
    """Ask what kind of birth it was; a second tap on an answer takes it back."""
    return forms.at_most_one(say("situations.birth"), BirthKind, value, key, "situations.birth_{}")


def show_must_read(store: Store) -> None:
    """Show what to leave out or ask first now, open until the user has read these very lines."""
    lines_by_kind = situations.must_read(applying_now(store))
    if not lines_by_kind:
        return
    texts = "\n".join(line.text for lines in lines_by_kind.values() for line in lines)
    digest = hashlib.sha256(texts.encode()).hexdigest()
    read = store.meta(READ) == digest
    with st.container(key="hw-must-read"), st.expander(say("stretch.must_read"), expanded=not read):
        for kind, lines in lines_by_kind.items():
            _show_kind(kind, lines, "must-read")
        if not read and buttons.wide(say("safety.accept"), "hw-lines-read"):
            store.set_meta(READ, digest)
            st.rerun()


def stop_groups(people: Audience) -> list[dict[str, Any]]:
    """Return the stop signs for an audience, as data for the browser."""
    groups = guide().safety.groups_for(people)
    return [group.model_dump(include={"title", "signs", "whom"}) for group in groups]


def show_lines(situation: Situation) -> None:
    """Show the lines of a situation by kind, each with its source, and a list of the sources."""
    for kind, lines in situations.by_kind(situation).items():
        _show_kind(kind, lines, situation.id)
    with st.expander(say("situations.find")):
        sources = dict.fromkeys(s for line in situation.lines for s in line.sources)
        show_sources(sources, situation.id)


def _show_kind(kind: LineKind, lines: Iterable[Line], where: str) -> None:
    """Show lines of one kind, each with its source; `where` makes the keys unique."""
    st.markdown(f"**{plain(say(f'situations.kind_{kind.value}'))}**")
    for number, line in enumerate(lines):
        key = f"{where}-{kind.value}-{number}"
        with st.container(key=f"hw-line-{key}"):
            st.text(line.text)
            with st.container(key=f"hw-cited-{key}"):
                st.text("; ".join(source.short for source in line.sources))


def show_sources(sources: Iterable[Source], key: str) -> None:
    """Show sources as text, without links, since the app never opens another host."""
    with st.container(key=f"hw-cited-{key}"):
        st.text(say("safety.sources") + ": " + "; ".join(s.line for s in sources) + ".")
