"""The days of each trimester and of the time after birth."""

from datetime import date, timedelta

from holdwell.domain.dates import (
    LONGEST_PREGNANCY_DAYS,
    POSTPARTUM_YEARS,
    TRIMESTER_WEEKS,
    Trimester,
    lmp_from_due_date,
)
from holdwell.domain.models import Pregnancy

AFTER_BIRTH = "postpartum"
"""The key of the days after the birth, beside the three trimesters."""


def trimester_spans(pregnancy: Pregnancy | None) -> list[tuple[str, date, date]]:
    """Return each trimester and the time after birth: its name, first day and last day.

    The time after birth is counted for `POSTPARTUM_YEARS`; a pregnancy without a birth goes on
    to its longest. Empty without dates, or for one that ended.
    """
    if pregnancy is None or pregnancy.ended:
        return []
    birth = pregnancy.birth_date
    spans: list[tuple[str, date, date]] = []
    if pregnancy.due_date is not None:
        start = lmp_from_due_date(pregnancy.due_date)
        end = (birth or start + timedelta(days=LONGEST_PREGNANCY_DAYS + 1)) - timedelta(days=1)
        starts = [start + timedelta(weeks=week) for week in TRIMESTER_WEEKS]
        for number, (trimester, begin) in enumerate(zip(Trimester, starts, strict=True)):
            after = starts[number + 1] - timedelta(days=1) if number + 1 < len(starts) else end
            if begin <= end:
                spans.append((trimester.value, begin, min(after, end)))
    if birth is not None:
        spans.append((AFTER_BIRTH, birth, birth + timedelta(days=POSTPARTUM_YEARS * 366)))
    return spans
