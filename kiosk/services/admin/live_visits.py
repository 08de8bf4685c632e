"""What the log tells of how people are told from photos at one camera."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.domain.decision import Mode, Outcome
from kiosk.domain.liveness.calibration import REMEMBERED
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.records import EventFilter, Records

DAYS = 30


@dataclass(frozen=True, slots=True)
class LiveVisits:
    """The newest visits of people whom a camera let in by their face. ``scored``: the look of
    so many rests on the present network, and the line is drawn by them; ``asked`` of ``let_in``
    were asked to turn the head; ``attacks`` were suspected in the last DAYS."""

    let_in: int = 0
    scored: int = 0
    asked: int = 0
    attacks: int = 0


def live_visits(records: Records, camera: str, now: datetime) -> LiveVisits:
    """Some ms; ``now`` is in UTC.

    Raises:
        StorageError: the log can't be read.
    """
    allowed = records.events.query(EventFilter(outcome=Outcome.ALLOW), limit=2 * REMEMBERED)
    visits = [
        row
        for row in allowed
        if row.camera == camera
        and row.mode is not Mode.PIN
        and not row.repeat
        and row.liveness in (Proof.PASSIVE, Proof.CHALLENGE)
    ][:REMEMBERED]
    version = next((row.liveness_version for row in visits if row.liveness_version), None)
    since = now - timedelta(days=DAYS)
    return LiveVisits(
        let_in=len(visits),
        scored=sum(row.liveness_version == version for row in visits) if version else 0,
        asked=sum(row.liveness is Proof.CHALLENGE for row in visits),
        attacks=records.events.count(EventFilter(outcome=Outcome.SUSPECTED_ATTACK, since=since)),
    )
