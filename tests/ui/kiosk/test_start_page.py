from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.ui.common.palette import DARK, LIGHT, Palette, contrast
from kiosk.ui.common.texts import ENGLISH, Texts
from kiosk.ui.common.theme import apply_theme
from kiosk.ui.kiosk.start_page import StartPage
from tests.ui.fakes import Clock
from tests.ui.german import GERMAN

SIZES = (QSize(1280, 800), QSize(800, 1280), QSize(3840, 2160))
LOCKED = (
    "The database /var/lib/kiosk/kiosk.db is locked by another program. Close whatever else has "
    "it open (a database browser, a backup), then try again."
)
LONGEST = f"The database {'/a_folder_name_that_never_ends' * 130}/kiosk.db is damaged. Go back."

Make = Callable[..., StartPage]


@pytest.fixture
def make(qtbot: QtBot, app: QApplication, clock: Clock) -> Make:
    def build(size: QSize = SIZES[0], texts: Texts = ENGLISH) -> StartPage:
        page = StartPage(texts, clock=clock)
        qtbot.addWidget(page)
        page.resize(size)
        page.show()
        return page

    return build


def test_says_what_is_wrong_what_to_do_that_nobody_is_let_in_and_when_it_tries_again(
    make: Make, clock: Clock
) -> None:
    page = make()
    page.tell(LOCKED, 8.0)
    assert page.accessibleName() == f"The kiosk can't start {LOCKED}"
    assert page.words.sentence == "Please ask at the desk"
    assert page.words.second == "Nobody is let in meanwhile. It tries again by itself in 8 s."
    clock.time += 5.5
    page._say()
    assert page.words.second.endswith("in 3 s.")
    page.trying()
    assert page.words.second == "Nobody is let in meanwhile. It is trying again now."


def test_whoever_does_not_want_to_wait_touches_or_types(qtbot: QtBot, make: Make) -> None:
    page = make()
    page.tell(LOCKED, 8.0)
    asked: list[bool] = []
    page.again.connect(lambda: asked.append(True))
    qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(page, Qt.Key.Key_Return)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert len(asked) == 3
    assert page.button.accessibleName() == "Try again now"


def test_nothing_can_be_asked_of_a_try_that_does_not_come_back(qtbot: QtBot, make: Make) -> None:
    page = make()
    page.slow()
    assert page.button.isHidden()
    assert "takes unusually long" in page.accessibleName()
    assert page.words.second == "Nobody is let in meanwhile. It goes on by itself."
    with qtbot.assertNotEmitted(page.again):
        qtbot.keyClick(page, Qt.Key.Key_Return)
    page.tell(LOCKED, 8.0)
    assert page.button.isVisible()


@pytest.mark.parametrize("texts", [ENGLISH, GERMAN], ids=["english", "german"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("why", [LOCKED, LONGEST], ids=["short", "longest"])
def test_all_of_it_has_room(make: Make, size: QSize, texts: Texts, why: str) -> None:
    page = make(size, texts)
    page.tell(why, 8.0)
    page.tell_how_to_close()
    page.grab()
    room = page._band.y() - 2 * 0.06 * size.height()
    text = page._fitted(0.88 * size.width(), room)
    assert text.size().height() <= room
    assert text.idealWidth() <= 0.88 * size.width() + 1
    assert why.partition(". ")[2] in text.toPlainText()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_follows_the_theme(make: Make, app: QApplication, palette: Palette) -> None:
    page = make()
    page.tell(LOCKED, 8.0)
    apply_theme(app, palette.dark)
    colours = seen(page.grab().toImage())
    assert {palette.window, palette.text, palette.amber.fill, palette.amber.ink} <= colours
    assert contrast(palette.window, palette.text) >= 7
    assert contrast(palette.amber.fill, palette.amber.ink) >= 7


def seen(picture: QImage) -> set[str]:
    return {
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), 2)
        for y in range(0, picture.height(), 2)
    }
