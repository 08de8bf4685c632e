"""Thresholds with a stated error rate.

Names follow ISO/IEC 19795-1: FAR is the share of impostor comparisons that reach the threshold,
FRR the share of genuine comparisons that miss it, FPIR the share of strangers whom a search in
the whole gallery lets in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.domain.errors import BadInput
from kiosk.domain.language import _


@dataclass(frozen=True, slots=True, eq=False)
class ErrorCurve:
    """An encoder's FAR and FRR over the threshold, measured on named pairs.

    ``thresholds`` (n,) are scores (see ``kiosk.domain.scale``) in ascending order; ``far`` and
    ``frr`` (n,) are shares from 0 to 1 at ``score >= threshold``, FAR of strangers of the same sex
    and ethnic group where the data tells them. ``pairs`` names the data; ``genuine`` and
    ``impostor`` count its pairs, so that nobody reads a FAR that the data can't support.
    ``fitted_to`` is the lowest FAR to which a tail that was fitted to the data goes on, None
    where there is none. Of strangers of any sex and group ``mixed`` times as many pass, of the sex
    and group that is most alike, ``worst_group``, ``worst`` times as many; empty where that was not
    measured. From ``youngest`` years on no age is let in more often than promised; 0: not measured.
    """

    thresholds: NDArray[np.float64]
    far: NDArray[np.float64]
    frr: NDArray[np.float64]
    pairs: str
    genuine: int
    impostor: int
    fitted_to: float | None = None
    mixed: float = 1.0
    worst_group: str = ""
    worst: float = 1.0
    youngest: int = 0

    @property
    def measured_far(self) -> float:
        """The smallest FAR that was measured: ten impostor pairs above the threshold."""
        return 10 / self.impostor

    @property
    def lowest_far(self) -> float:
        """The smallest FAR that can be stated: measured, or by the fitted tail."""
        return min(self.measured_far, self.fitted_to or 1.0)

    @property
    def _floor(self) -> float:
        """Where nothing is known any more: logarithms need a number."""
        return self.lowest_far / 100

    def far_at(self, threshold: float) -> float:
        """FAR at a threshold, interpolated on a logarithmic scale."""
        logs = np.log(np.maximum(self.far, self._floor))
        return float(np.exp(np.interp(threshold, self.thresholds, logs)))

    def frr_at(self, threshold: float) -> float:
        """FRR at a threshold, interpolated linearly."""
        return float(np.interp(threshold, self.thresholds, self.frr))

    def threshold_at(self, far: float) -> float:
        """The threshold at which ``far`` of the impostor pairs pass.

        Below ``lowest_far`` the answer is the threshold at ``lowest_far``: what is not known is
        not promised. Data that supports no FAR at all (ten impostor pairs or fewer)
        gives the highest threshold.

        Raises:
            BadInput: ``far`` is not between 0 and 1.
        """
        if not 0 < far < 1:
            raise BadInput(
                _("A FAR lies between 0 and 1 (0.001 is 0.1%), not {far}.").format(far=far)
            )
        wanted = max(far, self.lowest_far)
        if wanted >= 1:
            return float(self.thresholds[-1])
        logs = np.log(np.maximum(self.far, self._floor))
        # far falls while the threshold rises: reversed, it is what np.interp expects.
        return float(np.interp(np.log(wanted), logs[::-1], self.thresholds[::-1]))


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The threshold in force, and why: what the administrator asked for and what it costs.

    ``far`` is the chance that one stranger's look is let in, whoever it is taken for in a search
    that is worth ``comparisons``; ``frr`` the share of genuine looks refused on the curve's data.
    ``fitted`` says that no data reaches that far: the threshold stands on a tail fitted to what was
    measured.
    """

    far: float
    comparisons: float
    threshold: float
    frr: float
    fitted: bool = False


def operating_point(curve: ErrorCurve, far: float, comparisons: float) -> OperatingPoint:
    """The threshold at which a stranger is let in with a chance of at most ``far``.

    A walk-up search compares a stranger with everybody, and FPIR <= N x FAR (the union bound,
    ISO/IEC 19795-1), so each single comparison gets ``far / comparisons``: see
    ``kiosk.domain.comparisons``. A claimed identity is one comparison.
    """
    people = max(comparisons, 1.0)
    threshold = curve.threshold_at(far / people)
    # Where the data ends before far / people, the honest figure is the one that it supports.
    supported = max(curve.lowest_far, curve.far_at(threshold))
    reached = far if supported * people <= far * (1 + 1e-9) else min(1.0, supported * people)
    fitted = supported < curve.measured_far * (1 - 1e-9)
    return OperatingPoint(reached, people, threshold, curve.frr_at(threshold), fitted)


def one_in(rate: float) -> str:
    """A rate in words: 0.001 is ``1 in 1,000``; two figures are kept."""
    if rate <= 0:
        return "none"
    count = 1 / rate
    if count < 10:
        return f"1 in {count:.1f}".removesuffix(".0")
    digits = len(str(int(count))) - 2
    return f"1 in {round(count / 10**digits) * 10**digits:,}"
