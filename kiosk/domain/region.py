"""The part of the camera's picture that is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Box
from kiosk.domain.language import _

_LEAST = 10.0
"""Per cent of the picture a side: less holds no face at any distance."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in per cent of the turned picture (not mirrored), from its left and upper edge.

    Raises:
        BadInput: a side lies outside 0 to 100, or it is less than a tenth of the picture wide or
            high.
    """

    left: float = 0.0
    top: float = 0.0
    right: float = 100.0
    bottom: float = 100.0

    def __post_init__(self) -> None:
        across, down = (self.left, self.right), (self.top, self.bottom)
        # Written this way round, a NaN is refused too.
        if not all(
            low >= 0 and high <= 100 and high - low >= _LEAST for low, high in (across, down)
        ):
            raise BadInput(
                _(
                    "Region to look at: expected left and right, top and bottom between 0 and 100 "
                    "per cent and at least {least:.0f} apart, got {got}."
                ).format(least=_LEAST, got=self.text())
            )

    @classmethod
    def parse(cls, text: str) -> Region:
        """The region written as ``left,top,right,bottom``; nothing is the whole picture.

        Raises:
            BadInput: these are not four numbers, or they make no region.
        """
        if not text.strip():
            return cls()
        try:
            left, top, right, bottom = (float(part) for part in text.split(","))
        except ValueError:
            raise BadInput(
                _(
                    "Region to look at: expected left,top,right,bottom in per cent of the picture, "
                    "such as 20,0,80,100, got {got!r}."
                ).format(got=text)
            ) from None
        return cls(left, top, right, bottom)

    @property
    def whole(self) -> bool:
        """Whether everything is looked at."""
        return self == Region()

    def text(self) -> str:
        """As :meth:`parse` reads it."""
        return ",".join(f"{side:g}" for side in (self.left, self.top, self.right, self.bottom))

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in a picture of ``width`` x ``height`` pixels; right and
        bottom are the first pixels outside."""
        return (
            round(width * self.left / 100),
            round(height * self.top / 100),
            round(width * self.right / 100),
            round(height * self.bottom / 100),
        )

    def contains(self, box: Box, width: int, height: int) -> bool:
        """Whether the middle of a face lies within, in a picture of that size in pixels."""
        x, y = box.centre
        left, top, right, bottom = self.pixels(width, height)
        return left <= x < right and top <= y < bottom
