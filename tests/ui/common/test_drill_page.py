"""A drill on paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from kiosk.domain.audit import Actor, ActorKind
from kiosk.domain.liveness.drill import Answer, Conditions, Drill, Kind, Try
from kiosk.ui.common.drill_page import drill_pdf, html
from tests.fakes import MORNING

HERE = Conditions("Camera <0>", "fake", "passive_then_challenge", 0.001, "1")
TRIES = tuple(
    Try(kind, Answer.LET_IN if kind is Kind.OWN_FACE else Answer.SUSPECTED, True, 2.0)
    for kind in Kind
    for _ in range(50)
)
DRILL = Drill(MORNING, Actor(ActorKind.SYSTEM_USER, "anna"), HERE, 0, TRIES, True)


def test_it_is_one_page(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "drill.pdf"
    path.write_bytes(drill_pdf(DRILL, "A face alone opens nothing."))
    document = QPdfDocument()
    document.load(str(path))
    assert document.pageCount() == 1
    told = document.getAllText(0).text().replace("\n", " ").replace("\r", "")
    assert "Spoof drill" in told
    assert "let in more often than 7.1%" in " ".join(told.split())
    document.close()


def test_it_says_who_with_what_and_what_it_means() -> None:
    page = html(DRILL, "A face alone opens nothing.")
    for text in (
        "anna",
        "Camera &lt;0&gt;",
        "0.1%",
        "BPCER 0 of 50",
        "twins",
        "A face alone opens",
    ):
        assert text in page
    assert "broken off" not in page
    assert "broken off" in html(Drill(MORNING, DRILL.actor, HERE))
