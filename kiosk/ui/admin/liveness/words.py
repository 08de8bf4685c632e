"""What is checked at this door, and what a drill proved, in plain words."""

from __future__ import annotations

from kiosk.domain.language import _, counted, marked
from kiosk.domain.liveness.calibration import Bounds
from kiosk.domain.liveness.drill import Drill, Kind, Tally, Verdict
from kiosk.domain.liveness.policy import Rules
from kiosk.domain.settings import Settings
from kiosk.services.admin.live_visits import DAYS, LiveVisits

ENOUGH = round(Bounds().worth)
"""Visits from which on they count for more than the shipped line."""

KINDS = {
    Kind.OWN_FACE: marked("Your own face"),
    Kind.PRINT: marked("A printed photo"),
    Kind.PHONE: marked("A phone"),
    Kind.TABLET: marked("A tablet"),
    Kind.MONITOR: marked("A monitor"),
    Kind.OTHER: marked("Something else"),
}
_CHECKED = {
    "off": (
        marked("Nothing is checked: a photo opens this door"),
        marked(
            "Whoever holds up a photo of somebody enrolled is let in, be it printed or on a phone."
        ),
    ),
    "passive": (
        marked("The kiosk looks, and asks nothing"),
        marked(
            "It looks for what gives a photo or a screen away. What it is not sure of is refused. "
            "A photo that fills the picture may get past."
        ),
    ),
    "passive_then_challenge": (
        marked("The kiosk looks, and asks when it is not sure"),
        marked(
            "It looks for what gives a photo or a screen away. Whoever it is not sure of is asked "
            "to turn the head {turns}, which no photo can."
        ),
    ),
    "always_challenge": (
        marked("Everybody is asked to turn the head"),
        marked("Each time, {turns}, to sides that nobody knows before. No photo can."),
    ),
}


def checked(settings: Settings) -> tuple[str, str]:
    """What is done here now, as a heading and a sentence."""
    head, text = _CHECKED[settings.liveness]
    turns = _("three times") if settings.liveness_risk == "high" else _("twice")
    return _(head), _(text).format(turns=turns)


def light(settings: Settings) -> str:
    """Whether the screen serves as a lamp."""
    if settings.liveness in ("off", "passive"):
        return ""
    if settings.liveness_light:
        return _(
            "Meanwhile the screen lights the face in a few colours: skin answers to that, a phone "
            "hardly does."
        )
    return _("The screen's light is not used. With it fewer clips on a phone get past.")


def learned(visits: LiveVisits) -> str:
    """What the line between live and not rests on at this door."""
    if not visits.let_in:
        return _(
            "Nothing yet. The kiosk draws its line by the people whom it lets in here, in this "
            "light and with this camera; until there are some, by what ships with it."
        )
    if not visits.scored:
        return _(
            "Nothing can be told from the look of a face in this version, so everybody is asked to "
            "turn the head."
        )
    if visits.scored < ENOUGH:
        return counted(
            "The line rests on {count} visit here so far. From about {enough} on they count for "
            "more than what ships with it.",
            "The line rests on {count} visits here so far. From about {enough} on they count for "
            "more than what ships with it.",
            visits.scored,
            enough=ENOUGH,
        )
    return _("The line rests on the last {count} visits here.").format(count=visits.scored)


def asked(visits: LiveVisits, settings: Settings) -> str:
    """How many people were asked to turn the head, and how many were meant to be."""
    if settings.liveness != "passive_then_challenge" or not visits.let_in or not visits.scored:
        return ""
    share = 100 * visits.asked / visits.let_in
    chosen = 100 * Rules.of(settings).doubted
    return _(
        "Of 100 people let in, {share} were asked to turn the head; you chose {chosen}. They were "
        "let in all the same."
    ).format(share=f"{share:.0f}", chosen=f"{chosen:g}")


def attacks(visits: LiveVisits) -> str:
    """How often somebody may have held up a picture."""
    return _("Suspected attacks in the last {days} days: {count}").format(
        days=DAYS, count=visits.attacks
    )


def not_stopped() -> str:
    """What no setting here stops."""
    return _(
        "Not stopped by any of it: a mask of somebody's face, a twin, a face that a computer moves "
        "on a large screen."
    )


def verdict(drill: Drill) -> tuple[str, str, str]:
    """An icon, its tone, and the heading."""
    if not drill.done:
        return "circle-alert", "warn", _("The drill was broken off")
    return {
        Verdict.PASSED: ("circle-check", "ok", _("Passed: no attack was let in")),
        Verdict.FAILED: ("triangle-alert", "bad", _("Failed: attacks were let in")),
        Verdict.TOO_FEW: (
            "circle-alert",
            "warn",
            _("None was let in, but too few were tried"),
        ),
    }[drill.verdict]


def failed(drill: Drill) -> str:
    """What a failed drill changed at once; empty for any other."""
    if drill.verdict is not Verdict.FAILED:
        return ""
    return _(
        "Opening by face alone is off until a drill is passed. Until then everybody uses their PIN."
    )


def bound(tally: Tally) -> str:
    """What the tries of a kind prove, in a sentence."""
    if not tally.judged:
        return _("nobody was recognised in any of these tries, so they prove nothing.")
    low, high = tally.rate.interval
    hits, tries = tally.rate.hits, tally.rate.tries
    if tally.kind.attack:
        if hits:
            return _(
                "{hits} of {tries} let in. The true share is most likely between {low} and {high}."
            ).format(hits=hits, tries=tries, low=per_cent(low), high=per_cent(high))
        return _("0 of {tries} let in: the true share may still be up to {high}.").format(
            tries=tries, high=per_cent(high)
        )
    if hits:
        return _(
            "{hits} of {tries} taken for a picture. The true share is most likely between {low} "
            "and {high}."
        ).format(hits=hits, tries=tries, low=per_cent(low), high=per_cent(high))
    return _(
        "never taken for a picture in {tries}, but that may still happen in up to {high}."
    ).format(tries=counted("{count} try", "{count} tries", tries), high=per_cent(high))


def measure(tally: Tally) -> str:
    """The figure by its name in ISO/IEC 30107-3."""
    value = tally.rate.value
    return f"{tally.measure} –" if value is None else f"{tally.measure} {per_cent(value)}"


def per_cent(share: float) -> str:
    """A share, 0 to 1, without figures that mean nothing."""
    return f"{share:.0%}" if share in (0.0, 1.0) or share >= 0.1 else f"{share:.1%}"
