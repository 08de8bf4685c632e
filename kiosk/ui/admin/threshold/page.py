"""The threshold: how strict the kiosk is, and what that costs, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QSlider, QSpinBox, QWidget

from kiosk.domain.audit import Action
from kiosk.domain.comparisons import comparisons
from kiosk.domain.language import _, marked
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.scale import written
from kiosk.domain.settings import Settings
from kiosk.services.access.pins import utc_now
from kiosk.services.admin import thresholds
from kiosk.services.admin.thresholds import Change, SiteScores
from kiosk.services.site import Site
from kiosk.ui.admin.page import Page, PageContext
from kiosk.ui.admin.threshold import words as words
from kiosk.ui.admin.threshold.plot import ThresholdPlot
from kiosk.ui.admin.threshold.words import DAYS, Scale
from kiosk.ui.admin.widgets.controls import Button, card, keeps_drag, label, scrolled
from kiosk.ui.admin.widgets.fields import Field, roomy
from kiosk.ui.admin.widgets.layouts import boxed, column, row
from kiosk.ui.admin.widgets.style import mark

STEPS = 400
"""Places of the slider."""
REST = 300
"""Milliseconds that the line rests before the log is asked what would have changed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    info: EncoderInfo
    own: SiteScores
    people: int
    comparisons: float
    settings: Settings
    reason: str


def _read(site: Site) -> _Data:
    info = site.encoder()
    gallery = thresholds.gallery_here(site.records, info)
    stored = site.records.settings.load()
    return _Data(
        info,
        thresholds.site_scores(site.records, info),
        len(gallery),
        comparisons(gallery, info.curve),
        site.settings(),
        str(stored.get("far_reason", "")),
    )


class ThresholdPage(Page):
    """The plot, a slider and a number all say the same; Save puts it in force."""

    title = marked("Threshold")

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._data: _Data | None = None
        self._scale: Scale | None = None
        self.far = context.site.settings().far
        # Whether somebody moved the line since it was read or saved.
        self._touched = False
        self._asking = self._again = False
        self.plot = ThresholdPlot()
        keeps_drag(self.plot)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setAccessibleName(_("How strict the kiosk is"))
        self.spin = roomy(QSpinBox())
        self.spin.setGroupSeparatorShown(True)
        self.spin.setPrefix("1 in ")
        self.spin.setAccessibleName(_("One stranger let in, of how many"))
        self.strangers = label("", "big", wrap=True)
        self.right = label("", "big", wrap=True)
        self.explanation = label("", "muted", wrap=True)
        self.limit = label("", "warn", wrap=True)
        self.source = label("", "muted", wrap=True)
        self.changes = label("", wrap=True)
        self.why = QLineEdit()
        self.why.setPlaceholderText(_("Such as: too many people had to try twice"))
        self.why_field = Field(_("Reason for the change"), self.why)
        self.save = Button(_("Save"), self._save, kind="primary", icon="check")
        self.reset = Button(_("Undo"), self._undo, icon="undo-2")
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._ask_log)
        self._build()
        self.plot.dragged.connect(self._dragged)
        self.slider.valueChanged.connect(self._slid)
        self.spin.valueChanged.connect(self._spun)

    def refresh(self) -> None:
        site = self.context.site
        self.ask(lambda: _read(site), self._show)

    @property
    def unsaved(self) -> str:
        return _("The new threshold is not saved") if self._changed else ""

    def drop(self) -> None:
        self._undo()

    def back(self) -> bool:
        if self._changed:
            self._undo()
            return True
        return False

    def set_far(self, far: float) -> None:
        """Move everything to a false acceptance rate, as dragging the line does."""
        if self._scale is None:
            return
        self._touched = True
        self.far = min(max(far, self._scale.strictest), self._scale.loosest)
        self._tell()
        self._rest.start()

    @property
    def _changed(self) -> bool:
        if self._data is None or self._scale is None:
            return False
        return not math.isclose(self.far, self._in_force, rel_tol=1e-3)

    @property
    def _in_force(self) -> float:
        assert self._data is not None
        assert self._scale is not None
        # Below what the data supports, the kiosk itself holds to the lowest rate it does.
        return min(max(self._data.settings.far, self._scale.strictest), self._scale.loosest)

    def _build(self) -> None:
        loose, strict = label(_("Lets more in"), "muted"), label(_("Stricter"), "muted")
        slider = row(loose, self.slider, strict, self.spin, gap=3)
        slider.setStretch(1, 1)
        picture = column(self.plot, slider, gap=2, pad=(3, 2))
        picture.setStretch(0, 1)
        plot = boxed(picture, "card")
        plot.setMinimumHeight(200)
        self._strangers_term = label("", "term", wrap=True)
        self._right_term = label("", "term", wrap=True)
        costs = row(
            boxed(column(self.strangers, self._strangers_term, 1, gap=1)),
            boxed(column(self.right, self._right_term, 1, gap=1)),
            gap=6,
        )
        costs.setStretch(0, 1)
        costs.setStretch(1, 1)
        words_card = card(boxed(costs), self.explanation, self.limit, self.source, gap=2)
        changes = card(
            label(_("With the last {days} days").format(days=DAYS), "label"), self.changes, gap=1
        )
        buttons = boxed(column(1, boxed(row(self.reset, self.save, gap=2))))
        why = row(self.why_field, buttons, gap=4, pad=(4, 3))
        why.setStretch(0, 1)
        self._save_card = boxed(why, "card")
        self._save_card.hide()
        content = QWidget()
        lines = column(plot, words_card, changes, gap=3)
        lines.setStretch(0, 1)
        content.setLayout(lines)
        self.body.addWidget(scrolled(content), 1)
        self.body.addWidget(self._save_card)

    def _show(self, data: _Data) -> None:
        self._data = data
        self._scale = scale = words.scale_of(
            data.info.curve, data.settings, data.people, data.comparisons
        )
        if not self._touched:
            self.far = self._in_force
        self.plot.show_curve(data.info.curve, data.own)
        low, high = scale.point(scale.loosest).threshold, scale.point(scale.strictest).threshold
        self.plot.limit(low, high)
        self.spin.blockSignals(True)
        self.spin.setRange(round(1 / scale.loosest), round(1 / scale.strictest))
        self.spin.blockSignals(False)
        for control in (self.slider, self.spin):
            control.setEnabled(not scale.fixed)
        own = ""
        if len(data.own.impostor) or len(data.own.genuine):
            own = _(" Dotted: the people enrolled here, compared with each other.")
        self.source.setText(words.source(data.info.curve) + own)
        self.limit.setText(words.limit(scale))
        self.limit.setVisible(bool(self.limit.text()))
        mark(self.limit, role="warn" if scale.fixed else "muted")
        self.far = min(max(self.far, scale.strictest), scale.loosest)
        self._tell()
        self._ask_log()

    def _tell(self) -> None:
        """Bring line, slider, number and words to the rate."""
        assert self._data is not None
        assert self._scale is not None
        point = self._scale.point(self.far)
        self.plot.move(point.threshold)
        for control, value in (
            (self.slider, round(STEPS * self._place(self.far))),
            (self.spin, round(1 / self.far)),
        ):
            control.blockSignals(True)
            control.setValue(value)
            control.blockSignals(False)
        self.slider.setAccessibleDescription(words.strangers(point))
        self.strangers.setText(words.strangers(point))
        self._strangers_term.setText(words.far_term(self._scale, point))
        self.right.setText(words.right_person(point, self._data.info.curve))
        self._right_term.setText(
            _(
                "False rejection rate (FRR) {frr}: with one photo each, far less with "
                "several. They try again, or use their PIN"
            ).format(frr=f"{point.frr:.2%}")
        )
        self.explanation.setText(
            words.explanation(self._scale, point, self._data.settings)
            + _(" The line stands at {written} points of 100.").format(
                written=written(point.threshold)
            )
        )
        self._save_card.setVisible(self._changed and self.context.may(Action.CHANGE_SETTINGS))

    def _place(self, far: float) -> float:
        """A rate on the slider: 0 is the loosest, 1 the strictest, by powers of ten between."""
        assert self._scale is not None
        if self._scale.fixed:
            return 1.0
        loose, strict = math.log(self._scale.loosest), math.log(self._scale.strictest)
        return (loose - math.log(far)) / (loose - strict)

    def _dragged(self, threshold: float) -> None:
        if self._scale is not None:
            self.set_far(self._scale.far_of(threshold))

    def _slid(self, value: int) -> None:
        if self._scale is not None:
            loose, strict = math.log(self._scale.loosest), math.log(self._scale.strictest)
            self.set_far(math.exp(loose - (loose - strict) * value / STEPS))

    def _spun(self, value: int) -> None:
        self.set_far(1 / value)

    def _ask_log(self) -> None:
        """What would have changed: one question at a time, the newest one last."""
        if self._data is None or self._scale is None:
            return
        if self._asking:
            self._again = True
            return
        self._asking = True
        storage, encoder_id = self.context.site.records, self._data.info.encoder_id
        threshold = self._scale.point(self.far).threshold
        since = utc_now() - timedelta(days=DAYS)

        def show(change: Change) -> None:
            self._asking = False
            self.changes.setText("\n".join(words.consequences(change)))
            if self._again:
                self._again = False
                self._ask_log()

        def failed(error: BaseException) -> None:
            self._asking = self._again = False
            self.fail(error)

        self.ask(
            lambda: thresholds.what_would_change(storage, encoder_id, threshold, since),
            show,
            failed,
        )

    def _undo(self) -> None:
        if self._data is not None:
            self.why.clear()
            self.set_far(self._in_force)
            self._touched = False

    def _save(self) -> None:
        site, far, why = self.context.site, self.far, self.why.text()
        if not why.strip():
            self.why_field.set_error(_("Say why: whoever comes after you will ask."))
            self.why.setFocus()
            return
        self.save.setEnabled(False)

        def save() -> Settings:
            changed = site.admin.settings.change_far(site.actor, site.settings(), far, why)
            site.apply(site.actor, changed)
            return changed

        def done(_changed: Settings) -> None:
            self.save.setEnabled(True)
            self._touched = False
            self.why.clear()
            self.why_field.set_error("")
            self.banner.say(_("The new threshold is in force."), good=True)
            self.refresh()

        def failed(error: BaseException) -> None:
            self.save.setEnabled(True)
            self.fail(error)

        self.ask(save, done, failed)
