"""The promise as a page, as data and as a picture."""

from __future__ import annotations

from pathlib import Path

import cv2

from kiosk.lab.evaluation.promise import Kind, Promise
from kiosk.lab.evaluation.promise_page import Kept, read_kept, tables, write_page
from kiosk.lab.evaluation.rates import Rate, Times


def kept(hard: bool) -> Kept:
    galleries = tuple(
        Promise(people, "5", promised, promised * share, promised * share / 2, promised, 0.9, 1000)
        for people, share in ((10, 0.5), (150, 0.8))
        for promised in (3e-2, 1e-2, 3e-3, 1e-3)
    )
    nobody = Promise(1000, "1", 1e-3, 0.0, 0.0, 6e-4, 0.5, 1000)
    return Kept(
        "ours",
        "LFW",
        (*galleries, nobody),
        galleries[:4] if hard else (),
        (Rate("16% of both crops beyond the picture", 1500, 10**6, Times(0.2, 0.1, 0.3), None),),
        (Rate("Left-handed men", 90, 4005, Times(1.2, 0.8, 1.6), None),) if hard else (),
        (),
        (Kind("Left-handed men", 45, 0.5, 0.1, 0.12, 0.08, 0.15),) if hard else (),
    )


def test_the_page_has_the_stated_promises_and_the_picture_all(tmp_path: Path) -> None:
    path = write_page(kept(hard=True), tmp_path)
    text = path.read_text("utf-8")
    assert "| 150 | 5 | 0.1% | 0.80 | 0.40 to 1.00 | 90.0% | 1,000 |" in text
    assert "| 1,000 | 1 | 0.1% | 0.00 | 0.00 to 0.60 | 50.0% | 1,000 |" in text
    assert "3.0%" not in text
    assert (
        "CelebA and Families In the Wild, people kept for judging (relatives among them):" in text
    )
    assert "| 1,500 | 1,000,000 | 0.20 (0.10 to 0.30) | too few |" in text
    assert "| Left-handed men | 45 | 50% | 10% | 1.20 (0.80 to 1.50) |" in text
    assert read_kept(tmp_path / "promise.json") == kept(hard=True)
    both = cv2.imread(str(tmp_path / "promise.png"))
    assert both is not None
    write_page(kept(hard=False), tmp_path / "alone")
    alone = cv2.imread(str(tmp_path / "alone/promise.png"))
    assert alone is not None
    assert both.shape[1] == 2 * alone.shape[1]


def test_the_worst_of_a_table_is_by_its_promise() -> None:
    (table,) = tables(kept(hard=False))
    assert [one.promised for one in table.rows] == sorted(
        (one.promised for one in table.rows), reverse=True
    )
    assert (table.worst.people, table.worst.let_in / table.worst.promised) == (150, 0.8)
