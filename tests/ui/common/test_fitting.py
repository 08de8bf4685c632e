from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.ui.common.fitting import LINE, fit, measure
from kiosk.ui.common.theme import font


def test_what_fits_keeps_its_size(app: QApplication) -> None:
    fitted = fit("Come closer", 1000, 200, 60, 20)
    assert fitted.lines == ("Come closer",)
    assert fitted.size == 60


@pytest.mark.parametrize(
    "text",
    [
        "Good afternoon, Wilhelmina-Anneliese",
        "Bitte eine PIN für die Verwaltung wählen",
        "x" * 200,
        "wide " * 60,
        "",
    ],
)
@pytest.mark.parametrize(("width", "height"), [(720, 240), (300, 100), (1200, 90)])
def test_nothing_clips(app: QApplication, text: str, width: float, height: float) -> None:
    fitted = fit(text, width, height, 100, 24, bold=True)
    assert 24 <= fitted.size <= 100
    assert LINE * fitted.size * len(fitted.lines) <= height + 0.5
    for line in fitted.lines:
        assert measure(font(fitted.size, bold=True), line) <= width


def test_a_second_line_is_taken_where_letters_grow_by_it(app: QApplication) -> None:
    fitted = fit("Please look at the camera now", 500, 300, 90, 20)
    assert len(fitted.lines) == 2
    assert " ".join(fitted.lines) == "Please look at the camera now"


def test_what_never_fits_is_cut_with_an_ellipsis(app: QApplication) -> None:
    fitted = fit("a" * 300, 300, 60, 50, 20)
    assert fitted.lines[-1].endswith("…")
    assert fitted.cut
    assert not fit("short", 300, 60, 50, 20).cut
