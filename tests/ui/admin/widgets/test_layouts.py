from __future__ import annotations

from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from kiosk.ui.admin.widgets.layouts import FlowLayout, boxed, column, rescale, row


def _flow(count: int, width: int) -> tuple[QWidget, FlowLayout]:
    flow = FlowLayout(2)
    for _ in range(count):
        button = QPushButton("A word")
        button.setFixedSize(100, 40)
        flow.addWidget(button)
    whole = boxed(flow)
    whole.resize(width, 400)
    return whole, flow


def test_a_flow_breaks_its_lines(app: QApplication) -> None:
    _, flow = _flow(5, 330)

    assert flow.heightForWidth(330) == 40 + 8 + 40
    assert flow.heightForWidth(1000) == 40
    assert flow.heightForWidth(100) == 5 * 40 + 4 * 8
    assert flow.sizeHint().width() == 5 * 100 + 4 * 8
    assert flow.minimumSize().width() == 100


def test_hidden_things_take_no_room(app: QApplication) -> None:
    whole, flow = _flow(3, 400)
    whole.findChildren(QPushButton)[0].hide()

    assert flow.sizeHint().width() == 2 * 100 + 8


def test_a_flow_gives_its_items_back(app: QApplication) -> None:
    _, flow = _flow(2, 300)

    assert flow.itemAt(5) is None
    assert flow.takeAt(5) is None
    assert flow.takeAt(0) is not None
    assert flow.count() == 1


def test_spacing_follows_the_scale(app: QApplication) -> None:
    inner = row(QPushButton(), gap=1)
    whole = boxed(column(inner, 1, None, gap=3, pad=(5, 4)))

    rescale(whole, 2.0)

    layout = whole.layout()
    assert layout is not None
    assert layout.spacing() == 24
    assert layout.contentsMargins().left() == 40
    assert layout.contentsMargins().top() == 32
    assert inner.spacing() == 8
