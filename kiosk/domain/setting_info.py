"""What a setting is: its type, its bounds, and its words for the form, the help and the docs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from kiosk.domain.address import hide_secrets
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _

SettingValue = str | int | float | bool

_KEY: Final = "setting"


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """What a form needs to show a setting. ``low`` and ``high`` are inclusive bounds, ``choices``
    the allowed values with the words for each; ``blank`` says what an empty text means, or the
    lowest number, where that is allowed and means something of its own. ``check`` raises BadInput
    for a text that is no such thing."""

    name: str
    default: SettingValue
    group: str
    title: str
    help: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    blank: str = ""
    check: Callable[[str], object] | None = None
    secret: bool = False
    """Whether the value may hold a password."""
    cautions: tuple[tuple[SettingValue, str], ...] = ()
    """Values that put something at risk, with what."""

    def nothing(self, value: SettingValue) -> bool:
        """Whether a value is the one that ``blank`` is the word for."""
        return value == "" or (bool(self.blank) and value == self.low)

    def caution(self, value: SettingValue) -> str:
        """What a value puts at risk, in a sentence; empty where it is nothing."""
        return dict(self.cautions).get(value, "")

    def shown(self, value: SettingValue) -> str:
        """The value as it may be told: in the audit trail, in a log."""
        return hide_secrets(str(value)) if self.secret else str(value)

    def in_words(self, value: SettingValue) -> str:
        """The value as the settings page tells it: its choice's words, its unit."""
        if isinstance(value, bool):
            return _("on") if value else _("off")
        if self.nothing(value):
            return self.blank
        plain = f"{value:g}" if isinstance(value, float) and value >= 0.001 else str(value)
        words = dict(self.choices).get(plain, plain)
        return f"{words} {self.unit}".strip()

    def parse(self, value: Any) -> SettingValue:
        """The value in the setting's own type.

        Raises:
            BadInput: it is of another type, outside the bounds or not among the choices.
        """
        try:
            parsed = self._converted(value)
        except (TypeError, ValueError, OverflowError):
            raise self._refusal(value) from None
        if self.choices and parsed not in dict(self.choices):
            raise self._refusal(value)
        if isinstance(parsed, int | float):
            low = -float("inf") if self.low is None else self.low
            high = float("inf") if self.high is None else self.high
            # Written this way round, a NaN is refused too.
            if not low <= parsed <= high:
                raise self._refusal(value)
        if self.check is not None:
            self.check(str(parsed))
        return parsed

    def _converted(self, value: Any) -> SettingValue:
        if isinstance(self.default, bool):
            if str(value).lower() not in {"true", "false", "1", "0"}:
                raise ValueError
            return str(value).lower() in {"true", "1"}
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise TypeError
        kind = type(self.default)
        converted = kind(value)
        if kind is int and isinstance(value, float) and converted != value:
            raise ValueError  # 3.7 frames are no 3 frames.
        return converted

    def _refusal(self, value: object) -> BadInput:
        return BadInput(
            _("{title}: expected {expected}, got {value!r}.").format(
                title=self.title, expected=self._expected(), value=value
            )
        )

    def _expected(self) -> str:
        if self.choices:
            return _("one of {choices}").format(choices=", ".join(dict(self.choices)))
        if isinstance(self.default, bool):
            return _("true or false")
        if isinstance(self.default, int | float):
            sentence = (
                _("a whole number from {low:g} to {high:g} {unit}")
                if isinstance(self.default, int)
                else _("a number from {low:g} to {high:g} {unit}")
            )
            return sentence.format(low=self.low, high=self.high, unit=self.unit).strip()
        return _("a text")


def setting(
    default: SettingValue,
    group: str,
    title: str,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    choices: tuple[tuple[str, str], ...] = (),
    blank: str = "",
    check: Callable[[str], object] | None = None,
    secret: bool = False,
    cautions: tuple[tuple[SettingValue, str], ...] = (),
) -> Any:
    """A field of ``Settings`` with what is known of it; its words are marked for translation."""
    about = (default, group, title, help, low, high, unit, choices, blank, check, secret, cautions)
    return dataclasses.field(default=default, repr=not secret, metadata={_KEY: about})


def about(fields: Iterable[dataclasses.Field[Any]]) -> tuple[SettingInfo, ...]:
    """What is known of the settings of these fields, in the language in force."""
    return tuple(_in_language(SettingInfo(field.name, *field.metadata[_KEY])) for field in fields)


def _in_language(info: SettingInfo) -> SettingInfo:
    def said(text: str) -> str:
        return _(text) if text else ""  # an empty one stands for a catalogue's own header

    return dataclasses.replace(
        info,
        group=said(info.group),
        title=said(info.title),
        help=said(info.help),
        unit=said(info.unit),
        blank=said(info.blank),
        choices=tuple((choice, said(words)) for choice, words in info.choices),
        cautions=tuple((value, said(words)) for value, words in info.cautions),
    )
