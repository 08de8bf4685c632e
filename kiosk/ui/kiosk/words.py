"""What a state of the page consists of: its sentence, colour, shape, sound and buttons; pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.attendance import Direction
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import Texts

LONGEST = 40
"""Characters of a sentence that can be read from two metres."""


class Sound(StrEnum):
    """What is heard once when a state begins."""

    NONE = "none"
    RISING = "rising"
    FALLING = "falling"
    SOFT = "soft"
    ASK = "ask"
    """Something is to be done: a turn of the head."""
    DONE = "done"
    """It was done."""


class Action(StrEnum):
    """What a large button does."""

    MEANT = "meant"
    """Says what the look meant: an in, an out, a break."""
    LEFT = "left"
    """Says when somebody left who never clocked out."""
    ANOTHER_TIME = "another_time"
    """The same, by typing it."""
    PANEL = "panel"
    ENROL = "enrol"
    """The admin panel, and in it the first step of an enrolment."""
    DEMO = "demo"
    OTHER_WAY = "other_way"
    """A way in for whoever can't do what is asked."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A large button. ``plain`` is drawn as an outline: not what most people want; ``icon`` names
    one of assets/icons. ``means`` goes with MEANT, ``moment`` (with zone) with LEFT."""

    label: str
    action: Action
    plain: bool = False
    icon: str = ""
    means: Direction | None = None
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A state as the page shows it. ``second`` and ``third`` may be empty; ``icon`` names one
    of assets/icons; ``offers`` are the buttons, at most four. ``asks``: they answer the
    sentence, the likely one first. ``clock`` marks the idle screen, whose sentence is the time."""

    sentence: str
    second: str = ""
    third: str = ""
    band: BandKind = BandKind.NEUTRAL
    icon: str = ""
    sound: Sound = Sound.NONE
    offers: tuple[Offer, ...] = ()
    asks: bool = False
    clock: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How things are said here and now. ``clock`` and ``date`` write a moment (with zone) in the
    locale's way and in local time, ``day`` writes "Monday"; ``hour`` is a moment's local hour.
    ``inside`` is how many people are in, None where that is not shown."""

    texts: Texts
    clock: Callable[[datetime], str]
    date: Callable[[datetime], str]
    hour: Callable[[datetime], int]
    day: Callable[[datetime], str]
    mirror: bool = True
    pin_entry: bool = True
    inside: int | None = None


def first_name(name: str) -> str:
    """The name to greet with: the first word, or the first after the comma of "Chen, Mia"."""
    _, comma, given = name.partition(",")
    words = (given if comma and given.strip() else name).split()
    return words[0].strip(",") if words else ""


def shortened(text: str, most: int) -> str:
    """The text with an ellipsis where it has more than ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def with_name(pattern: str, full: str) -> str:
    """A sentence with a first name in it, not longer than can be read."""
    room = LONGEST - len(pattern.format(name=""))
    return pattern.format(name=shortened(first_name(full), room))
