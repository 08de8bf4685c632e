from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from kiosk.resources import ASSETS
from kiosk.ui.common.icons import icon, pixmap, svg


def test_an_icon_takes_the_colour(app: QApplication) -> None:
    drawn: QImage = pixmap("check", "#ff0000", 24).toImage()
    colours = {
        drawn.pixelColor(x, y).name()
        for x in range(24)
        for y in range(24)
        if drawn.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#ff0000"}


def test_icons_are_sharp_at_a_high_pixel_ratio(app: QApplication) -> None:
    assert pixmap("check", "#000000", 24, 2.0).width() == 48
    assert not icon("check", "#000000", "#888888").isNull()


def test_an_icon_is_drawn_once(app: QApplication) -> None:
    first = pixmap("check", "#123456", 24, 2.0)
    assert pixmap("check", "#123456", 24, 2.0).cacheKey() == first.cacheKey()
    for other in (
        pixmap("x", "#123456", 24, 2.0),
        pixmap("check", "#123457", 24, 2.0),
        pixmap("check", "#123456", 25, 2.0),
        pixmap("check", "#123456", 48, 1.0),
    ):
        assert other.cacheKey() != first.cacheKey()


def test_a_missing_icon_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        svg("no-such-icon", "#000000")


def test_what_is_named_ships_and_nothing_else() -> None:
    code = "\n".join(
        file.read_text("utf-8") for file in (ASSETS.parent / "kiosk" / "ui").rglob("*.py")
    )
    names = {file.stem for file in (ASSETS / "icons").glob("*.svg")}
    unused = {name for name in names if not re.search(rf"[\"'/]{name}(\.svg)?[\"')]", code)}
    assert not unused
    assert (ASSETS / "icons" / "LICENSE.txt").is_file()
    assert (ASSETS / "fonts" / "Inter.LICENSE.txt").is_file()
