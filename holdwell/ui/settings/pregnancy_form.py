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
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.common.forms import day_input
from holdwell.ui.guide import situations
from holdwell.ui.runtime import clock


class Where(StrEnum):
    """Answers to the question; the texts are in content/wording."""

    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    NEITHER = "neither"


class KnownDate(StrEnum):
    """Dates that a due date follows from: itself, or the first day of the last period."""

    DUE = "due"
    LMP = "lmp"


def ask(
    key: str, known: Sequence[PregnancyPeriod], *, skip: str, another: bool = False
) -> tuple[bool, Pregnancy | None]:
    """Ask; return whether the user is done, and the pregnancy to save (None: nothing to save).

    The pregnancy is the current one of the `known`; a new one beside them if the user begins
    `another`, or if the current one has ended, which then stays as it is. Dates that are
    impossible or reach into another pregnancy are answered with a sentence, and stay in the form.
    """
    current = known[-1].pregnancy
    pregnancy = None if another or (current is not None and current.ended) else current
    where = st.pills(
        say("welcome.question"),
        [w for w in Where if not (another and w is Where.NEITHER)],
        default=_where(pregnancy),
        format_func=lambda w: say(f"welcome.{w.value}"),
        key=f"{key}-where",
        width="stretch",
    )
    today = clock.now().local.date()
    answer: Pregnancy | None = None
    problem: DateProblem | None = None
    if where is Where.PREGNANT:
        answer, problem = _ask_pregnant(key, pregnancy or Pregnancy(), today)
    elif where is Where.POSTPARTUM:
        answer, problem = _ask_postpartum(key, pregnancy or Pregnancy(), today)
    elif where is Where.NEITHER and pregnancy is not None:
        answer = replace(pregnancy, due_date=None, birth_date=None)
    if problem is None and answer is not None:
        problem = pregnancies.check_order(known, answer)
    save = say("welcome.next") if where is not None else ""
    return _finish(key, answer, problem, save=save, skip=skip)


def ask_dates(
    key: str, pregnancy: Pregnancy, known: Sequence[PregnancyPeriod], *, skip: str
) -> tuple[bool, Pregnancy | None]:
    """Ask for the dates of an earlier pregnancy, both optional; return what `ask` does.

    For one that ended without a birth there is no question about a birth.
    """
    due = day_input(say("welcome.due"), f"{key}-due", pregnancy.due_date)
    birth = pregnancy.birth_date
    if birth is not None or not pregnancy.ended:
        birth = day_input(say("welcome.birth"), f"{key}-birth", birth)
    answer = replace(pregnancy, due_date=due, birth_date=birth)
    problem = None
    if birth is not None:
        problem = dates.check_birth(birth, due, clock.now().local.date())
    problem = problem or pregnancies.check_order(known, answer)
    return _finish(key, answer, problem, save=say("form.save"), skip=skip)


def _finish(
    key: str, answer: Pregnancy | None, problem: DateProblem | None, *, save: str, skip: str
) -> tuple[bool, Pregnancy | None]:
    """Show the buttons below the dates ("" for no button to save); return what `ask` does."""
    saved = bool(save) and buttons.wide(save, f"{key}-next", primary=True)
    if buttons.wide(skip, f"{key}-skip"):
        return True, None
    if saved and problem is not None:
        failure_box.show(say(f"dates.{problem.value}"))
        return False, None
    return saved, answer


def _where(pregnancy: Pregnancy | None) -> Where | None:
    """Return the answer that the saved dates give."""
    if pregnancy is None:
        return None
    if pregnancy.birth_date is not None:
        return Where.POSTPARTUM
    return Where.PREGNANT if pregnancy.due_date is not None else Where.NEITHER


def _ask_pregnant(
    key: str, pregnancy: Pregnancy, today: date
) -> tuple[Pregnancy, DateProblem | None]:
    """Ask for the due date, or for the first day of the last period that it follows from."""
    kind = st.pills(
        say("welcome.know"),
        list(KnownDate),
        default=KnownDate.DUE,
        format_func=lambda k: say(f"welcome.know_{k.value}"),
        key=f"{key}-known",
        required=True,
        width="stretch",
    )
    due: date | None = None
    problem: DateProblem | None = DateProblem.NO_DATE
    if kind is KnownDate.LMP:
        first = day_input(say("welcome.lmp"), f"{key}-lmp", None)
        if first is not None:
            problem = dates.check_lmp(first, today)
            due = None if problem else dates.due_date_from_lmp(first)
    else:
        due = day_input(say("welcome.due"), f"{key}-due", pregnancy.due_date)
        if due is not None:
            problem = dates.check_due_date(due, today)
    return replace(pregnancy, due_date=due, birth_date=None), problem


def _ask_postpartum(
    key: str, pregnancy: Pregnancy, today: date
) -> tuple[Pregnancy, DateProblem | None]:
    """Ask for the day of the birth, and for the due date and kind of birth, which may be left."""
    birth = day_input(say("welcome.birth"), f"{key}-birth", pregnancy.birth_date)
    due = day_input(say("welcome.due_optional"), f"{key}-expected", pregnancy.due_date)
    problem = DateProblem.NO_DATE if birth is None else dates.check_birth(birth, due, today)
    kind = situations.birth_kind(f"{key}-birth-kind", pregnancy.birth_kind)
    return replace(pregnancy, due_date=due, birth_date=birth, birth_kind=kind), problem
