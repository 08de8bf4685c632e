"""The table of the report's rows: figures of a head by hand, and the page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from kiosk.domain.errors import BadInput
from kiosk.lab.data.pictures import Faces, Pictures
from kiosk.lab.evaluation.measure import Subject
from kiosk.lab.evaluation.table import (
    REFERENCE,
    RowResult,
    frequent,
    head_figures,
    read_table,
    write_table,
)
from tests.lab.evaluation.test_metrics import all_pairs, made_up


class Cosine:
    """A head that is the cosine."""

    def predict_on_batch(self, pair: list[np.ndarray]) -> np.ndarray:
        return np.einsum("ij,ij->i", *pair)[:, None]


def test_a_head_is_judged_over_all_pairs() -> None:
    vectors, identities = made_up()
    tar, f1 = head_figures(Cosine(), vectors, identities)

    scores, genuine = all_pairs(vectors, identities)
    impostors = np.sort(scores[~genuine])[::-1]
    threshold = impostors[int(0.001 * len(impostors))]
    assert (scores[~genuine] > threshold).mean() <= 0.001
    assert tar == pytest.approx((scores[genuine] > threshold).mean())
    assert 0.5 < f1 < 1


def test_the_page_says_what_it_took(tmp_path: Path) -> None:
    row = RowResult(
        "siamese-conv2", "A net", "F1 0.10", 10, 1234, "ImageNet", 0.5, 0.75, 0.25, 0.125
    )
    head = RowResult(
        "head-commutative", "A head", "no better", 10, 99, "scratch", 0.5, 0.75, None, None
    )

    page = write_table([head, row], "LFW", "LFW abc", tmp_path).read_text()

    assert "| A net | F1 0.10 | 10 | 1,234 | ImageNet | 0.500 | 0.750 | 0.250 | 0.125 |" in page
    assert "| A head | no better | 10 | 99 | scratch | 0.500 | 0.750 |  |  |" in page
    assert read_table(tmp_path, "LFW abc") == [row, head]  # in the report's order
    assert read_table(tmp_path / "nothing", "LFW abc") == []


def test_rows_of_two_judgings_are_no_table(tmp_path: Path) -> None:
    row = RowResult(
        "siamese-conv2", "A net", "F1 0.10", 10, 1234, "ImageNet", 0.5, 0.75, 0.25, 0.125
    )
    write_table([row], "LFW", "LFW abc", tmp_path)
    with pytest.raises(BadInput, match="judged on LFW abc, not on mine def; move it away"):
        read_table(tmp_path, "mine def")
    for text in ("[{}]", "half a fi", '{"about": "LFW abc", "rows": [{"name": "a"}]}'):
        (tmp_path / "experiments.json").write_text(text)
        with pytest.raises(BadInput, match="can't be read"):
            read_table(tmp_path, "LFW abc")


def test_the_reference_took_no_training(tmp_path: Path) -> None:
    reference = RowResult(REFERENCE, "The teacher", "0.99", 0, 0, "", 0.99, 0.99, 0.99, 0.99)
    page = write_table([reference], "LFW", "LFW abc", tmp_path).read_text()
    assert "| The teacher | 0.99 |  |  |  | 0.990 | 0.990 | 0.990 | 0.990 |" in page


def test_too_few_people_with_ten_pictures_are_refused(tmp_path: Path) -> None:
    for person in ("Ada", "Mia"):
        (tmp_path / person).mkdir()
        for number in range(11):
            (tmp_path / person / f"{number}.png").write_bytes(b"")
    pictures = Pictures(tmp_path)
    subject = Subject(pictures, Faces(np.zeros((22, 5, 2), np.float32), np.empty(0, int)), "mine")
    with pytest.raises(BadInput, match="mine has 2 of them, 121 pairs of strangers"):
        frequent(subject)
