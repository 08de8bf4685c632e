"""One event of the log with all that was stored of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout

from kiosk.domain.decision import Decision, Outcome
from kiosk.domain.language import _
from kiosk.domain.scale import written
from kiosk.domain.threshold import one_in
from kiosk.ui.admin.log.model import reason_text
from kiosk.ui.admin.widgets.controls import Button, IconLabel, label
from kiosk.ui.admin.widgets.formats import local_moment
from kiosk.ui.admin.widgets.layouts import row, spaced
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.admin.widgets.style import OUTCOME_ICONS
from kiosk.ui.admin.widgets.words import MODES, OUTCOMES, PROOFS

MOST_ODDS = 13.8
"""A million to one: beyond that a figure says no more."""


def fields(decision: Decision, staff_number: str = "") -> list[tuple[str, str]]:
    """Every stored field in words, and the person's staff number where there is one."""
    rows = [
        ("Time", local_moment(decision.local)),
        ("Clock", _("doubtful: it can't have been that time") if decision.clock_suspect else ""),
        (_("Time (UTC)"), decision.at.astimezone(UTC).isoformat(sep=" ", timespec="milliseconds")),
        ("Outcome", _(OUTCOMES[decision.outcome])),
        ("Reason", reason_text(decision)),
        (_whose(decision), decision.person_name or "nobody"),
        (_("Staff number"), staff_number),
        (_("Again"), _("let in a moment before: not clocked once more") if decision.repeat else ""),
        (_("Way in"), _(MODES[decision.mode])),
        (_("How it was checked"), _checked(decision)),
        (_("Looks like a person"), _likely(decision)),
        (_("Score"), "" if decision.score is None else written(decision.score)),
        (_("Threshold"), "" if decision.threshold is None else written(decision.threshold)),
        (_("Strangers let in"), _strangers(decision)),
        ("Encoder", decision.encoder_id or ""),
        ("Camera", decision.camera or ""),
        (_("Recording"), _("played from a file: nobody stood there") if decision.recording else ""),
        ("Took", "" if decision.duration is None else f"{decision.duration:.2f} s"),
        ("Event", "" if decision.event_id is None else f"no. {decision.event_id}"),
    ]
    return [(name, value) for name, value in rows if value]


def _whose(decision: Decision) -> str:
    """Whoever holds up a photo is not the one who is on it."""
    suspected = decision.outcome is Outcome.SUSPECTED_ATTACK
    return _("Whose face was shown") if suspected else _("Person")


def _checked(decision: Decision) -> str:
    """How it was made sure that a person stood there."""
    return "" if decision.liveness is None else _(PROOFS[decision.liveness])


def _likely(decision: Decision) -> str:
    """How live the frames looked, as odds."""
    score = decision.liveness_score
    if score is None:
        return ""
    odds = math.exp(min(abs(score), MOST_ODDS))
    words = _("{odds:,.0f} to 1 that it is") if score >= 0 else _("{odds:,.0f} to 1 that it is not")
    return words.format(odds=odds)


def _strangers(decision: Decision) -> str:
    if decision.far is None:
        return ""
    return _("{share} at this threshold").format(share=one_in(decision.far))


def event_sheet(
    decision: Decision, show_person: Callable[[str], object], staff_number: str = ""
) -> Sheet:
    """The sheet; ``show_person`` is asked to filter the log by a name."""
    sheet = Sheet(_("Event"), width=52)
    tone = {"ALLOW": "ok", "DENY": "bad", "SUSPECTED_ATTACK": "bad"}.get(
        decision.outcome.value, "warn"
    )
    words = label(OUTCOMES[decision.outcome], "big", wrap=True)
    head = row(IconLabel(OUTCOME_ICONS[decision.outcome], 2, tone), words, gap=3)
    head.setStretch(1, 1)
    sheet.body.addLayout(head)
    grid = QGridLayout()
    spaced(grid, 2)
    grid.setColumnStretch(1, 1)
    told = fields(decision, staff_number)
    for line, (title, value) in enumerate(told):
        shown = label(value, wrap=True)
        shown.setAccessibleName(f"{title}: {value}")
        grid.addWidget(label(title, "muted"), line, 0)
        grid.addWidget(shown, line, 1)
    sheet.body.addLayout(grid)

    def copy() -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{name}: {value}" for name, value in told))

    sheet.buttons.addWidget(Button(_("Copy"), copy, icon="copy"))
    name = decision.person_name
    if name:

        def filtered() -> None:
            sheet.dismiss()
            show_person(name)

        sheet.buttons.addWidget(Button(_("This person's events"), filtered, icon="search"))
    return sheet
