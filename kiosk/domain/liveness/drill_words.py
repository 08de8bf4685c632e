"""A drill as people read it: the same table on the screen, on paper and on the command line."""

from __future__ import annotations

from kiosk.domain.language import _
from kiosk.domain.liveness.drill import Answer, Drill, Kind, Tally
from kiosk.domain.liveness.rates import CONFIDENCE


def headings() -> tuple[str, ...]:
    """Of the columns of ``rows``."""
    return (
        _("held before it"),
        _("tries"),
        _("let in"),
        _("taken for a picture"),
        _("other refusals"),
        _("no answer"),
        _("asked to turn"),
        _("share that went wrong"),
    )


def rows(drill: Drill) -> tuple[tuple[str, ...], ...]:
    """A row a kind that was tried."""
    return tuple(_row(tally) for tally in drill.tallies)


def _row(tally: Tally) -> tuple[str, ...]:
    return tally.kind.words, *map(str, tally.figures), f"{tally.measure} {tally.rate.words}"


def conditions(drill: Drill) -> tuple[tuple[str, str], ...]:
    """What it was made with, each with its name."""
    of = drill.conditions
    return (
        (_("camera"), of.camera),
        (_("policy"), of.policy),
        (_("rate of strangers"), f"{100 * of.far:g}%"),
        (_("encoder"), of.encoder),
        (_("version"), of.version),
    )


def notes(drill: Drill) -> tuple[str, ...]:
    """What the figures mean, and what they do not."""
    out = [
        _(
            "IAPAR is the share of the attacks of one kind that are let in, BPCER that of live "
            "people who are taken for an attack (ISO/IEC 30107-3). The intervals are Clopper and "
            "Pearson's, two-sided, {confidence:.0%}. Only tries count in which a face was compared."
        ).format(confidence=CONFIDENCE),
        _(
            "It speaks of what was held before this camera, in this light, on this day. 3-D masks, "
            "deepfakes on a large screen and twins are not stopped, whatever a drill says."
        ),
    ]
    blank = [t.kind.words for t in drill.attacks if t.count(Answer.OTHERWISE) > t.judged]
    if blank:
        out.append(
            _(
                "Most tries of these were refused for another reason than being a picture: "
                "{kinds}. Use a large, sharp picture of somebody who is enrolled."
            ).format(kinds=", ".join(blank))
        )
    return tuple(out)


def owed_sentence(kinds: frozenset[Kind]) -> str:
    """What a failed drill means at the door; empty where nothing is owed."""
    if not kinds:
        return ""
    return _(
        "A face alone opens nothing here until a drill is passed with what was let in: {kinds}. "
        "Until then people enter with their PIN."
    ).format(kinds=", ".join(kind.words for kind in Kind if kind in kinds))
