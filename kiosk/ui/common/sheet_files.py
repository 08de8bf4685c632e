"""Hours as a file: paper, spreadsheet, CSV, calendar; for the panel and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from kiosk.domain.chain import Head
from kiosk.domain.language import counted
from kiosk.services.attendance.profiles import Profile
from kiosk.services.attendance.sheets import PersonSheet

Watch = Callable[[int, int], object]
"""Is told how many are done of how many, and may stop it all by raising."""


class Form(StrEnum):
    """What hours are written as."""

    TEXT = "text"
    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"
    ICAL = "ical"


ENDINGS: Final = {
    Form.PDF: "pdf",
    Form.XLSX: "xlsx",
    Form.CSV: "csv",
    Form.ICAL: "ics",
    Form.TEXT: "txt",
}
WITH_PROFILE: Final = (Form.XLSX, Form.CSV)


def sheet_file(
    sheets: Sequence[PersonSheet],
    form: Form,
    profile: Profile,
    now: datetime,
    watch: Watch = lambda done, total: None,
    head: Head | None = None,
) -> tuple[bytes, str]:
    """A whole file, and in words how much is in it; paper shows the record's newest entry, its
    ``head``. Any thread.

    Raises:
        BadInput: the profile's encoding lacks a letter.
    """
    match form:
        case Form.PDF:
            from kiosk.ui.common.sheet_pages import sheets_pdf

            pages = counted("{count} sheet", "{count} sheets", len(sheets))
            return sheets_pdf(sheets, watch, head.told(now) if head else ""), pages
        case Form.ICAL:
            from kiosk.services.attendance.calendars import ical_bytes

            content, count = ical_bytes(sheets, now)
            return content, counted("{count} entry", "{count} entries", count)
        case Form.XLSX:
            from kiosk.services.attendance.tables import xlsx_bytes

            content, count = xlsx_bytes(sheets, profile)
        case _:
            from kiosk.services.attendance.tables import csv_bytes

            content, count = csv_bytes(sheets, profile)
    return content, counted("{count} row", "{count} rows", count)
