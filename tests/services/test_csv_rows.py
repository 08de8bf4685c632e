from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.errors import BadInput
from kiosk.services.csv_rows import read_table

TEXT = 'Name;Zeit\nJosé;"08:00"\n\n Mia ;09:00;more\n'


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("utf-16"), ""),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.replace(";", "\t").encode(), ""),
        (TEXT.replace(";", ",").replace("\n", "\r\n").encode(), ""),
    ],
    ids=["utf-8", "with a mark", "utf-16", "cp1252", "tabs", "commas"],
)
def test_whatever_it_was_written_with(tmp_path: Path, raw: bytes, encoding: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(raw)
    table = read_table(file, encoding)
    assert table.columns == ("Name", "Zeit")
    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (2, {"Name": "José", "Zeit": "08:00"}),
        (4, {"Name": "Mia", "Zeit": "09:00"}),
    ]


@pytest.mark.parametrize(
    ("raw", "encoding", "why"),
    [
        (b"", "", "is empty"),
        (TEXT.encode("cp1252"), "", "not in UTF-8"),
        (TEXT.encode("utf-8"), "ascii", "not in ascii"),
        (TEXT.encode(), "klingon", "no encoding"),
        (TEXT.encode(), "utf\0-8", "no encoding"),
        (b'a;b\n"c;d' + b"x" * 200_000, "", "quotation mark"),
    ],
    ids=["empty", "latin", "ascii", "unknown", "zero byte", "open quotation"],
)
def test_what_can_not_be_read(tmp_path: Path, raw: bytes, encoding: str, why: str) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(raw)
    with pytest.raises(BadInput, match=why):
        read_table(file, encoding)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        read_table(tmp_path / "none.csv")
