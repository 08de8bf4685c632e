"""Months of people who miss the camera now and then: what is wrong on a sheet is never silent.

Two things can be: two slips in one stay that hide each other (a coming and a going missed, so that
half a day looks like half a day), which a rota shows nearly always, and, without a rota, 24 hours
on call every other day from the same hour, of which nobody can tell the days from the days between.
A whole day that was missed is not there at all where no rota expects it."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from kiosk.domain.hours import BreakRule, Rules
from tests.services.attendance.worker import KINDS, Chances, Month, Worker

log = logging.getLogger(__name__)

MONTHS = int(os.environ.get("KIOSK_EXAMPLES", "200"))
ON_CALL = "on call"
NEVER = Chances(missed=0, twice=0, passes=0)


def rules(kind: str) -> Rules:
    if kind == ON_CALL:
        day = timedelta(hours=25)
        return Rules(longest=day, usual=day, break_rule=BreakRule.OFF)
    return Rules(break_rule=BreakRule.WARN if kind == "office" else BreakRule.OFF)


def months(chances: Chances, number: int, *, rota: bool) -> Iterator[tuple[str, Month]]:
    for seed in range(number):
        kind = list(KINDS)[seed % len(KINDS)]
        made = Worker(Random(seed), kind, chances, rota=rota, rules=rules(kind))
        yield kind, made.month()


@pytest.mark.parametrize("rota", [True, False], ids=["with a rota", "without"])
def test_what_is_wrong_is_never_silent(rota: bool) -> None:
    told: Counter[str] = Counter()
    unexplained = []
    hidden = 0
    for kind, month in months(Chances(), MONTHS, rota=rota):
        told += month.told
        for day in month.silent:
            slips = month.slips_at(day)
            alike = kind == ON_CALL and not rota
            hidden += 1
            if not alike and len(slips) < 2:
                unexplained.append((kind, day, slips))
    log.info("%d months: %s; hidden: %d", MONTHS, dict(told), hidden)
    assert unexplained == []
    assert told["wrong, asked"] > MONTHS / 2, "there is something to notice"
    if rota and MONTHS <= 200:
        assert hidden == 0


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_is_missed_every_hour_is_told_right_and_hardly_anything_asked(
    kind: str,
) -> None:
    """A new shift of a rota that turns is asked about once: she comes when she used to go."""
    told: Counter[str] = Counter()
    for seed in range(4):
        made = Worker(Random(seed), kind, NEVER, rota=False, rules=rules(kind))
        told += made.month().told
    assert told["wrong, asked"] == told["wrong, not asked"] == 0
    assert told["right, asked"] <= (80 if kind == "split" else 12), "a split shift has a short rest"
