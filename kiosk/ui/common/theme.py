"""What the whole screen shares: type, spacing and the theme in force.

The kiosk's page draws itself from these tokens; the admin panel has its own style sheet, which
takes light or dark from the application's palette.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTime, Signal
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


class Appearance(QObject):
    """The theme in force, one an application. ``changed`` comes once the application's font and
    palette are those of the new theme; whoever keeps colours draws itself anew then."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.theme = Theme(LIGHT)
        self.applied = False


def appearance() -> Appearance:
    """The appearance of the application, which must be there already."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    known = application.property(_PROPERTY)
    if not isinstance(known, Appearance):
        known = Appearance(application)
        application.setProperty(_PROPERTY, known)
    return known


def apply_theme(app: QApplication, dark: bool, scale: float = 1.0) -> Theme:
    """Dress the whole program; may be called again at any time, and costs something only where
    something changes."""
    theme, known = Theme(DARK if dark else LIGHT, scale), appearance()
    if known.applied and known.theme == theme:
        return theme
    load_fonts()
    if not known.applied:
        app.setStyle("Fusion")
    known.theme, known.applied = theme, True
    app.setFont(font(theme.body))
    app.setPalette(_qt_palette(theme.palette))
    known.changed.emit()
    return theme


def current_theme() -> Theme:
    """The theme in force; the light one where none was applied yet."""
    return appearance().theme if QApplication.instance() is not None else Theme(LIGHT)


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
