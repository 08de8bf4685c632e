"""The kiosk's settings, each declared once: the form, the help and the docs follow from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kiosk.domain.address import hide_secrets
from kiosk.domain.errors import BadInput
from kiosk.domain.language import marked
from kiosk.domain.region import Region

SettingValue = str | int | float | bool

_KEY: Final = "setting"


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """What a form needs to show a setting. ``low`` and ``high`` are inclusive bounds, ``choices``
    the allowed values with the words for each; ``blank`` says what an empty text means, where that
    is allowed. ``check`` raises BadInput for a text that is no such thing."""

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

    def shown(self, value: SettingValue) -> str:
        """The value as it may be told: in the audit trail, in a log."""
        return hide_secrets(str(value)) if self.secret else str(value)

    def parse(self, value: Any) -> SettingValue:
        """The value in the setting's own type.

        Raises:
            BadInput: it is of another type, outside the bounds or not among the choices.
        """
        try:
            parsed = self._converted(value)
        except (TypeError, ValueError, OverflowError):
            raise BadInput(f"{self.title}: expected {self._expected()}, got {value!r}.") from None
        if self.choices and parsed not in {choice for choice, _ in self.choices}:
            raise BadInput(f"{self.title}: expected {self._expected()}, got {value!r}.")
        if isinstance(parsed, int | float):
            low = -float("inf") if self.low is None else self.low
            high = float("inf") if self.high is None else self.high
            # Written this way round, a NaN is refused too.
            if not low <= parsed <= high:
                raise BadInput(f"{self.title}: expected {self._expected()}, got {value!r}.")
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

    def _expected(self) -> str:
        if self.choices:
            return "one of " + ", ".join(choice for choice, _ in self.choices)
        if isinstance(self.default, bool):
            return "true or false"
        if isinstance(self.default, int | float):
            kind = "a whole number" if isinstance(self.default, int) else "a number"
            return f"{kind} from {self.low:g} to {self.high:g} {self.unit}".strip()
        return "a text"


def _setting(
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
) -> Any:
    about = (default, group, title, help, low, high, unit, choices, blank, check, secret)
    return dataclasses.field(default=default, repr=not secret, metadata={_KEY: about})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their values in force."""

    camera: str = _setting(
        "0",
        "Camera",
        marked("Camera"),
        marked(
            "A camera's number, a video file, a folder of pictures, or an rtsp:// or http:// "
            "address."
        ),
        secret=True,
    )
    rotate: str = _setting(
        "0",
        "Camera",
        marked("Turn the picture"),
        marked(
            "For a camera that is mounted on its side or upside down. Faces must stand upright."
        ),
        choices=(
            ("0", marked("Not turned")),
            ("90", marked("A quarter turn clockwise")),
            ("180", marked("Upside down")),
            ("270", marked("A quarter turn anticlockwise")),
        ),
    )
    mirror: bool = _setting(
        True,
        "Camera",
        marked("Mirror the picture"),
        marked("People find themselves faster in a mirror."),
    )
    region: str = _setting(
        "",
        "Camera",
        marked("Region to look at"),
        marked(
            "Left, top, right and bottom in per cent of the turned picture, such as 20,0,80,100. "
            "Faces outside are not looked at: people who pass behind, a picture on the wall."
        ),
        blank=marked("the whole picture"),
        check=Region.parse,
    )
    min_face: int = _setting(
        48,
        "Camera",
        marked("Smallest face"),
        marked("Smaller faces are asked to come closer."),
        low=32,
        high=400,
        unit=marked("pixels"),
    )
    mode: str = _setting(
        "walk_up",
        "Decision",
        "Mode",
        "Walk-up looks for the face among everybody; claimed asks for a name or number first.",
        choices=(("walk_up", "Walk up and look"), ("claimed", "Type who you are, then look")),
    )
    far: float = _setting(
        0.001,
        "Decision",
        "False acceptance rate",
        "The chance that one stranger's look is let in: 0.001 is 1 in 1,000.",
        low=1e-6,
        high=0.1,
    )
    agree: int = _setting(
        3, "Decision", "Frames that must agree", "Of the last frames looked at.", low=1, high=20
    )
    window: int = _setting(
        5, "Decision", "Frames looked at", "How many of the last frames count.", low=1, high=20
    )
    margin: float = _setting(
        0.03,
        "Decision",
        "Margin between two people",
        "Where the two most similar people are closer than this, the kiosk asks for a number.",
        low=0,
        high=0.5,
    )
    encoder: str = _setting(
        "auto",
        "Decision",
        "Encoder",
        "Auto keeps the one that people are enrolled with; a new site gets the best one installed. "
        "With another, everybody must be enrolled anew.",
    )
    tap_first: bool = _setting(
        False,
        "Decision",
        "Tap before it looks",
        "A glance in passing is no wish to enter; a tap is (NIST SP 800-63B-4).",
    )
    pin_entry: bool = _setting(
        True, "Decision", "Let people use their PIN", "The other way in when a face is refused."
    )
    hold: float = _setting(3.0, "Screen", "Show a verdict for", "", low=1, high=30, unit="seconds")
    repeat_after: float = _setting(
        60.0,
        "Screen",
        "Same person again after",
        "Within this time a person who was let in is greeted again but not logged again.",
        low=0,
        high=3600,
        unit="seconds",
    )
    theme: str = _setting(
        "auto",
        "Screen",
        "Theme",
        "Auto is dark from 19:00 to 7:00.",
        choices=(("auto", "By the clock"), ("light", "Light"), ("dark", "Dark")),
    )
    sound: bool = _setting(True, "Screen", "Sounds", "A rising sound for yes, a falling for no.")
    attendance: bool = _setting(
        True, "Attendance", "Attendance mode", "Each ALLOW also clocks the person in or out."
    )
    day_starts: int = _setting(
        4,
        "Attendance",
        "A working day begins at",
        "A night shift that ends before this hour counts to the evening before.",
        low=0,
        high=23,
        unit="o'clock",
    )

    @classmethod
    def about(cls) -> tuple[SettingInfo, ...]:
        """Every setting in the order of the form."""
        return tuple(
            SettingInfo(field.name, *field.metadata[_KEY]) for field in dataclasses.fields(cls)
        )

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Settings:
        """Settings from stored values; what is unknown or no longer valid falls to its default,
        so that a newer or damaged store never keeps the kiosk from starting."""
        values: dict[str, SettingValue] = {}
        for info in cls.about():
            if info.name in stored:
                try:
                    values[info.name] = info.parse(stored[info.name])
                except BadInput:
                    continue
        settings = cls(**values)  # type: ignore[arg-type]
        if settings.agree > settings.window:
            # Each is valid, but together nothing would ever be decided.
            settings = dataclasses.replace(settings, agree=cls().agree, window=cls().window)
        return settings

    def changed(self, **values: Any) -> Settings:
        """A copy with some values changed and checked.

        Raises:
            BadInput: a value is not allowed, or the frames can't agree as asked.
        """
        known = {info.name: info for info in self.about()}
        for name in values:
            if name not in known:
                raise BadInput(f"There is no setting {name!r}; there are {', '.join(known)}.")
        checked = {name: known[name].parse(value) for name, value in values.items()}
        new = dataclasses.replace(self, **checked)  # type: ignore[arg-type]
        if new.agree > new.window:
            raise BadInput(
                f"{new.agree} of {new.window} frames can't agree: "
                f"look at {new.agree} frames or more, or ask fewer to agree."
            )
        return new
