from __future__ import annotations

import pytest
from PySide6.QtCore import QTime
from PySide6.QtGui import QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication

from kiosk.ui.common.theme import (
    FAMILY,
    Theme,
    appearance,
    apply_theme,
    current_theme,
    font,
    is_dark,
)


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


def test_a_change_is_told_once_and_nothing_else(app: QApplication) -> None:
    told: list[Theme] = []
    apply_theme(app, dark=False)
    appearance().changed.connect(lambda: told.append(current_theme()))
    apply_theme(app, dark=False)
    assert not told
    dark = apply_theme(app, dark=True)
    larger = apply_theme(app, dark=True, scale=2)
    assert told == [dark, larger]


def test_whoever_hears_of_a_change_finds_font_and_palette_changed(app: QApplication) -> None:
    seen: list[tuple[int, str]] = []

    def look() -> None:
        window = app.palette().color(QPalette.ColorRole.Window)
        seen.append((app.font().pixelSize(), window.name()))

    appearance().changed.connect(look)
    theme = apply_theme(app, dark=True, scale=2)
    assert seen == [(theme.body, theme.palette.window)]


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
