"""The question "where are you": pregnant, postpartum, or just stretching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

import streamlit as st

from holdwell.domain import dates, pregnancies
from holdwell.domain.dates import DateProblem
from holdwell.domain.models import Pregnancy
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.messages import say
from holdwell.ui.common.forms import EARLIEST, LATEST
from holdwell.ui.guide import situations
from holdwell.ui.runtime import clock


class Where(StrEnum):
    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    NEITHER = "neither"


class Known(StrEnum):
    DUE = "due"
    LMP = "lmp"


def ask(
    key: str, known: Sequence[PregnancyPeriod], *, skip: str, another: bool = False
) -> tuple[bool, Pregnancy | None]:
    """Ask, and return whether she is done and the pregnancy to save (None: nothing to save).

    It is the current one of the `known`; a new one beside them if she begins `another`, or if the
    current one ended, which stays as it is. Dates that cannot be, or that reach into another
    pregnancy, are answered with a sentence, and stay as she entered them.
    """
    today = clock.now().local.date()
    current = known[-1].pregnancy
    pregnancy = None if another or (current is not None and current.ended) else current
    where = st.pills(
        say("welcome.question"),
        [w for w in Where if not (another and w is Where.NEITHER)],
        default=_current(pregnancy),
        format_func=lambda w: say(f"welcome.{w.value}"),
        key=f"{key}-where",
        width="stretch",
    )
    due = pregnancy.due_date if pregnancy else None
    problem: DateProblem | None = None
    answer: Pregnancy | None = None
    base = pregnancy or Pregnancy()
    if where is Where.PREGNANT:
        due, problem = _ask_due(key, due, today)
        answer = replace(base, due_date=due, birth_date=None)
    elif where is Where.POSTPARTUM:
        born = _day(
            say("welcome.birth"), f"{key}-birth", pregnancy.birth_date if pregnancy else None
        )
        expected = _day(say("welcome.due_optional"), f"{key}-expected", due)
        problem = DateProblem.NO_DATE if born is None else dates.check_birth(born, expected, today)
        kind = situations.birth_kind(f"{key}-birth-kind", base.birth_kind)
        answer = replace(base, due_date=expected, birth_date=born, birth_kind=kind)
    elif where is Where.NEITHER and pregnancy is not None:
        answer = replace(pregnancy, due_date=None, birth_date=None)
    if problem is None and answer is not None:
        problem = pregnancies.check_order(known, answer)
    forward = where is not None and st.button(
        say("welcome.next"), type="primary", key=f"{key}-next", width="stretch"
    )
    skipped = st.button(skip, key=f"{key}-skip", width="stretch")
    if skipped:
        return True, None
    if forward and problem is not None:
        st.warning(say(f"dates.{problem.value}"), icon=":material/info:")
        return False, None
    return forward, answer


def ask_dates(
    key: str, pregnancy: Pregnancy, known: Sequence[PregnancyPeriod], *, skip: str
) -> tuple[bool, Pregnancy | None]:
    """Ask for the dates of an earlier pregnancy, both optional; returns what `ask` does.

    One that ended without a birth is not asked for one, and stays as it is otherwise.
    """
    today = clock.now().local.date()
    due = _day(say("welcome.due"), f"{key}-due", pregnancy.due_date)
    born = pregnancy.birth_date
    if born is not None or not pregnancy.ended:
        born = _day(say("welcome.birth"), f"{key}-birth", born)
    answer = replace(pregnancy, due_date=due, birth_date=born)
    problem = dates.check_birth(born, due, today) if born is not None else None
    problem = problem or pregnancies.check_order(known, answer)
    forward = st.button(say("form.save"), type="primary", key=f"{key}-next", width="stretch")
    if st.button(skip, key=f"{key}-skip", width="stretch"):
        return True, None
    if forward and problem is not None:
        st.warning(say(f"dates.{problem.value}"), icon=":material/info:")
        return False, None
    return forward, answer


def _current(pregnancy: Pregnancy | None) -> Where | None:
    if pregnancy is None:
        return None
    if pregnancy.birth_date is not None:
        return Where.POSTPARTUM
    return Where.PREGNANT if pregnancy.due_date is not None else Where.NEITHER


def _ask_due(key: str, due: date | None, today: date) -> tuple[date | None, DateProblem | None]:
    known = st.pills(
        say("welcome.know"),
        list(Known),
        default=Known.DUE,
        format_func=lambda k: say(f"welcome.know_{k.value}"),
        key=f"{key}-known",
        required=True,
        width="stretch",
    )
    if known is Known.LMP:
        first = _day(say("welcome.lmp"), f"{key}-lmp", None)
        if first is None:
            return None, DateProblem.NO_DATE
        problem = dates.check_lmp(first, today)
        return (None if problem else dates.due_date_from_lmp(first)), problem
    given = _day(say("welcome.due"), f"{key}-due", due)
    if given is None:
        return None, DateProblem.NO_DATE
    return given, dates.check_due_date(given, today)


def _day(label: str, key: str, value: date | None) -> date | None:
    given = st.date_input(label, value, EARLIEST, LATEST, key=key, format=clock.date_format())
    return given if isinstance(given, date) else None
