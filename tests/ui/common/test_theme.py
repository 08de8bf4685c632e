from __future__ import annotations

import pytest
from PySide6.QtCore import QTime
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from kiosk.ui.common.theme import FAMILY, apply_theme, current_theme, font, is_dark


def test_the_shipped_family_is_used(app: QApplication) -> None:
    assert QFontInfo(font(20)).family() == FAMILY
    assert QFontInfo(font(20, bold=True)).weight() == 600


def test_tabular_figures_have_one_width(app: QApplication) -> None:
    plain, tabular = QFontMetricsF(font(40)), QFontMetricsF(font(40, tabular=True))
    assert plain.horizontalAdvance("11:11") != plain.horizontalAdvance("00:00")
    assert tabular.horizontalAdvance("11:11") == tabular.horizontalAdvance("00:00")


def test_dark_and_light(app: QApplication) -> None:
    for dark in (True, False):
        theme = apply_theme(app, dark, scale=2)
        assert current_theme() == theme
        assert theme.dark is dark
        window = app.palette().color(QPalette.ColorRole.Window)
        assert window.name() == theme.palette.window
    assert (theme.space(3), theme.body, theme.small, theme.title) == (24, 30, 26, 48)


@pytest.mark.parametrize(
    ("choice", "hour", "dark"),
    [
        ("auto", 6, True),
        ("auto", 7, False),
        ("auto", 18, False),
        ("auto", 19, True),
        ("light", 23, False),
        ("dark", 12, True),
    ],
)
def test_auto_is_dark_from_seven_to_seven(choice: str, hour: int, dark: bool) -> None:
    assert is_dark(choice, QTime(hour, 0)) is dark
