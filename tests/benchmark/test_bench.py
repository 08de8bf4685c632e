from __future__ import annotations

import json
import time

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.benchmark.bench import live_figures, record_figures, search_figures, sheet_figures
from kiosk.benchmark.heartbeat import Heartbeat
from kiosk.ui.common.bridge import Bridge

START = {"first_painted": 0.25, "first_frame": 0.9, "first_decision": None}
WHOLE = {"pauses": [0.0612, 0.05, 0.01], "frames": 600, "memory": 300 * 2**20, "growth": -(2**19)}


def test_figures_are_numbers_with_their_unit_in_the_key() -> None:
    figures = live_figures([START, START, START], WHOLE, 60.0)
    assert json.loads(json.dumps({figure.key: figure.value for figure in figures})) == {
        "first_painted_s": 0.25,
        "first_frame_s": 0.9,
        "first_decision_s": None,
        "longest_pause_ms": 61.2,
        "pauses_of_50_ms_count": 2,
        "pictures_shown_per_s": 10.0,
        "memory_mib": 300.0,
        "memory_growth_mib": -0.5,
    }


def test_figures_are_read_with_their_unit() -> None:
    figures = live_figures([START], WHOLE, 60.0)
    told = {figure.key: figure.text for figure in figures}
    assert told["first_painted_s"] == "0.25 s"
    assert told["first_decision_s"] == "none in the time given"
    assert told["longest_pause_ms"] == "61.20 ms"
    assert told["pauses_of_50_ms_count"] == "2"
    assert told["pictures_shown_per_s"] == "10.0"
    assert told["memory_growth_mib"] == "-0.5 MiB"


def test_the_heartbeat_sees_the_first_painting(qtbot: QtBot, qapp: QApplication) -> None:
    heart = Heartbeat(qapp, Bridge(), time.time(), 600.0)
    assert heart.measured.first_painted is None
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: heart.measured.first_painted is not None)
    assert heart.measured.first_frame is None
    heart.deleteLater()


def test_the_search_is_timed_with_vectors_of_the_encoder_that_ships() -> None:
    (figure,) = search_figures()
    assert figure.value is not None
    assert figure.value > 0


def test_a_month_sheet_is_timed() -> None:
    (figure,) = sheet_figures(people=2, days=100)
    assert figure.title == "month sheet of 2 people, from 800 punches, median"
    assert figure.value is not None
    assert figure.value > 0


def test_what_chain_and_encryption_cost_is_timed() -> None:
    figures = {figure.key: figure.value for figure in record_figures(templates=5, rounds=1)}
    for key in ("start", "decision", "enrolment", "new_key"):
        assert (figures[f"record_{key}_ms"] or 0) > 0
    assert (figures["record_start_plain_ratio"] or 0) > 0
