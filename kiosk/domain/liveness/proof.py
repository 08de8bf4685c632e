"""How it was made sure that a person stood there."""

from __future__ import annotations

from enum import StrEnum


class Proof(StrEnum):
    """What a decision's liveness rests on."""

    OFF = "off"
    """It was not looked at."""
    PASSIVE = "passive"
    """A few frames of looking into the camera."""
    CHALLENGE = "challenge"
    """The head was turned as asked."""
    PIN = "pin"
    """The face was recognised, and its person's own PIN typed after it."""
