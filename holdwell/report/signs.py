"""The answers before sessions that were a stop sign: how often each came up, and when last."""

from dataclasses import dataclass, replace
from datetime import date

from holdwell.domain.pregnancies import PregnancyPeriod
from holdwell.guide import Audience, Verdict, guide
from holdwell.stats import queries
from holdwell.store.repository import Store


@dataclass(frozen=True, slots=True)
class Sign:
    """An answer before a session that was not "go": how often it came up, and when last.

    `label` is the answer's id where content/ no longer has it; `verdict` is None then. It is empty
    for all answers of a pregnancy that ended, and for unknown ones after it: they could hurt.
    """

    label: str
    verdict: Verdict | None
    count: int
    last: date


_GRAVEST_FIRST = (Verdict.CALL_NOW, Verdict.NOT_TODAY, None, Verdict.GENTLY)
"""The order of signs. An answer that content/ no longer knows may have been a grave one."""


def read_signs(
    store: Store, first: date, last: date, within: PregnancyPeriod
) -> tuple[int, tuple[Sign, ...]]:
    """Return how many answers there are, and those that did not say that all is well.

    Where the pregnancy ended, its own answers and unknown ones are counted by their verdict alone.
    """
    ended = within.pregnancy is not None and within.pregnancy.ended
    known = {answer.id: answer for answer in guide().check_in.answers}
    found: dict[tuple[str, Verdict | None], Sign] = {}
    for row in queries.check_in_answers(store, first, last):
        answer = known.get(row.answer)
        verdict = answer.verdict if answer is not None else None
        label = answer.label if answer is not None else row.answer
        if ended and (answer is None or answer.stage is Audience.PREGNANT):
            label = ""
        sign = found.get((label, verdict), Sign(label, verdict, 0, row.last))
        count, latest = sign.count + row.count, max(sign.last, row.last)
        found[label, verdict] = replace(sign, count=count, last=latest)
    signs = [sign for sign in found.values() if sign.verdict is not Verdict.GO]
    signs.sort(key=lambda sign: (_GRAVEST_FIRST.index(sign.verdict), not sign.label))
    return sum(sign.count for sign in found.values()), tuple(signs)
