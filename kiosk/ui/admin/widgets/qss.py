"""The panel's style sheet, made of the theme's tokens."""

from __future__ import annotations

from string import Template

from kiosk.resources import ASSETS
from kiosk.ui.common.palette import Palette

_SHEET = Template("""
QWidget { color: $text; font-size: ${p15}px; }
QWidget[role="window"] { background: $window; }
QWidget[role="sidebar"] { background: $surface; border-right: 1px solid $line; }
QWidget[role="shade"] { background: $shade; }
QWidget[role="bar"] { background: $surface; border-top: 1px solid $line; }
QWidget[role="scrolled"] { background: transparent; }
QWidget[role="card"] {
  background: $surface; border: 1px solid $line; border-radius: ${p10}px;
}
QWidget[role="banner"] {
  background: $warn_soft; border: 1px solid $warn; border-radius: ${p8}px;
}
QWidget[role="banner"][kind="good"] { background: $selection; border-color: $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: ${p4}px; }

QLabel { background: transparent; }
QLabel[role="title"], QLabel[role="big"] { font-size: ${p24}px; font-weight: 600; }
/* As high as the buttons beside it: it stands where it does on pages that have none. */
QLabel[role="title"] { min-height: ${p44}px; }
QLabel[role="heading"] { font-size: ${p18}px; font-weight: 600; }
QLabel[role="label"] { font-weight: 600; }
QLabel[role="muted"], QLabel[role="term"] { color: $muted; }
QLabel[role="term"] { font-size: ${p13}px; }
QLabel[role="error"] { color: $bad; font-weight: 600; }
QLabel[role="ok"] { color: $ok; font-weight: 600; }
QLabel[role="warn"] { color: $warn; font-weight: 600; }
QLabel[role="mark"], QLabel[role="warn-mark"] {
  color: $text; background: $selection; font-size: ${p13}px; font-weight: 600;
  border-radius: ${p4}px; padding: ${p2}px ${p6}px;
}
QLabel[role="warn-mark"] { color: $warn; background: $warn_soft; }

QPushButton {
  background: $surface; border: 1px solid $control; border-radius: ${p8}px;
  padding: 0 ${p16}px; min-height: ${p42}px;
}
QPushButton:hover { background: $raised; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border: 2px solid $focus; }
QPushButton:disabled { color: $muted; border-color: $line; background: $window; }
QPushButton[kind="primary"] {
  background: $accent; color: $accent_ink; border-color: $accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: $focus; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton[kind="danger"] { color: $bad; border-color: $bad; font-weight: 600; }
QPushButton[kind="danger"]:focus { border: 2px solid $focus; }
QPushButton[kind="danger"]:disabled { color: $muted; border-color: $line; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover { background: $raised; }
QPushButton[kind="quiet"]:focus { border: 2px solid $focus; }
QPushButton[kind="chip"] { border-radius: ${p20}px; padding: 0 ${p14}px; }
QPushButton[kind="chip"]:checked {
  background: $selection; border: 2px solid $accent; font-weight: 600;
}
QPushButton[kind="chip"]:focus { border: 2px solid $focus; }
QPushButton[kind="chip"]:checked:focus { border: 2px solid $text; }
QPushButton[kind="key"] {
  padding: 0; min-width: 0; min-height: ${p48}px; font-size: ${p18}px; border-color: $line;
}
QPushButton[kind="key"]:checked { background: $selection; border: 2px solid $accent; }
QPushButton[kind="choice"] {
  text-align: left; padding: ${p8}px ${p16}px; border-radius: ${p10}px; font-weight: 600;
}
QPushButton[form="icon"] { padding: 0; min-width: ${p42}px; max-width: ${p42}px; }
QToolButton {
  background: transparent; border: 2px solid transparent; border-radius: ${p8}px;
  min-height: ${p40}px; padding: 0 ${p10}px;
}
QToolButton:hover { background: $raised; }
QToolButton:checked { background: $selection; font-weight: 600; }
QToolButton:focus { border-color: $focus; }
QToolButton[narrow="true"] { font-size: ${p12}px; padding: ${p8}px 0; font-weight: 400; }

QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox {
  background: $surface; border: 1px solid $control; border-radius: ${p8}px;
  padding: 0 ${p10}px; min-height: ${p42}px;
  selection-background-color: $accent; selection-color: $accent_ink;
}
QPlainTextEdit { padding: ${p8}px; }
QLineEdit, QPlainTextEdit { placeholder-text-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
  border: 2px solid $focus;
}
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] {
  border: 2px solid $bad;
}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
  color: $muted; background: $window; border-color: $line;
}
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: none; min-height: ${p30}px; padding: 0; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
  border: none; background: transparent; min-height: 0; padding: 0;
}
QLineEdit QToolButton, QLineEdit QToolButton:hover {
  border: none; background: transparent; min-height: 0; padding: 0;
}
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down {
  subcontrol-origin: padding; subcontrol-position: center right; border: none; width: ${p36}px;
}
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow {
  image: url($icons/chevron-down-grey.svg); width: ${p16}px; height: ${p16}px;
}
QComboBox[list="none"]::drop-down { width: 0; }
QComboBox[list="none"]::down-arrow { image: none; width: 0; }
QComboBox QAbstractItemView {
  background: $surface; border: 1px solid $control; padding: ${p4}px; outline: none;
  selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: ${p44}px; padding: 0 ${p8}px; }
QAbstractSpinBox::up-button {
  subcontrol-origin: border; subcontrol-position: top right; border: none; width: ${p36}px;
}
QAbstractSpinBox::down-button {
  subcontrol-origin: border; subcontrol-position: bottom right; border: none; width: ${p36}px;
}
QAbstractSpinBox::up-arrow {
  image: url($icons/chevron-up-grey.svg); width: ${p14}px; height: ${p14}px;
}
QAbstractSpinBox::down-arrow {
  image: url($icons/chevron-down-grey.svg); width: ${p14}px; height: ${p14}px;
}
QCheckBox { spacing: ${p10}px; min-height: ${p44}px; }
QCheckBox::indicator, QListView::indicator {
  width: ${p24}px; height: ${p24}px; border: 1px solid $control; border-radius: ${p6}px;
  background: $surface;
}
QCheckBox::indicator:checked, QListView::indicator:checked {
  background: $allow_fill; border-color: $ok; image: url($icons/check-white.svg);
}
QCheckBox::indicator:checked:disabled, QListView::indicator:checked:disabled {
  background: $muted; border-color: $muted;
}
QCheckBox::indicator:focus { border: 2px solid $focus; }

QSlider { min-height: ${p44}px; }
QSlider::groove:horizontal { height: ${p6}px; background: $line; border-radius: ${p3}px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: ${p3}px; }
QSlider::handle:horizontal {
  width: ${p26}px; height: ${p26}px; margin: -${p12}px 0; border-radius: ${p13}px;
  background: $surface; border: 2px solid $accent;
}
QSlider::handle:horizontal:focus { background: $selection; border-color: $focus; }
QProgressBar {
  background: $line; border: none; border-radius: ${p4}px; min-height: ${p8}px;
  max-height: ${p8}px;
}
QProgressBar[role="busy"] {
  background: transparent; min-height: ${p4}px; max-height: ${p4}px; border-radius: 0;
}
QProgressBar[role="busy"]::chunk { border-radius: 0; width: ${p200}px; }
QProgressBar::chunk { background: $accent; border-radius: ${p4}px; }

QTableView, QListView {
  background: $surface; border: 1px solid $line; border-radius: ${p10}px; outline: none;
  gridline-color: $line; alternate-background-color: $surface;
  selection-background-color: $selection; selection-color: $text;
}
QListView[role="cards"] { background: transparent; border: none; }
QTableView:focus, QListView:focus, QListView[role="cards"]:focus, QScrollArea:focus {
  border: 2px solid $focus;
}
QListView[role="picks"]::item {
  min-height: ${p44}px; padding: 0 ${p8}px; border-bottom: 1px solid $line;
}
QTableView::item { border-bottom: 1px solid $line; padding: 0 ${p8}px; }
QTableView::item:selected { background: $selection; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
  background: $surface; color: $muted; border: none; border-bottom: 1px solid $control;
  padding: 0 ${p10}px; font-size: ${p13}px; font-weight: 600; min-height: ${p40}px;
}
QAbstractScrollArea::corner { background: transparent; border: none; }
QHeaderView::down-arrow {
  image: url($icons/chevron-down-grey.svg); width: ${p14}px; height: ${p14}px;
}
QHeaderView::up-arrow {
  image: url($icons/chevron-up-grey.svg); width: ${p14}px; height: ${p14}px;
}
QTableCornerButton::section { background: $surface; border: none; }
QCalendarWidget QAbstractItemView { min-width: ${p300}px; min-height: ${p200}px; }
QCalendarWidget QToolButton { color: $text; }

QScrollArea { border: none; background: transparent; border-radius: ${p10}px; }
QScrollBar:vertical { background: transparent; width: ${p14}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p14}px; margin: 0; }
QScrollBar::handle { background: $control; border-radius: ${p4}px; margin: ${p3}px; }
QScrollBar::handle:vertical { min-height: ${p36}px; }
QScrollBar::handle:horizontal { min-width: ${p36}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu { background: $surface; border: 1px solid $line; padding: ${p4}px; }
QMenu::item { padding: ${p12}px ${p24}px; border-radius: ${p4}px; }
QMenu::item:selected { background: $selection; }
""")

_LENGTHS = (
    *(2, 3, 4, 6, 8, 10, 12, 13, 14, 15, 16, 18, 20, 24, 26, 30, 36, 40, 42, 44, 48),
    *(200, 300),
)


def style_sheet(colours: Palette, scale: float) -> str:
    """The sheet in a theme; at scale 1 every button and field is at least 44 px high."""
    return _SHEET.substitute(
        {f"p{length}": round(length * scale) for length in _LENGTHS},
        icons=(ASSETS / "icons").as_posix(),
        shade="rgba(0, 0, 0, 150)" if colours.dark else "rgba(17, 24, 29, 110)",
        warn_soft=blend(colours.warn, colours.surface, 0.14),
        allow_fill=colours.allow.fill,
        **{
            name: getattr(colours, name)
            for name in (
                *("window", "surface", "raised", "line", "control", "text", "muted", "accent"),
                *("accent_ink", "selection", "focus", "ok", "bad", "warn"),
            )
        },
    )


def blend(one: str, other: str, share: float) -> str:
    """``share`` (0 to 1) of one colour (#rrggbb) in another."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)
