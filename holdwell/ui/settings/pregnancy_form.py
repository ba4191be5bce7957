"""The form that asks where the user is: pregnant, postpartum, or just stretching."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import streamlit as st

from holdwell.domain import dates, pregnancies
from holdwell.domain.dates import DateProblem
from holdwell.domain.models import DueDate, DueDateSource, Pregnancy, new_id
from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.i18n.formats import day_text
from holdwell.i18n.messages import say
from holdwell.store.repository import Store
from holdwell.ui.common import buttons, failure_box
from holdwell.ui.common.forms import FormResult, at_most_one, day_input, exactly_one
from holdwell.ui.guide import situations
from holdwell.ui.runtime import clock


class Where(StrEnum):
    """The answers to "where are you"; their texts are in content/wording."""

    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    NEITHER = "neither"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class DateAnswers:
    """What the form holds: the pregnancy to save, and what is wrong with its dates.

    `source` is what the due date was worked out from, unless it was given as a date.
    """

    pregnancy: Pregnancy | None = None
    problem: DateProblem | None = None
    source: DueDate | None = None


def ask(
    key: str,
    store: Store,
    *,
    save: str,
    skip: str,
    another: bool = False,
    also: Callable[[], object] | None = None,
) -> FormResult[Pregnancy]:
    """Ask where the user is; when the user taps Save, save that pregnancy.

    The form edits the current pregnancy. It begins a new one if the user starts `another`, or if
    the current one has ended, which then stays as it is. Dates that are impossible or overlap
    another pregnancy stay in the form, with a sentence about the problem. `also` asks for more,
    above the buttons labelled `save` and `skip`.
    """
    periods = store.pregnancy_periods()
    current = periods[-1].pregnancy
    new = Pregnancy(id=_new_id(key, periods))
    pregnancy = None if another or (current is not None and current.ended) else current
    question, offered = say("welcome.question"), _offered(current, another=another)
    where = at_most_one(question, offered, _where(pregnancy), f"{key}-where", "welcome.{}")
    answers = _ask_more(key, store, where, pregnancy, new)
    if also is not None:
        also()
    return _finish(key, store, answers, save if where else "", skip)


def _offered(current: Pregnancy | None, *, another: bool) -> list[Where]:
    """Return the answers to choose from; `another` means that a new pregnancy is asked about."""
    offered = [Where.PREGNANT, Where.POSTPARTUM]
    if not another:
        offered.append(Where.NEITHER)
    if current is None or not (current.ended or current.has_dates):
        offered.append(Where.ENDED)
    return offered


def _ask_more(
    key: str, store: Store, where: Where | None, pregnancy: Pregnancy | None, new: Pregnancy
) -> DateAnswers:
    """Ask for the dates that belong to an answer: for `pregnancy`, or else for the `new` one."""
    if where is Where.PREGNANT:
        return _ask_pregnant(key, store, pregnancy or new)
    if where is Where.POSTPARTUM:
        return _ask_postpartum(key, pregnancy or new)
    if where is Where.NEITHER and pregnancy is not None:
        return DateAnswers(replace(pregnancy, due_date=None, birth_date=None))
    if where is Where.ENDED:
        return DateAnswers(replace(pregnancy or new, ended=True))
    return DateAnswers()


def _new_id(key: str, periods: Sequence[PregnancyPeriod]) -> str:
    """Return the id for a pregnancy that this form begins, the same for both of two clicks."""
    pregnancy_id = st.session_state.get(f"{key}-new")
    is_sent = st.session_state.get(f"{key}-next", False)
    is_begun = any(period.id == pregnancy_id for period in periods)
    if pregnancy_id is None or (is_begun and not is_sent):
        pregnancy_id = st.session_state[f"{key}-new"] = new_id()
    return str(pregnancy_id)


def ask_dates(key: str, store: Store, pregnancy: Pregnancy) -> FormResult[Pregnancy]:
    """Ask for the dates of an earlier pregnancy, both optional; when the user taps Save, save them.

    The date of birth is not asked for if the pregnancy ended without a birth.
    """
    due = day_input(say("welcome.due"), f"{key}-due", pregnancy.due_date)
    birth = pregnancy.birth_date
    if birth is not None or not pregnancy.ended:
        birth = day_input(say("welcome.birth"), f"{key}-birth", birth)
    problem = dates.check_birth(birth, due, clock.today()) if birth is not None else None
    answers = DateAnswers(replace(pregnancy, due_date=due, birth_date=birth), problem)
    return _finish(key, store, answers, say("form.save"), say("form.cancel"))


def _finish(
    key: str, store: Store, answers: DateAnswers, save: str, skip: str
) -> FormResult[Pregnancy]:
    """Show the buttons below the dates, and save on a tap unless the dates are impossible.

    There is no button to save if its label `save` is "".
    """
    is_saved = bool(save) and buttons.wide(save, f"{key}-next", primary=True)
    pregnancy = answers.pregnancy
    if buttons.wide(skip, f"{key}-skip") or (is_saved and pregnancy is None):
        return FormResult(is_done=True)
    if pregnancy is None or not is_saved:
        return FormResult()
    problem = answers.problem or pregnancies.check_order(store.pregnancy_periods(), pregnancy)
    if problem is not None:
        failure_box.show(say(f"dates.{problem.value}"))
        return FormResult()
    store.save_pregnancy(pregnancy, clock.now(), answers.source)
    return FormResult(is_done=True, value=pregnancy)


def _where(pregnancy: Pregnancy | None) -> Where | None:
    """Return the answer that follows from the saved dates."""
    if pregnancy is None:
        return None
    if pregnancy.birth_date is not None:
        return Where.POSTPARTUM
    return Where.PREGNANT if pregnancy.due_date is not None else Where.NEITHER


SOURCES = tuple(source for source in DueDateSource if source is not DueDateSource.UNKNOWN)
SCAN_WEEKS_MIN, SCAN_WEEKS_MAX = 4, 43
EMBRYO_DAYS_MAX, EMBRYO_DAYS_USUAL = 7, 5
"""The age of an embryo at its transfer, in days: seven at most, and five most often."""


def _ask_pregnant(key: str, store: Store, pregnancy: Pregnancy) -> DateAnswers:
    """Ask for the due date, or for a source to work it out from, such as a scan."""
    today = clock.today()
    last = next(reversed(store.due_dates(pregnancy.id)), None)
    shown = last.source if last is not None and last.source in SOURCES else DueDateSource.DATE
    source = exactly_one(say("welcome.know"), SOURCES, shown, f"{key}-known", "welcome.know_{}")
    if source is DueDateSource.DATE:
        given, due = None, day_input(say("welcome.due"), f"{key}-due", pregnancy.due_date)
    else:
        given = _ask_source(key, source, pregnancy, last)
        due = given.due_date if given else None
    problem = DateProblem.NO_DATE if due is None else dates.check_due_date(due, today)
    if given is not None and given.source_day is not None:
        st.text(say("welcome.gives", due=day_text(given.due_date)))
        if source is DueDateSource.LAST_PERIOD:
            problem = dates.check_lmp(given.source_day, today)
        elif given.source_day > today:
            problem = DateProblem.SOURCE_FUTURE
    return DateAnswers(replace(pregnancy, due_date=due, birth_date=None), problem, given)


def _ask_source(
    key: str, source: DueDateSource, pregnancy: Pregnancy, last: DueDate | None
) -> DueDate | None:
    """Ask for what a due date is worked out from; return None until its day is given.

    `last` is the latest due date that was saved.
    """
    saved = last if last is not None and last.source is source else None
    label, shown = say(f"welcome.day_{source.value}"), saved.source_day if saved else None
    day = day_input(label, f"{key}-{source.value}", shown)
    days = saved.source_days if saved else None
    if source is DueDateSource.SCAN:
        left, right = st.columns(2)
        weeks = left.number_input(
            say("welcome.scan_weeks"), SCAN_WEEKS_MIN, SCAN_WEEKS_MAX,
            days // 7 if days else 12, key=f"{key}-scan-weeks",
        )  # fmt: skip
        more = right.number_input(
            say("welcome.scan_days"), 0, 6, days % 7 if days else 0, key=f"{key}-scan-days"
        )
        days = weeks * 7 + more
    elif source is DueDateSource.TRANSFER:
        days = st.number_input(
            say("welcome.embryo_days"), 0, EMBRYO_DAYS_MAX,
            EMBRYO_DAYS_USUAL if days is None else days, key=f"{key}-embryo-days",
        )  # fmt: skip
    else:
        days = None
    if day is None:
        return None
    due = dates.due_date_from(source, day, days or 0)
    return DueDate(pregnancy.id, due, source, source_day=day, source_days=days)


def _ask_postpartum(key: str, pregnancy: Pregnancy) -> DateAnswers:
    """Ask for the day of the birth, and for the due date and kind of birth, both optional."""
    birth = day_input(say("welcome.birth"), f"{key}-birth", pregnancy.birth_date)
    due = day_input(say("welcome.due_optional"), f"{key}-expected", pregnancy.due_date)
    today = clock.today()
    problem = DateProblem.NO_DATE if birth is None else dates.check_birth(birth, due, today)
    kind = situations.ask_birth_kind(f"{key}-birth-kind", pregnancy.birth_kind)
    edited = replace(pregnancy, due_date=due, birth_date=birth, birth_kind=kind)
    return DateAnswers(edited, problem)
