"""What is to be tried in a drill, and how many times."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QSpinBox

from kiosk.domain.language import _
from kiosk.domain.liveness.drill import ENOUGH, Kind
from kiosk.domain.liveness.rates import clopper_pearson
from kiosk.ui.admin.liveness.words import KINDS, per_cent
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import roomy
from kiosk.ui.admin.widgets.layouts import boxed, spaced
from kiosk.ui.admin.widgets.sheets import Sheet
from kiosk.ui.kiosk.drill_words import Plan, how_long

SUGGESTED = (Kind.OWN_FACE, Kind.PRINT, Kind.PHONE)
MOST = 100


class DrillSetup(Sheet):
    """``begin`` gets the plan."""

    def __init__(self, begin: Callable[[Plan], object]) -> None:
        super().__init__(_("A drill at this door"), width=58)
        self._begin = begin
        self.counts: dict[Kind, QSpinBox] = {}
        self.body.addWidget(
            label(
                _(
                    "You hold up pictures of somebody who is enrolled, and the kiosk decides as it "
                    "always does. Nothing opens and nothing is logged. Do it where the kiosk "
                    "stands, in its usual light, and have everything at hand."
                ),
                wrap=True,
            )
        )
        self.body.addWidget(label(_("How many times each?"), "label"))
        grid = QGridLayout()
        spaced(grid, 2)
        grid.setColumnStretch(0, 1)
        for line, kind in enumerate(KINDS):
            count = roomy(QSpinBox())
            count.setRange(0, MOST)
            count.setValue(ENOUGH if kind in SUGGESTED else 0)
            name = label(_(KINDS[kind]), wrap=True)
            name.setBuddy(count)
            count.setAccessibleName(_("{kind}: how many times").format(kind=_(KINDS[kind])))
            count.valueChanged.connect(self._tell)
            grid.addWidget(name, line, 0)
            grid.addWidget(count, line, 1)
            self.counts[kind] = count
        self.body.addWidget(boxed(grid))
        self.proves = label("", "muted", wrap=True)
        self.body.addWidget(self.proves)
        self.start = Button(_("Begin"), self._go, kind="primary", icon="check")
        self.buttons.addWidget(Button(_("Cancel"), self.dismiss))
        self.buttons.addWidget(self.start)
        self._tell()

    @property
    def plan(self) -> Plan:
        return Plan(tuple((kind, box.value()) for kind, box in self.counts.items() if box.value()))

    def _tell(self) -> None:
        plan = self.plan
        attacks = [count for kind, count in plan.counts if kind.attack]
        self.start.setEnabled(bool(attacks))
        if not attacks:
            self.proves.setText(_("Choose at least one kind of picture."))
            return
        fewest = min(attacks)
        high = clopper_pearson(0, fewest)[1]
        text = _(
            "{how_long}. Where none of {count} is let in, the true share may still be up to {high}."
        ).format(how_long=how_long(plan), count=fewest, high=per_cent(high))
        if fewest < ENOUGH:
            text += " " + _("{enough} of each kind are needed for a drill to pass.").format(
                enough=ENOUGH
            )
        self.proves.setText(text)

    def _go(self) -> None:
        self.dismiss()
        self._begin(self.plan)
