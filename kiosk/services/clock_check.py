"""Whether the clock can be right, and whether it lately was not: for the doctor and the panel."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.clock import clock_problem
from kiosk.domain.language import _, counted
from kiosk.domain.records import EventFilter, EventRecords

LATELY = 1000
"""Log rows for which a clock that was wrong is still told. Their times say nothing."""

_DOUBTFUL = EventFilter(clock_suspect=True)


def clock_warning(events: EventRecords, now: datetime) -> str:
    """What is wrong with the clock at ``now`` (UTC), or was in the last 1,000 rows; empty where
    all is well. Some ms.

    Raises:
        StorageError: the log can't be read.
    """
    count = events.count(_DOUBTFUL)
    problem = clock_problem(now, events.last_at())
    made = counted(
        "{count} row of the log was made while the clock was in doubt; it is marked.",
        "{count} rows of the log were made while the clock was in doubt; they are marked.",
        count,
    )
    if problem:
        return f"{problem} {made}" if count else problem
    if not count:
        return ""
    (last,), (newest,) = events.query(_DOUBTFUL, limit=1), events.query(EventFilter(), limit=1)
    if (newest.event_id or 0) - (last.event_id or 0) >= LATELY:
        return ""
    return _("The clock fits again, but it lately was wrong. {made}").format(made=made)
