"""Plain words for what the day's sheet shows: events, and what they rest on. Those for whole days
stand in ``kiosk.domain.hours.words``."""

from __future__ import annotations

from datetime import timedelta

from kiosk.domain.attendance import DIRECTIONS, ClockEvent, Doubt, Evidence
from kiosk.domain.audit import ActorKind
from kiosk.domain.hours import DayRow
from kiosk.domain.language import _, marked
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.threshold import one_in
from kiosk.ui.admin.widgets.acts import ACTORS
from kiosk.ui.admin.widgets.formats import local_clock
from kiosk.ui.admin.widgets.words import PROOFS, hours

DOUBTS = {
    Doubt.SHORT: marked("Asked: it would end a stay of a few minutes."),
    Doubt.LONG: marked("Asked: it would end a stay that is longer than people stay."),
    Doubt.SOON: marked("Asked: the person went a few minutes ago."),
    Doubt.UNUSUAL: marked("Asked: at this hour the person mostly does the reverse."),
    Doubt.CHOICE: marked("Asked: at this site people choose, and nobody did."),
}
_KINDS = {kind.value: kind for kind in ActorKind}
_PROOFS = {proof.value: proof for proof in Proof}


def event_text(event: ClockEvent) -> str:
    """What and when: ``Came in 07:42``."""
    return f"{_(DIRECTIONS[event.direction])} {local_clock(event.local)}"


def sums(row: DayRow) -> str:
    """What counts of a day, what of it rests on somebody's word, and its breaks."""
    parts = [_("{time} hours count").format(time=_hours(row.counted))]
    if row.counted_by_hand:
        by_hand = _hours(row.counted_by_hand)
        parts.append(_("{time} of it on somebody's word").format(time=by_hand))
    if row.rested:
        parts.append(_("{time} of breaks").format(time=_hours(row.rested)))
    if row.planned is not None:
        starts, ends = local_clock(row.planned.starts), local_clock(row.planned.ends)
        parts.append(_("planned from {starts} to {ends}").format(starts=starts, ends=ends))
    return "; ".join(parts)


def rests_on(event: ClockEvent) -> str:
    """What it rests on, as whoever signs the sheet should know it."""
    match event.evidence:
        case Evidence.FACE:
            parts = [_("Face"), one_in(event.far) if event.far else "", _proof(event.liveness)]
        case Evidence.PIN:
            parts = [_("PIN")]
        case Evidence.PERSON:
            parts = [_("Said by the person"), event.note]
        case Evidence.HAND:
            by = _("By hand, {who}").format(who=author(event.by)) if event.by else _("By hand")
            parts = [by, event.note]
        case Evidence.IMPORT:
            parts = [_("Imported"), event.note]
    return "  ·  ".join(part for part in (*parts, event.kiosk) if part)


def doubt_text(event: ClockEvent) -> str:
    """Why it is asked about; nothing where it is not."""
    if event.doubt is None or not event.asks:
        return ""
    return _(DOUBTS[event.doubt])


def author(by: str) -> str:
    """Who did it: a name, or in words where it was done from."""
    return ACTORS[_KINDS[by]]() if by in _KINDS else by


def _hours(time: timedelta) -> str:
    return hours(time.total_seconds())


def _proof(liveness: str | None) -> str:
    return _(PROOFS[_PROOFS[liveness]]).lower() if liveness in _PROOFS else ""
