"""The threshold page: everything says the same, and Save puts it in force."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from kiosk.domain.audit import ADMINISTRATOR
from kiosk.domain.errors import ModelError
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import ErrorCurve
from kiosk.services.admin.thresholds import Change, SiteScores
from kiosk.storage import SqlStorage
from kiosk.ui.admin.panel import AdminPanel
from kiosk.ui.admin.threshold import words as words
from kiosk.ui.admin.threshold.plot import ThresholdPlot
from kiosk.ui.admin.threshold.words import Scale
from kiosk.ui.common.bridge import Bridge
from kiosk.ui.common.work import Worker
from tests.ui.admin.conftest import OpenPage, Settle
from tests.ui.admin.fakes import Kiosk, curve, encoder_info, enrol, fill_log, site_of


class TestWords:
    def test_a_place_on_the_plot_and_its_setting_belong_together(self) -> None:
        scale = Scale(curve(), 20, 20)
        for far in (0.1, 0.01, 0.001):
            threshold = scale.point(far).threshold
            assert math.isclose(scale.far_of(threshold), far, rel_tol=0.02)

    def test_what_was_not_measured_is_not_promised(self) -> None:
        scale = Scale(curve(impostor=3000), 1, 1)
        assert scale.strictest == pytest.approx(10 / 3000)
        assert "1 in 300" in words.limit(scale)
        assert not scale.fixed

        crowd = Scale(curve(impostor=3000), 100, 100)
        assert crowd.fixed
        assert "nothing to choose" in words.limit(crowd)

    def test_the_worst_group_and_the_mixed_figure_stand_beside_the_rate(self) -> None:
        measured = replace(curve(), mixed=0.25, worst_group="Left-handed men", worst=2.0)
        scale = Scale(measured, 1, 1)
        text = words.far_term(scale, scale.point(0.001))
        assert "1 in 4,000" in text
        assert "1 in 500" in text
        fair = Scale(replace(measured, worst=0.9), 1, 1)
        assert "worst" not in words.far_term(fair, fair.point(0.001))
        assert "FAR) 0.1%." in text
        far = Scale(replace(measured, fitted_to=1e-9), 1, 1)
        rare = words.far_term(far, far.point(1e-6))
        assert "FAR) 0.0001%." in rare, "nothing is never"
        # As different as any strangers are: one figure says both.
        different = Scale(measured, 40, 10)
        assert "Of any strangers" not in words.far_term(different, different.point(0.001))
        # Fifty people of several kinds: any stranger is compared with all of them all the same.
        several = Scale(measured, 50, 25)
        assert "1 in 2,000" in words.far_term(several, several.point(0.001))

    @pytest.mark.parametrize(
        ("worth", "each", "why"),
        [
            (50.2, "1 in 50,000: 50 times stricter", ""),
            (30.0, "1 in 30,000: 30 times stricter", "need not be 50 times"),
            (80.0, "1 in 80,000: 80 times stricter", "more than 50 times"),
        ],
    )
    def test_a_search_is_explained(self, worth: float, each: str, why: str) -> None:
        scale = words.scale_of(curve(), Settings(), 50, worth)
        text = words.explanation(scale, scale.point(0.001), Settings())
        assert "50 people" in text
        assert each in text
        assert why in text
        assert ("50 times:" in text) == bool(why)

    def test_a_claim_is_one_comparison(self) -> None:
        settings = Settings(mode="claimed")
        scale = words.scale_of(curve(), settings, 50, 40.0)
        assert (scale.people, scale.comparisons) == (1, 1)
        assert "says who they are" in words.explanation(scale, scale.point(0.001), settings)
        nobody = words.scale_of(curve(), Settings(), 0, 1.0)
        assert "everybody" in words.explanation(nobody, nobody.point(0.001), Settings())

    def test_no_log_is_no_promise(self) -> None:
        assert "can't tell" in words.consequences(Change((), (), 0))[0]
        assert "none" in words.consequences(Change((), (), 12))[0]


@pytest.fixture
def page(storage: SqlStorage, open_page: OpenPage, settle: Settle) -> Any:
    ids = enrol(storage, 12)
    fill_log(storage, ids, 200)
    made = open_page("threshold")
    settle()
    return made


def test_everything_says_the_same(page: Any) -> None:
    assert page.strangers.text() == "1 in 1,000 strangers would be let in"
    assert "looks of the right person are refused" in page.right.text()
    assert page.spin.value() == 1000
    assert page.plot.threshold == pytest.approx(page._scale.point(0.001).threshold)
    assert "300,000 pairs of pictures" in page.source.text()
    assert "Dotted" in page.source.text()
    assert "FAR" in page._strangers_term.text()
    assert not page._save_card.isVisible()
    assert "It need not be 10 times: the people here look so" in page.explanation.text()
    assert "points of 100" in page.explanation.text()


def test_dragging_the_line_moves_everything(page: Any, qtbot: QtBot, settle: Settle) -> None:
    before = page.slider.value()
    target = page._scale.point(0.01).threshold

    page.plot.line.setValue(target)

    assert page.strangers.text() == "1 in 100 strangers would be let in"
    assert page.spin.value() == pytest.approx(100, abs=1)
    assert page.slider.value() < before
    assert page._save_card.isVisible()
    assert page.unsaved


def test_slider_and_number_move_the_line(page: Any) -> None:
    page.spin.setValue(200)
    assert page.strangers.text() == "1 in 200 strangers would be let in"
    line = page.plot.threshold

    page.slider.setValue(page.slider.maximum())
    assert page.plot.threshold > line
    assert page.far == pytest.approx(page._scale.strictest, rel=1e-6)
    assert page.back()
    assert page.far == pytest.approx(0.001)
    assert not page.back()


def test_a_touch_brings_the_line_there(page: Any, qtbot: QtBot) -> None:
    before = page.plot.threshold
    place = QPoint(page.plot.viewport().width() // 2, page.plot.viewport().height() // 2)

    qtbot.mouseClick(page.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert page.plot.threshold != before


def test_what_would_have_changed(page: Any, settle: Settle, qtbot: QtBot) -> None:
    page.plot.line.setValue(page._scale.point(page._scale.strictest).threshold)
    qtbot.waitUntil(lambda: "would be refused" in page.changes.text())

    assert "200" not in page.changes.text().split("\n")[0]
    assert "last 30 days" in page.changes.text()


def test_saving_needs_a_reason_and_puts_it_in_force(
    page: Any, kiosk: Kiosk, storage: SqlStorage, settle: Settle
) -> None:
    page.spin.setValue(500)
    page.save.click()
    assert "Say why" in page.why_field.error
    assert not kiosk.applied

    page.why.setText("Too many had to try twice")
    page.save.click()
    settle()

    assert kiosk.settings.far == pytest.approx(1 / 500)
    assert storage.settings.load()["far_reason"] == "Too many had to try twice"
    assert "in force" in page.banner.text
    assert not page._save_card.isVisible()
    assert page.strangers.text() == "1 in 500 strangers would be let in"


def test_a_setting_changed_elsewhere_is_taken_over(
    page: Any, kiosk: Kiosk, open_page: OpenPage
) -> None:
    kiosk.apply(ADMINISTRATOR, kiosk.settings.changed(far=0.01))

    open_page("threshold")

    assert page.strangers.text() == "1 in 100 strangers would be let in"
    assert not page.unsaved


def test_too_little_data_leaves_nothing_to_choose(
    qtbot: QtBot, storage: SqlStorage, bridge: Bridge, worker: Worker, tmp_path: Path
) -> None:
    enrol(storage, 60)
    site = site_of(Kiosk(storage), tmp_path, info=lambda: encoder_info(impostor=300))
    panel = AdminPanel(site, bridge, worker)
    qtbot.addWidget(panel)
    panel.show()
    page: Any = panel.open("threshold")
    qtbot.waitUntil(lambda: "nothing to choose" in page.limit.text())

    assert not page.slider.isEnabled()
    assert not page.spin.isEnabled()
    assert not page.plot.line.movable
    panel.close()


def test_a_missing_encoder_is_told(
    qtbot: QtBot, storage: SqlStorage, bridge: Bridge, worker: Worker, tmp_path: Path
) -> None:
    def broken() -> Any:
        raise ModelError("models/manifest.json is missing: run make setup again.")

    panel = AdminPanel(site_of(Kiosk(storage), tmp_path, info=broken), bridge, worker)
    qtbot.addWidget(panel)
    panel.show()
    page: Any = panel.open("threshold")
    qtbot.waitUntil(lambda: "is missing" in page.banner.text)
    page.spin.setValue(300)
    page.plot.dragged.emit(40.0)
    close = page.banner.findChildren(QAbstractButton)[-1]
    close.click()

    assert not page.banner.text
    panel.close()


def test_the_hills_names_are_whole_where_the_strangers_hill_stands_at_the_edge(
    qtbot: QtBot,
) -> None:
    points = np.arange(0, 101, 1.0)
    steep = ErrorCurve(points, 10 ** (-points / 10), np.clip((points - 30) / 60, 0, 1), "", 100, 10)
    plot = ThresholdPlot()
    qtbot.addWidget(plot)
    plot.resize(420, 400)
    plot.show_curve(steep, SiteScores(np.empty(0, np.float32), np.empty(0, np.float32)))
    plot.show()
    plot.grab()
    names = [item for item in plot.getPlotItem().items if isinstance(item, pg.TextItem)]
    assert [name.textItem.toPlainText() for name in names] == ["Strangers", "The right person"]
    for name in names:
        box = name.mapRectToScene(name.boundingRect())
        assert plot.getPlotItem().vb.sceneBoundingRect().adjusted(-1, -1, 1, 1).contains(box)
