"""One setting: its name and sentence, its control, its default, and a way back to that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.settings import SettingInfo, SettingValue
from kiosk.ui.admin.widgets.controls import Button, label
from kiosk.ui.admin.widgets.fields import roomy
from kiosk.ui.admin.widgets.layouts import boxed, column, row
from kiosk.ui.admin.widgets.style import mark

LONG = 36
"""Letters of a choice that have room beside the words."""

Control = QCheckBox | QComboBox | QSpinBox | QDoubleSpinBox


class PlainSpin(QDoubleSpinBox):
    """Shows 0.001 and not 0.001000."""

    def textFromValue(self, value: float, /) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text


class SettingRow(QWidget):
    """``changed`` says that ``value`` is another. ``suggestions`` (value, words) fill a text's
    list; ``free`` lets others be typed too."""

    changed = Signal()

    def __init__(
        self,
        info: SettingInfo,
        value: SettingValue,
        suggestions: tuple[tuple[str, str], ...] = (),
        *,
        free: bool = True,
    ) -> None:
        super().__init__()
        self.info = info
        self._free = free
        self._suggestions = suggestions
        self.control = self._make_control()
        self.control.setAccessibleName(info.title)
        self.control.setAccessibleDescription(info.help)
        self.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.control.installEventFilter(self)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.caution = label("", "warn", wrap=True)
        self._mark = label(_("Changed"), "mark")
        keep = self._mark.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._mark.setSizePolicy(keep)
        self.reset = Button(
            _("Back to the default of {title}").format(title=info.title),
            self._to_default,
            kind="quiet",
            icon="rotate-ccw",
            words=False,
        )
        keep = self.reset.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(keep)
        self._build()
        self.show_value(value)

    @property
    def value(self) -> SettingValue:
        """What stands in the control, not checked yet."""
        control = self.control
        if isinstance(control, QCheckBox):
            return control.isChecked()
        if isinstance(control, QComboBox):
            return self._chosen(control)
        return control.value()

    @property
    def words(self) -> str:
        """What stands in the control, for people."""
        return self.info.in_words(self.value)

    def show_value(self, value: SettingValue) -> None:
        """Put a value into the control without telling anybody."""
        control = self.control
        with QSignalBlocker(control):
            if isinstance(control, QCheckBox):
                control.setChecked(bool(value))
                control.setText("On" if value else "Off")
            elif isinstance(control, QComboBox):
                self._choose(control, str(value))
            elif isinstance(control, QSpinBox):
                control.setValue(int(value))
            else:
                control.setValue(float(value))
        self._tell()

    def set_value(self, value: SettingValue) -> None:
        """Put a value into the control as if it had been typed."""
        self.show_value(value)
        self._edited()

    def suggest(self, suggestions: tuple[tuple[str, str], ...]) -> None:
        """Another list to choose from, such as once the cameras have answered."""
        control, value = self.control, str(self.value)
        if not isinstance(control, QComboBox):
            return
        self._suggestions = suggestions
        with QSignalBlocker(control):
            control.clear()
            for key, words in suggestions:
                control.addItem(words, key)
            self._choose(control, value)
        _mark_list(control)

    def check(self) -> SettingValue:
        """The value in the setting's type; an error stands beside the control.

        Raises:
            BadInput: it is not allowed.
        """
        try:
            checked = self.info.parse(self.value)
            if checked == "" and not self.info.blank:
                raise BadInput(f"{self.info.title} is empty: choose or type one.")
        except BadInput as error:
            self.set_error(str(error))
            raise
        self.set_error("")
        return checked

    def set_error(self, text: str) -> None:
        """Say what is wrong; nothing says that all is well."""
        self.error.setText(text)
        self.error.setVisible(bool(text))
        mark(self.control, invalid="true" if text else "false")

    def fits(self, text: str) -> bool:
        """Whether somebody who types this looks for the setting."""
        info = self.info
        choices = " ".join(words for _, words in info.choices)
        return fits(text, f"{info.title} {info.help} {info.group} {info.name} {choices}")

    def narrow(self, narrow: bool) -> None:
        """The control under its words instead of beside them."""
        long = any(len(words) > LONG for _, words in self.info.choices)
        direction = QBoxLayout.Direction
        below = narrow or long
        self._whole.setDirection(direction.TopToBottom if below else direction.LeftToRight)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        # The wheel scrolls the page; it must not turn a setting that happens to lie under it.
        if event.type() is QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _make_control(self) -> Control:
        info = self.info
        if isinstance(info.default, bool):
            box = QCheckBox("On")
            box.toggled.connect(lambda on: box.setText("On" if on else "Off"))
            box.toggled.connect(self._edited)
            return box
        if isinstance(info.default, str):
            combo = QComboBox()
            combo.setEditable(not info.choices and self._free)
            edited = combo.lineEdit()
            if edited is not None:
                edited.setPlaceholderText(info.blank)
            combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.setMinimumContentsLength(12)
            adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            combo.setSizeAdjustPolicy(adjust)
            for key, words in info.choices or self._suggestions:
                combo.addItem(words, key)
            _mark_list(combo)
            combo.currentIndexChanged.connect(self._edited)
            combo.editTextChanged.connect(self._edited)
            return combo
        spin = QSpinBox() if isinstance(info.default, int) else PlainSpin()
        roomy(spin)
        if isinstance(spin, QDoubleSpinBox):
            assert info.low is not None
            fine = 0 < info.low <= 0.001
            spin.setDecimals(6 if fine else 2)
            spin.setRange(info.low, info.high or 0.0)
            spin.setSingleStep(0.0005 if fine else 0.01)
            if info.unit:
                spin.setSingleStep(1)
                spin.setDecimals(1)
        else:
            spin.setRange(int(info.low or 0), int(info.high or 0))
        if info.unit:
            spin.setSuffix(f" {info.unit}")
        if info.blank:
            spin.setSpecialValueText(info.blank)
        spin.valueChanged.connect(self._edited)
        return spin

    def _build(self) -> None:
        title = label(self.info.title, "label", wrap=True)
        title.setBuddy(self.control)
        head = row(title, self._mark, gap=2)
        head.setStretch(0, 1)  # a title breaks where its room ends, and no earlier
        default = _("Default: {in_words}").format(in_words=self.info.in_words(self.info.default))
        words = column(head, gap=1)
        if self.info.help:
            words.addWidget(label(self.info.help, "muted", wrap=True))
        words.addWidget(label(default, "term", wrap=True))
        words.addWidget(self.caution)
        words.addWidget(self.error)
        words.addStretch(1)
        control = row(self.control, self.reset, gap=1)
        control.setStretch(0, 1)
        self._whole = row(boxed(words), boxed(control), gap=4, pad=(0, 1))
        self._whole.setStretch(0, 3)
        self._whole.setStretch(1, 2)
        self.setLayout(self._whole)

    def _chosen(self, combo: QComboBox) -> str:
        place = combo.findText(combo.currentText(), Qt.MatchFlag.MatchFixedString)
        return str(combo.itemData(place)) if place >= 0 else combo.currentText().strip()

    def _choose(self, combo: QComboBox, value: str) -> None:
        place = combo.findData(value)
        if place >= 0:
            combo.setCurrentIndex(place)
        elif combo.isEditable():
            combo.setCurrentIndex(-1)
            combo.setEditText(value)
        else:
            # Something chosen earlier that is no longer there: shown as it is, not changed.
            combo.addItem(value, value)
            combo.setCurrentIndex(combo.count() - 1)

    def _to_default(self) -> None:
        self.set_value(self.info.default)
        self.control.setFocus()

    def _edited(self, *_: object) -> None:
        self.set_error("")
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        value = self.value
        self.caution.setText(self.info.caution(value))
        self.caution.setVisible(bool(self.caution.text()))
        changed = value != self.info.default
        self._mark.setVisible(changed)
        self.reset.setVisible(changed)


def _mark_list(combo: QComboBox) -> None:
    """Nothing to choose from, no arrow: it is a field to type into."""
    mark(combo, list="" if combo.count() else "none")


def fits(text: str, words: str) -> bool:
    """Whether somebody who types this looks for what these words are about."""
    found = words.casefold()
    return all(part in found for part in text.casefold().split())
