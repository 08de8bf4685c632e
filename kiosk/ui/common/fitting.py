"""Text as large as a place allows, on one line or two; nothing ever clips."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from kiosk.ui.common.theme import font

LINE = 1.2
"""Height of a line over the font's size."""
WORTH = 1.25
"""A further line is taken where the letters become larger by this factor."""
_REFERENCE = 100.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines of text at a size in pixels; ``cut`` where they do not say all of it."""

    lines: tuple[str, ...]
    size: float
    cut: bool = False

    @property
    def height(self) -> float:
        return LINE * self.size * len(self.lines)


def fit(
    text: str,
    width: float,
    height: float,
    largest: float,
    smallest: float,
    *,
    bold: bool = False,
    most_lines: int = 2,
) -> Fitted:
    """The text as large as it fits, from ``largest`` to ``smallest`` pixels; what does not fit
    even then is cut with an ellipsis."""
    metrics = QFontMetricsF(font(_REFERENCE, bold=bold))
    best: Fitted | None = None
    for count in range(1, most_lines + 1):
        lines = _split(text, count, metrics)
        if len(lines) < count:
            break
        widest = max(metrics.horizontalAdvance(line) for line in lines)
        size = min(largest, _REFERENCE * width / max(widest, 1.0), height / (LINE * len(lines)))
        # Fonts have whole pixels, and hinted letters are not quite as wide as those measured.
        size = _narrowed(lines, math.floor(size), width, bold)
        if best is None or size >= WORTH * best.size:
            best = Fitted(tuple(lines), size)
    assert best is not None
    if best.size >= smallest:
        return best
    small = QFontMetricsF(font(smallest, bold=bold))
    room = max(1, min(most_lines, int(height / (LINE * smallest))))
    lines = _filled(text, room, width, small)
    return Fitted(tuple(lines), smallest, cut=" ".join(lines) != " ".join(text.split()))


def _narrowed(lines: list[str], size: float, width: float, bold: bool) -> float:
    while size > 1 and max(measure(font(size, bold=bold), line) for line in lines) > width:
        size -= 1
    return size


def measure(made: QFont, text: str) -> float:
    """Width of a text in pixels."""
    return QFontMetricsF(made).horizontalAdvance(text)


def _split(text: str, count: int, metrics: QFontMetricsF) -> list[str]:
    """The words in ``count`` lines, the widest line as narrow as it gets; greedily."""
    words = text.split()
    if count == 1 or len(words) < count:
        return [" ".join(words)] if count == 1 else []
    low = max(metrics.horizontalAdvance(word) for word in words)
    high = metrics.horizontalAdvance(" ".join(words))
    lines = _wrapped(words, high, metrics)
    while high - low > 1:
        middle = (low + high) / 2
        tried = _wrapped(words, middle, metrics)
        if len(tried) <= count:
            lines, high = tried, middle
        else:
            low = middle
    return lines if len(lines) == count else []


def _wrapped(words: list[str], width: float, metrics: QFontMetricsF) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _filled(text: str, count: int, width: float, metrics: QFontMetricsF) -> list[str]:
    """As many words as fit on ``count`` lines, the last one cut with an ellipsis."""
    lines = _wrapped(text.split() or [""], width, metrics)
    if len(lines) > count:
        lines = [*lines[: count - 1], " ".join(lines[count - 1 :])]
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in lines]
