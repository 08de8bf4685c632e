"""What the door's page says in a drill: what to hold up, and how far it is; pure."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.language import _, counted, marked
from kiosk.domain.liveness.drill import Answer, Drill, Kind, Try

SECONDS_A_TRY = 12
"""How long one takes, about, with what must be put aside and held up again."""

_HOLD = {
    Kind.OWN_FACE: marked("Stand before the camera yourself"),
    Kind.PRINT: marked("Hold the printed photo before the camera"),
    Kind.PHONE: marked("Hold the phone before the camera"),
    Kind.TABLET: marked("Hold the tablet before the camera"),
    Kind.MONITOR: marked("Turn the monitor to the camera"),
    Kind.OTHER: marked("Hold what you try before the camera"),
}
_READY = {
    Kind.OWN_FACE: marked("Come to the door as you always do. You should be let in."),
    Kind.PRINT: marked(
        "As large as a face, close enough that no edge of the paper is seen. It should be stopped."
    ),
    Kind.PHONE: marked("A photo or a clip of a face, as bright as it gets. It should be stopped."),
    Kind.TABLET: marked("A photo or a clip of a face, as bright as it gets. It should be stopped."),
    Kind.MONITOR: marked("A photo or a clip of a face that fills it. It should be stopped."),
    Kind.OTHER: marked("Somebody enrolled must be recognised on it. It should be stopped."),
}
_ANSWERS = {
    True: {
        Answer.LET_IN: marked("Let in: it should have been stopped"),
        Answer.SUSPECTED: marked("Stopped, as it should be"),
        Answer.OTHERWISE: marked("Refused, but not as a picture: nobody was recognised"),
        Answer.NOTHING: marked("No answer: was a face in the oval?"),
    },
    False: {
        Answer.LET_IN: marked("Let in, as it should be"),
        Answer.SUSPECTED: marked("Taken for a picture: you should have been let in"),
        Answer.OTHERWISE: marked("Not recognised: is your face enrolled?"),
        Answer.NOTHING: marked("No answer: was your face in the oval?"),
    },
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried, in this order, and how many times each."""

    counts: tuple[tuple[Kind, int], ...]

    @property
    def tries(self) -> tuple[Kind, ...]:
        """One after the other: whatever is fetched is fetched once."""
        return tuple(kind for kind, count in self.counts for _ in range(count))

    def place(self, number: int) -> tuple[int, int]:
        """Which try of its kind the one with this ``number`` (from 0) is, from 1, and of how
        many."""
        tries = self.tries
        kind = tries[number]
        return number - tries.index(kind) + 1, tries.count(kind)


def hold_up(kind: Kind) -> str:
    """The instruction."""
    return _(_HOLD[kind])


def how(kind: Kind) -> str:
    """How it is done well, and what should come of it."""
    return _(_READY[kind])


def answered(one: Try) -> str:
    """What came of a try, and whether that is as it should be."""
    return _(_ANSWERS[one.kind.attack][one.answer])


def try_of(plan: Plan, number: int) -> str:
    """Such as ``Try 3 of 10``."""
    place, all_of_them = plan.place(number)
    return _("Try {place} of {count}").format(place=place, count=all_of_them)


def so_far(drill: Drill, kind: Kind) -> str:
    """What came of the tries of a kind until now."""
    tally = next((tally for tally in drill.tallies if tally.kind is kind), None)
    if tally is None:
        return _("no try yet")
    return _("{count} let in, {stopped} stopped").format(
        count=tally.count(Answer.LET_IN),
        stopped=len(tally.tries) - tally.count(Answer.LET_IN),
    )


def how_long(plan: Plan) -> str:
    """How many tries, and how long they take about."""
    minutes = max(1, round(len(plan.tries) * SECONDS_A_TRY / 60))
    return _("{tries}, about {minutes}").format(
        tries=counted("{count} try", "{count} tries", len(plan.tries)),
        minutes=counted("{count} minute", "{count} minutes", minutes),
    )
