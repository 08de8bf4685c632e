"""The made-up screen's light; how good the judging is, docs/liveness.md says."""

from __future__ import annotations

import numpy as np

from kiosk.domain.liveness.light import Answer
from kiosk.lab.liveness.lamp import KINDS, table, visit


def test_most_faces_answer_and_most_phones_do_not() -> None:
    rng = np.random.default_rng(0)
    live = [visit("live", 0.2, rng).known for _ in range(40)]
    phones = [visit("phone", 0.2, rng).known for _ in range(40)]
    assert live.count(Answer.PRESENT) > 32
    assert phones.count(Answer.ABSENT) > 32


def test_the_table_has_a_row_for_each() -> None:
    assert table(1).count("\n") == 1 + 4 * len(KINDS)
