"""The question "where are you": pregnant, postpartum, or just stretching."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
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
from holdwell.ui.common.forms import answer, day_input
from holdwell.ui.guide import situations
from holdwell.ui.runtime import clock


class Where(StrEnum):
    """Answers to the question; the texts are in content/wording."""

    PREGNANT = "pregnant"
    POSTPARTUM = "postpartum"
    NEITHER = "neither"
    ENDED = "ended"


Told = tuple[Pregnancy | None, DueDate | None, DateProblem | None]
"""What the user told: the pregnancy to save, what its due date was given from, and a problem."""


def ask(
    key: str,
    store: Store,
    *,
    save: str,
    skip: str,
    another: bool = False,
    also: Callable[[], object] | None = None,
) -> tuple[bool, Pregnancy | None]:
    """Ask; return whether the user is done, and the pregnancy that was saved, if one was.

    `also` asks for more, above the buttons `save` and `skip`.
    The pregnancy is the current one; a new one beside them if the user begins
    `another`, or if the current one has ended, which then stays as it is. Dates that are
    impossible or reach into another pregnancy are answered with a sentence, and stay in the form.
    """
    known = store.pregnancy_periods()
    current = known[-1].pregnancy
    new = Pregnancy(id=_new_id(key, known))
    pregnancy = None if another or (current is not None and current.ended) else current
    where = answer(
        say("welcome.question"),
        _offered(current, another=another),
        _where(pregnancy),
        f"{key}-where",
        "welcome.{}",
    )
    told, due, problem = _ask_more(key, store, where, pregnancy, new)
    if problem is None and told is not None:
        problem = pregnancies.check_order(known, told)
    if also is not None:
        also()
    return _finish(key, store, (told, due, problem), save if where else "", skip)


def _offered(current: Pregnancy | None, *, another: bool) -> list[Where]:
    """Return the answers to choose from; `another` asks for a new pregnancy."""
    offered = [Where.PREGNANT, Where.POSTPARTUM]
    if not another:
        offered.append(Where.NEITHER)
    if current is None or not (current.ended or current.has_dates):
        offered.append(Where.ENDED)
    return offered


def _ask_more(
    key: str, store: Store, where: Where | None, pregnancy: Pregnancy | None, new: Pregnancy
) -> Told:
    """Ask what an answer leaves open, of the `pregnancy` if there is one, else of the `new` one."""
    today = clock.now().local.date()
    if where is Where.PREGNANT:
        pregnancy = pregnancy or new
        given = store.due_dates(pregnancy.id)
        return _ask_pregnant(key, pregnancy, given[-1] if given else None, today)
    if where is Where.POSTPARTUM:
        return _ask_postpartum(key, pregnancy or new, today)
    if where is Where.NEITHER and pregnancy is not None:
        return replace(pregnancy, due_date=None, birth_date=None), None, None
    if where is Where.ENDED:
        return replace(pregnancy or new, ended=True), None, None
    return None, None, None


def _new_id(key: str, known: Sequence[PregnancyPeriod]) -> str:
    """Return the id of the pregnancy that this form would begin; of two clicks both save it."""
    kept = st.session_state.get(f"{key}-new")
    is_sent = st.session_state.get(f"{key}-next", False)
    if kept is None or (not is_sent and any(one.id == kept for one in known)):
        kept = st.session_state[f"{key}-new"] = new_id()
    return str(kept)


def ask_dates(
    key: str, store: Store, pregnancy: Pregnancy, known: Sequence[PregnancyPeriod]
) -> tuple[bool, Pregnancy | None]:
    """Ask for the dates of an earlier pregnancy, both optional; return what `ask` does.

    For one that ended without a birth there is no question about a birth.
    """
    due = day_input(say("welcome.due"), f"{key}-due", pregnancy.due_date)
    birth = pregnancy.birth_date
    if birth is not None or not pregnancy.ended:
        birth = day_input(say("welcome.birth"), f"{key}-birth", birth)
    told = replace(pregnancy, due_date=due, birth_date=birth)
    problem = None
    if birth is not None:
        problem = dates.check_birth(birth, due, clock.now().local.date())
    problem = problem or pregnancies.check_order(known, told)
    return _finish(key, store, (told, None, problem), say("form.save"), say("form.cancel"))


def _finish(
    key: str, store: Store, asked: Told, save: str, skip: str
) -> tuple[bool, Pregnancy | None]:
    """Show the buttons below the dates ("" for no button to save), and save; return as `ask`."""
    told, due, problem = asked
    saved = bool(save) and buttons.wide(save, f"{key}-next", primary=True)
    if buttons.wide(skip, f"{key}-skip"):
        return True, None
    if saved and problem is not None:
        failure_box.show(say(f"dates.{problem.value}"))
        return False, None
    if saved and told is not None:
        store.save_pregnancy(told, clock.now(), due)
    return saved, told if saved else None


def _where(pregnancy: Pregnancy | None) -> Where | None:
    """Return the answer that the saved dates give."""
    if pregnancy is None:
        return None
    if pregnancy.birth_date is not None:
        return Where.POSTPARTUM
    return Where.PREGNANT if pregnancy.due_date is not None else Where.NEITHER


SOURCES = tuple(source for source in DueDateSource if source is not DueDateSource.UNKNOWN)
SCAN_WEEKS_MIN, SCAN_WEEKS_MAX = 4, 43
EMBRYO_DAYS_MAX, EMBRYO_DAYS_USUAL = 7, 5
"""An embryo is transferred up to its seventh day, most often on its fifth."""


def _ask_pregnant(key: str, pregnancy: Pregnancy, last: DueDate | None, today: date) -> Told:
    """Ask for the due date, or for what it follows from; `last` is what was given last."""
    before = last.source if last is not None and last.source in SOURCES else DueDateSource.DATE
    source = answer(
        say("welcome.know"), SOURCES, before, f"{key}-known", "welcome.know_{}", required=True
    )
    if source is None or source is DueDateSource.DATE:
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
    return replace(pregnancy, due_date=due, birth_date=None), given, problem


def _ask_source(
    key: str, source: DueDateSource, pregnancy: Pregnancy, last: DueDate | None
) -> DueDate | None:
    """Ask for the day of what a due date follows from; None while there is none."""
    known = last if last is not None and last.source is source else None
    label, shown = say(f"welcome.day_{source.value}"), known.source_day if known else None
    day = day_input(label, f"{key}-{source.value}", shown)
    days = known.source_days if known else None
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


def _ask_postpartum(key: str, pregnancy: Pregnancy, today: date) -> Told:
    """Ask for the day of the birth, and for the due date and kind of birth, which may be left."""
    birth = day_input(say("welcome.birth"), f"{key}-birth", pregnancy.birth_date)
    due = day_input(say("welcome.due_optional"), f"{key}-expected", pregnancy.due_date)
    problem = DateProblem.NO_DATE if birth is None else dates.check_birth(birth, due, today)
    kind = situations.birth_kind(f"{key}-birth-kind", pregnancy.birth_kind)
    return replace(pregnancy, due_date=due, birth_date=birth, birth_kind=kind), None, problem
