"""Where she is now, on the page: what to change, leave out or ask first, with its sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from holdwell.domain import dates
from holdwell.domain.dates import Stage, StageKind
from holdwell.domain.models import BirthKind, Condition, Profile, Tracking
from holdwell.guide import Guide, Situation, Source, situations
from holdwell.i18n.messages import plain, say
from holdwell.store.repository import Store
from holdwell.ui.runtime import clock


def stage_now(store: Store, profile: Profile) -> Stage:
    """Where she is, as far as the guide looks: nowhere while tracking is paused or has ended.

    A pregnancy that ended is not looked back at, neither in words nor in drawings.
    """
    if profile.tracking is not Tracking.ON:
        return Stage(StageKind.UNSTATED)
    return dates.stage(store.pregnancy(), clock.now().local.date())


def applying(guide: Guide, store: Store, profile: Profile) -> list[Situation]:
    """The situations that apply to her now."""
    pregnancy = store.pregnancy()
    birth = pregnancy.birth_kind if pregnancy is not None else None
    return situations.heeded(guide.situations, stage_now(store, profile), birth, profile.conditions)


def ask_conditions(store: Store, profile: Profile) -> Profile:
    """Ask what the guide should heed; return the profile with her answer, saved at once."""
    given = st.pills(
        say("heed.conditions"),
        list(Condition),
        selection_mode="multi",
        default=sorted(profile.conditions),
        format_func=lambda c: say(f"heed.condition_{c.value}"),
        key="hw-conditions",
        width="stretch",
    )
    if frozenset(given) == profile.conditions:
        return profile
    changed = replace(profile, conditions=frozenset(given))
    store.save_profile(changed, clock.now())
    return changed


def ask_birth(store: Store, stage: Stage) -> None:
    """After a birth, ask how it went; the answer is saved at once, and none is needed."""
    pregnancy = store.pregnancy()
    if stage.kind is not StageKind.POSTPARTUM or pregnancy is None:
        return
    given = birth_kind("hw-birth-kind", pregnancy.birth_kind)
    if given is not pregnancy.birth_kind:
        store.save_pregnancy(replace(pregnancy, birth_kind=given), clock.now())


def birth_kind(key: str, value: BirthKind | None) -> BirthKind | None:
    """Ask what kind of birth it was, one tap; a second tap takes it back."""
    return st.pills(
        say("heed.birth"),
        list(BirthKind),
        default=value,
        format_func=lambda kind: say(f"heed.birth_{kind.value}"),
        key=key,
        width="stretch",
    )


def situation(found: Situation) -> None:
    """One situation: its lines by kind, and where they come from."""
    with st.container(border=True, key=f"hw-situation-{found.id}"):
        st.subheader(found.title, anchor=False)
        lines(found)


def lines(found: Situation) -> None:
    """The lines of a situation, each with its source, and at the end where to find them."""
    for kind, said in situations.by_kind(found).items():
        st.markdown(f"**{plain(say(f'heed.kind_{kind.value}'))}**")
        for number, line in enumerate(said):
            with st.container(key=f"hw-heed-{found.id}-{kind.value}-{number}"):
                st.text(line.text)
                with st.container(key=f"hw-cited-{found.id}-{kind.value}-{number}"):
                    st.text("; ".join(source.short for source in line.sources))
    with st.expander(say("heed.find")):
        _addresses(found)


def _addresses(found: Situation) -> None:
    cited(dict.fromkeys(s for line in found.lines for s in line.sources), found.id)


def cited(sources: Iterable[Source], key: str) -> None:
    """Where it comes from, as text: no address is a link, since the app opens no other host."""
    with st.container(key=f"hw-cited-{key}"):
        st.text(say("safety.sources") + ": " + "; ".join(s.line for s in sources) + ".")
