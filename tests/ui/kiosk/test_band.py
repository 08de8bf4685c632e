from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kiosk.ui.kiosk.band import Band
from kiosk.ui.kiosk.words import Words

CHECK = (
    'The camera "USB 2.0 Webcam" no longer delivers pictures: check its cable and whether another '
    "program uses it. It tries again by itself."
)
WIDTH, HEIGHT, SIZE = 690, 168, 96
"""Of the text where a tablet held upright offers two buttons below."""


def sizes(qtbot: QtBot, second: str) -> tuple[float, bool]:
    """How large the sentence is, and whether the line below it is cut."""
    parent = QWidget()
    qtbot.addWidget(parent)
    band = Band(parent)
    band.set_measures(SIZE, 0, upright=True)
    band.set_words(Words("No camera", second))
    sentence, below = band._fitted(WIDTH, HEIGHT)
    assert below is not None
    return sentence.size, below.cut


def test_the_sentence_gives_way_to_what_is_to_be_checked(qtbot: QtBot) -> None:
    alone, cut = sizes(qtbot, "It tries again by itself.")
    assert not cut
    smaller, cut = sizes(qtbot, CHECK)
    assert not cut
    assert smaller < alone


def test_where_even_that_is_not_enough_it_stays_as_large_as_it_was(qtbot: QtBot) -> None:
    alone, _cut = sizes(qtbot, "It tries again by itself.")
    large, cut = sizes(qtbot, 9 * CHECK)
    assert cut
    assert large == alone
