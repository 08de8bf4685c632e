"""What an enrolment says of everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.services.enrol.report import Enrolled


@pytest.mark.parametrize(
    ("number", "where", "problem", "told"),
    [
        (None, "in/Sam Lee", "why", ""),
        (None, "in/Sam_Lee", "why", "Sam_Lee"),
        (None, "in/Sam_Lee", "", ""),
        ("1001", "in/1001 Sam Lee", "why", ""),
        ("1001", "in/1001.jpg", "why", "1001.jpg"),
        (None, None, "why", ""),
    ],
)
def test_whoever_is_left_out_is_told_by_the_folder_where_the_name_is_not_it(
    number: str | None, where: str | None, problem: str, told: str
) -> None:
    line = Enrolled("Sam Lee", number, Path(where) if where else None, problem=problem)
    assert line.left_out_of == told
