"""The access log for whoever reads it: export as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TextIO

from kiosk.domain.decision import Decision
from kiosk.domain.records import EventFilter, EventRecords
from kiosk.services.csv_safe import cell

_PAGE = 5000

COLUMNS = (
    "event",
    "time (UTC)",
    "local time",
    "outcome",
    "reason",
    "person",
    "mode",
    "score",
    "threshold",
    "FAR",
    "encoder",
    "camera",
    "seconds",
    "again",
    "clock",
    "recording",
)


def pages(events: EventRecords, wanted: EventFilter) -> Iterator[Decision]:
    """All rows that fit, newest first, read in pages so that any number fits in memory."""
    offset = 0
    last: int | None = None
    full = True
    while full:
        rows = events.query(wanted, limit=_PAGE, offset=offset)
        full = len(rows) == _PAGE
        offset += len(rows)
        for row in rows:
            # A decision logged meanwhile pushes a row onto the next page: it came already.
            if last is None or row.event_id is None or row.event_id < last:
                last = row.event_id
                yield row


def export(
    events: EventRecords, wanted: EventFilter, out: TextIO, zone: tzinfo | None = None
) -> int:
    """Write the rows that fit as CSV, newest first; returns how many. Local times are as they were
    there and then, or with ``zone`` in that."""
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    count = 0
    for row in pages(events, wanted):
        writer.writerow(
            [
                row.event_id,
                row.at.isoformat(timespec="milliseconds"),
                _local(row, zone).isoformat(timespec="seconds"),
                row.outcome,
                row.reason,
                cell(row.person_name or ""),
                row.mode,
                "" if row.score is None else f"{row.score:.4f}",
                "" if row.threshold is None else f"{row.threshold:.4f}",
                "" if row.far is None else f"{row.far:g}",
                row.encoder_id or "",
                cell(row.camera or ""),
                "" if row.duration is None else f"{row.duration:.2f}",
                "yes" if row.repeat else "",
                "doubtful" if row.clock_suspect else "",
                "yes" if row.recording else "",
            ]
        )
        count += 1
    return count


def _local(row: Decision, zone: tzinfo | None) -> datetime:
    return row.local if zone is None else row.at.astimezone(zone)
