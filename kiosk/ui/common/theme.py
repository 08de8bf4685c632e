"""What the whole screen shares: type, spacing and the theme in force.

The kiosk's page draws itself from these tokens; the admin panel has its own style sheet, which
takes light or dark from the application's palette.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTime
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from kiosk.resources import ASSETS
from kiosk.ui.common.palette import DARK, LIGHT, Palette

FAMILY = "Inter"
STEP = 4
SMALL, BODY, TITLE = 13, 15, 24
"""Pixels at scale 1 (1280x800): the step of every distance, and the panel's three type sizes."""

_PROPERTY = "kioskTheme"


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens in force. ``scale`` multiplies every length; lengths are in pixels."""

    palette: Palette
    scale: float = 1.0

    @property
    def dark(self) -> bool:
        return self.palette.dark

    @property
    def small(self) -> int:
        return round(SMALL * self.scale)

    @property
    def body(self) -> int:
        return round(BODY * self.scale)

    @property
    def title(self) -> int:
        return round(TITLE * self.scale)

    def space(self, steps: float) -> int:
        """A distance in steps of 4 px at scale 1."""
        return round(STEP * steps * self.scale)


def font(pixels: float, *, bold: bool = False, tabular: bool = False) -> QFont:
    """The program's font at a size in pixels. ``tabular`` gives all figures one width, so that
    columns and a ticking clock stand still."""
    made = QFont(FAMILY)
    made.setPixelSize(max(1, round(pixels)))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def is_dark(choice: str, now: QTime) -> bool:
    """Whether a ``Settings.theme`` (light, dark, auto) means dark at this time of day."""
    if choice == "auto":
        return not 7 <= now.hour() < 19
    return choice == "dark"


def apply_theme(app: QApplication, dark: bool, scale: float = 1.0) -> Theme:
    """Dress the whole program; may be called again at any time, costs some 10 ms."""
    load_fonts()
    theme = Theme(DARK if dark else LIGHT, scale)
    app.setProperty(_PROPERTY, theme)
    app.setStyle("Fusion")
    app.setFont(font(theme.body))
    app.setPalette(_qt_palette(theme.palette))
    return theme


def current_theme() -> Theme:
    """The theme in force; the light one where none was applied yet."""
    app = QApplication.instance()
    theme = app.property(_PROPERTY) if app is not None else None
    return theme if isinstance(theme, Theme) else Theme(LIGHT)


def load_fonts() -> None:
    """Make the shipped family known to Qt. Needs the application; twice does no harm."""
    if FAMILY not in QFontDatabase.families():
        for file in sorted((ASSETS / "fonts").glob("*.otf")):
            QFontDatabase.addApplicationFont(str(file))


def _qt_palette(colours: Palette) -> QPalette:
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.raised,
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.accent_ink,
        role.Highlight: colours.selection,
        role.HighlightedText: colours.text,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Link: colours.accent,
        role.Mid: colours.line,
        role.Accent: colours.accent,
    }.items():
        made.setColor(which, QColor(colour))
    for which in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.muted))
    return made
