"""Tables: which column gets the room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from kiosk.ui.admin.widgets.tables import ENOUGH, Table


@pytest.mark.parametrize("letters", [60, 80, 100, 120, 300])
def test_columns_grow_before_the_stretched_one_has_too_much(qtbot: QtBot, letters: int) -> None:
    table = Table("people")
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(3, 4))
    letter = table.fontMetrics().averageCharWidth()
    table.fit({0: 10, 1: 15, 3: 10}, 2, {1: 40, 3: 26})
    table.resize(letters * letter, 300)
    table.show()
    widths = [table.columnWidth(column) / letter for column in range(4)]
    assert widths[0] == 10
    assert 15 <= widths[1] <= 40
    assert 10 <= widths[3] <= 26
    if widths[1] > 15.5:
        assert widths[2] >= ENOUGH - 1
    if letters == 300:
        assert widths[1:4:2] == [40, 26]


@pytest.mark.parametrize(("letters", "hidden"), [(60, (3, 1)), (72, (3,)), (110, ())])
def test_what_matters_least_goes_first_and_comes_back(
    qtbot: QtBot, letters: int, hidden: tuple[int, ...]
) -> None:
    table = Table("log")
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(3, 4))
    letter = table.fontMetrics().averageCharWidth()
    table.fit({0: 25, 1: 12, 3: 14}, 2, {3: 26}, first_to_go=(3, 1))
    table.show()
    for width in (40, 200, letters):
        table.resize(width * letter, 300)
    assert tuple(column for column in (3, 1) if table.isColumnHidden(column)) == hidden
    if letters == 110:
        assert table.columnWidth(3) / letter > 14
