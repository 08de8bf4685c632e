"""CSV files of other programs, whichever encoding and delimiter they have."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

LARGEST: Final = 64_000_000
"""Bytes: some hundred thousand lines."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line with the cells by the name of their column; ``line`` counts from 1."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` are as the file calls them."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, encoding: str = "") -> Table:
    """The whole file. Without an ``encoding`` it is UTF-8 or UTF-16, as its beginning says.

    Raises:
        BadInput: it is not there, not in that encoding, or no table.
    """
    lines = read_lines(path, LARGEST, encoding)
    if not lines:
        raise BadInput(_("{file} is empty.").format(file=path.name))
    columns = tuple(cell.strip() for cell in lines[0][1])
    rows = [
        Row(number, dict(zip(columns, (cell.strip() for cell in cells), strict=False)))
        for number, cells in lines[1:]
        if any(cell.strip() for cell in cells)
    ]
    return Table(columns, tuple(rows))


def read_lines(path: Path, largest: int, encoding: str = "") -> list[tuple[int, list[str]]]:
    """Each line's number and cells, the first one's too.

    Raises:
        BadInput: as ``read_table``, or it has more than so many bytes.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except OSError as error:
        raise BadInput(
            _("{file} can't be read ({why}).").format(file=path, why=error.strerror or error)
        ) from error
    if len(raw) > largest:
        raise BadInput(
            _("{file} is larger than {limit} MB: split it.").format(
                file=path.name, limit=largest // 1_000_000
            )
        )
    text = _text(path, raw, encoding)
    head = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t|", key=head.count))
    try:
        return [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise BadInput(
            _("{file}, line {line} can't be read ({error}): is a quotation mark left open?").format(
                file=path.name, line=reader.line_num, error=error
            )
        ) from error


def _text(path: Path, raw: bytes, encoding: str) -> str:
    marked = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding or marked)
    except UnicodeError as error:
        raise BadInput(
            _(
                "{file} is not in UTF-8, so names with accents would come out wrong. In Excel, "
                "save it as “CSV UTF-8”."
            ).format(file=path.name)
            if not encoding
            else _("{file} is not in {encoding}.").format(file=path.name, encoding=encoding)
        ) from error
    except (LookupError, ValueError):  # the second: a zero byte within the name
        raise BadInput(
            _("{name} is no encoding: write utf-8, latin-1 or cp1252.").format(name=repr(encoding))
        ) from None
