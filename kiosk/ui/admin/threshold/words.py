"""What a threshold means, for somebody who has never heard of error rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kiosk.domain.decision import Mode
from kiosk.domain.language import _
from kiosk.domain.names import isolated
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import ErrorCurve, OperatingPoint, one_in, operating_point
from kiosk.services.admin.thresholds import Change
from kiosk.ui.admin.widgets.words import counted, share

DAYS = 30
"""How far back the log is asked what would have changed."""


@cache
def far_bounds() -> tuple[float, float]:
    """The false acceptance rates that may be set, lowest and highest."""
    info = next(info for info in Settings.about() if info.name == "far")
    assert info.low is not None
    assert info.high is not None
    return info.low, info.high


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """From a point on the plot to the setting behind it and back. ``people`` is with how many a
    stranger is compared, one in claimed mode, and ``comparisons`` what that is worth."""

    curve: ErrorCurve
    people: int
    comparisons: float

    @property
    def strictest(self) -> float:
        """The lowest rate that the data can promise, within what may be set."""
        low, high = far_bounds()
        return min(max(low, self.curve.lowest_far * self.comparisons), high)

    @property
    def loosest(self) -> float:
        return far_bounds()[1]

    @property
    def fixed(self) -> bool:
        """Whether the data leaves nothing to choose."""
        return self.strictest >= self.loosest

    def point(self, far: float) -> OperatingPoint:
        return operating_point(self.curve, far, self.comparisons)

    def far_of(self, threshold: float) -> float:
        """The rate to set so that a threshold comes into force, within what the data supports."""
        far = self.curve.far_at(threshold) * self.comparisons
        return min(max(far, self.strictest), self.loosest)


def scale_of(curve: ErrorCurve, settings: Settings, people: int, comparisons: float) -> Scale:
    """The scale of a site where so many ``people`` are enrolled."""
    if settings.mode == Mode.CLAIMED:
        return Scale(curve, 1, 1.0)
    return Scale(curve, max(people, 1), comparisons)


def strangers(point: OperatingPoint) -> str:
    """The first sentence under the plot."""
    return _("{share} strangers would be let in").format(share=one_in(point.far))


def far_term(scale: Scale, point: OperatingPoint) -> str:
    """The same in the words of the trade, and for whom it holds."""
    curve = scale.curve
    told = _("False acceptance rate (FAR) {far}").format(far=f"{100 * point.far:.2g}%")
    if curve.mixed >= 1:
        return told
    told += ". " + _(
        "The strangers are those most like the people enrolled: of the same sex and ethnic group."
    )
    mixed = one_in(point.far * curve.mixed * scale.people / scale.comparisons)
    if mixed != one_in(point.far):
        told += " " + _("Of any strangers it is {mixed}.").format(mixed=mixed)
    if curve.worst > 1:
        told += " " + _(
            "In the group that the network tells apart worst it may be as many as {worst}."
        ).format(worst=one_in(min(point.far * curve.worst, 1.0)))
    if point.fitted:
        told += " " + _("No data reaches so far: it is extrapolated from what was measured.")
    return told


def right_person(point: OperatingPoint, curve: ErrorCurve) -> str:
    """The second sentence under the plot."""
    return _("{share} looks of the right person are refused").format(
        share=share(point.frr, curve.genuine)
    )


def explanation(scale: Scale, point: OperatingPoint, settings: Settings) -> str:
    """Why the line stands where it stands."""
    if settings.mode == Mode.CLAIMED:
        return _(
            "Each person says who they are first, so a face is compared with that one person only."
        )
    if scale.people == 1:
        return _("A stranger is compared with everybody enrolled: the more people, the stricter.")
    count, people = round(scale.comparisons), f"{scale.people:,}"
    told = _(
        "A stranger is compared with each of the {people} people enrolled, and could be taken for "
        "any of them. So the chance that one comparison goes wrong is held to {each}: {count} "
        "times stricter than with one person enrolled."
    ).format(people=people, each=one_in(point.far / scale.comparisons), count=f"{count:,}")
    if count < scale.people:
        told += " " + _(
            "It need not be {people} times: the people here look so different from each other that "
            "hardly any stranger is like all of them."
        ).format(people=people)
    elif count > scale.people:
        told += " " + _(
            "It must be more than {people} times: the people here look more alike than people "
            "mostly do."
        ).format(people=people)
    return told


def source(curve: ErrorCurve) -> str:
    """Where the figures come from."""
    return _(
        "Measured on {pairs}: {same} of pictures of the same person, {different} of different "
        "people."
    ).format(
        pairs=curve.pairs,
        same=counted(curve.genuine, "pair"),
        different=counted(curve.impostor, "pair"),
    )


def limit(scale: Scale) -> str:
    """What the data can't promise; nothing where that is no matter."""
    if scale.fixed:
        return _(
            "With {people} to compare, the encoder's data can promise no better "
            "than {one_in}. There is nothing to choose here: ask for a name first "
            "(Settings, Mode), or use a better encoder."
        ).format(people=counted(scale.people, "person", "people"), one_in=one_in(scale.strictest))
    if scale.strictest > far_bounds()[0] * 1.01:
        return _("What was measured supports promises down to {one_in}.").format(
            one_in=one_in(scale.strictest)
        )
    return ""


def consequences(change: Change) -> list[str]:
    """What another threshold would have changed in the last days."""
    looks = counted(change.looked_at, "look")
    if not change.looked_at:
        return [
            _("No face was compared in the last {days} days, so the log can't tell.").format(
                days=DAYS
            )
        ]
    if not change.now_refused and not change.now_allowed:
        return [
            _("Of {looks} in the last {days} days, none would have come out otherwise.").format(
                looks=looks, days=DAYS
            )
        ]
    told = []
    if change.now_refused:
        who = _names([row.person_name or "" for row in change.now_refused])
        looks_in = counted(len(change.now_refused), "look")
        told.append(f"{looks_in} of people who were let in would be refused: {who}.")
    if change.now_allowed:
        looks_out = counted(len(change.now_allowed), "look")
        told.append(f"{looks_out} that the kiosk refused would be let in.")
    told.append(_("Out of {looks} in the last {days} days.").format(looks=looks, days=DAYS))
    return told


def _names(names: Sequence[str], most: int = 4) -> str:
    different = list(dict.fromkeys(name for name in names if name))
    shown = ", ".join(map(isolated, different[:most]))
    more = len(different) - most
    return f"{shown} and {more} more" if more > 0 else shown
