"""What so many tries prove: a share, and the interval that it leaves open.

The intervals are Clopper and Pearson's (The use of confidence or fiducial limits illustrated in the
case of the binomial, Biometrika 26, 1934): exact, so that they hold for few tries and for none that
succeeded, where those that take the binomial for a bell are too narrow. Two-sided, 95%: each end is
wrong at most once in forty times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kiosk.domain.language import _

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """``hits`` of ``tries``, such as attacks that were let in."""

    hits: int
    tries: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.tries:
            raise ValueError(f"{self.hits} of {self.tries} is no share")

    @property
    def value(self) -> float | None:
        """0 to 1; None where nothing was tried."""
        return self.hits / self.tries if self.tries else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 0 to 1, 95%, two-sided; all of it where nothing was tried."""
        return clopper_pearson(self.hits, self.tries)

    @property
    def words(self) -> str:
        """Such as ``0 of 50: under 7.1%`` and ``3 of 50: 6.0% (1.3% to 16.5%)``."""
        if not self.tries:
            return _("no try that counts")
        low, high = self.interval
        counts = {"hits": self.hits, "tries": self.tries}
        if not self.hits:
            return _("{hits} of {tries}: under {high:.1%}").format(high=high, **counts)
        if self.hits == self.tries:
            return _("{hits} of {tries}: over {low:.1%}").format(low=low, **counts)
        return _("{hits} of {tries}: {share:.1%} ({low:.1%} to {high:.1%})").format(
            share=self.hits / self.tries, low=low, high=high, **counts
        )


def clopper_pearson(hits: int, tries: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The exact two-sided interval of a share, 0 to 1.

    The upper end is the share with which so few would be hit once in 2/(1 - ``confidence``) times,
    the lower the one with which so many would be.
    """
    outside = (1 - confidence) / 2
    low = 0.0 if not hits else 1 - _upper(tries - hits, tries, outside)
    high = 1.0 if hits == tries else _upper(hits, tries, outside)
    return low, high


def _upper(hits: int, tries: int, chance: float) -> float:
    """The share with which at most ``hits`` of ``tries`` come with this chance."""
    ways = [
        math.lgamma(tries + 1) - math.lgamma(i + 1) - math.lgamma(tries - i + 1)
        for i in range(hits + 1)
    ]
    low, high = hits / tries, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        yes, no = math.log(middle), math.log1p(-middle)
        tail = math.fsum(math.exp(w + i * yes + (tries - i) * no) for i, w in enumerate(ways))
        low, high = (middle, high) if tail > chance else (low, middle)
    return high
