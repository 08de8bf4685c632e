"""A drill: attacks and own faces shown to the kiosk on purpose, and what came of them.

The words are ISO/IEC 30107-3's: IAPAR is the share of the attacks of one kind that are let in,
BPCER that of live people who are refused as if they were attacks. Both count only tries in which a
face was compared: a print that nobody is recognised on proves nothing of liveness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk import __version__
from kiosk.domain.audit import Actor
from kiosk.domain.language import _, counted, marked
from kiosk.domain.liveness.rates import Rate
from kiosk.domain.setting_info import SettingValue
from kiosk.domain.settings import Settings

OWED = "drill_owed"
"""Under this name the settings keep the kinds of attack that were let in, commas between: until a
drill withstands them a face alone opens nothing. Empty: it does."""

ENOUGH = 10
"""Tries of each kind that count, below which a drill neither passes nor says much: none of ten let
in leaves room for 30.8%."""


class Kind(StrEnum):
    """What is held before the camera."""

    OWN_FACE = "own_face"
    PRINT = "print"
    PHONE = "phone"
    TABLET = "tablet"
    MONITOR = "monitor"
    OTHER = "other"

    @property
    def attack(self) -> bool:
        return self is not Kind.OWN_FACE

    @property
    def words(self) -> str:
        """For people, in the language in force."""
        return _(_KINDS[self])


_KINDS = {
    Kind.OWN_FACE: marked("own face"),
    Kind.PRINT: marked("printed photo"),
    Kind.PHONE: marked("phone"),
    Kind.TABLET: marked("tablet"),
    Kind.MONITOR: marked("monitor"),
    Kind.OTHER: marked("something else"),
}


class Answer(StrEnum):
    """What the kiosk made of one try."""

    LET_IN = "let_in"
    SUSPECTED = "suspected"
    """Refused as an attack, or for turns that were not made as asked."""
    OTHERWISE = "otherwise"
    """Refused for another reason, such as a face that nobody here has."""
    NOTHING = "nothing"
    """Not decided on in time."""


@dataclass(frozen=True, slots=True)
class Try:
    """One presentation, from the first frame to the kiosk's answer. ``asked``: to turn the head;
    ``seconds`` is how long the answer took, None where none came."""

    kind: Kind
    answer: Answer
    asked: bool = False
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a drill was made with: another camera, encoder or policy, and it no longer holds.
    ``far`` is the rate of strangers that was set, 0 to 1."""

    camera: str
    encoder: str
    policy: str
    far: float
    version: str

    @classmethod
    def of(cls, settings: Settings, camera: str, encoder: str) -> Conditions:
        """What a drill made now would be made with; ``camera`` and ``encoder`` are the log's names
        of those in force."""
        policy = settings.liveness
        if settings.liveness_risk == "high":
            policy += ", high risk"
        return cls(camera, encoder, policy, settings.far, __version__)


@dataclass(frozen=True, slots=True)
class Tally:
    """The tries of one kind."""

    kind: Kind
    tries: tuple[Try, ...]

    def count(self, answer: Answer) -> int:
        return sum(one.answer is answer for one in self.tries)

    @property
    def asked(self) -> int:
        """Tries in which turns were asked for."""
        return sum(one.asked for one in self.tries)

    @property
    def judged(self) -> int:
        """Tries that count: a face was compared, and it was let in or taken for an attack."""
        return self.count(Answer.LET_IN) + self.count(Answer.SUSPECTED)

    @property
    def figures(self) -> tuple[int, ...]:
        """A table's row: all tries, those with each Answer, those in which turns were asked for."""
        return len(self.tries), *(self.count(answer) for answer in Answer), self.asked

    @property
    def measure(self) -> str:
        """What the standard calls the rate."""
        return "IAPAR" if self.kind.attack else "BPCER"

    @property
    def rate(self) -> Rate:
        """IAPAR of an attack, BPCER of the own face."""
        wrong = Answer.LET_IN if self.kind.attack else Answer.SUSPECTED
        return Rate(self.count(wrong), self.judged)


class Verdict(StrEnum):
    """What a drill says of the door."""

    PASSED = "passed"
    FAILED = "failed"
    TOO_FEW = "too_few"
    """No attack was let in, but that proves little."""


@dataclass(frozen=True, slots=True)
class Drill:
    """All that was tried. ``allowed`` is how many attacks may be let in before it has failed;
    ``began`` is in UTC; ``done`` is False while it goes on and where it was broken off. Only one
    made ``at_the_door`` can let a face alone open again: a clip in a file is nothing that this
    camera saw."""

    began: datetime
    actor: Actor
    conditions: Conditions
    allowed: int = 0
    tries: tuple[Try, ...] = ()
    done: bool = False
    at_the_door: bool = True

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Of each kind that was tried, in the order of ``Kind``."""
        found = (Tally(kind, tuple(t for t in self.tries if t.kind is kind)) for kind in Kind)
        return tuple(tally for tally in found if tally.tries)

    @property
    def attacks(self) -> tuple[Tally, ...]:
        return tuple(tally for tally in self.tallies if tally.kind.attack)

    @property
    def own(self) -> Tally:
        """Of the own face, be it that it was never tried."""
        mine = (tally for tally in self.tallies if not tally.kind.attack)
        return next(mine, Tally(Kind.OWN_FACE, ()))

    @property
    def let_in(self) -> frozenset[Kind]:
        """The attacks that were let in at least once."""
        return frozenset(t.kind for t in self.attacks if t.count(Answer.LET_IN))

    @property
    def withstood(self) -> frozenset[Kind]:
        """The attacks that were tried often enough and never let in."""
        return frozenset(t.kind for t in self.attacks if t.judged >= ENOUGH) - self.let_in

    @property
    def verdict(self) -> Verdict:
        if sum(tally.count(Answer.LET_IN) for tally in self.attacks) > self.allowed:
            return Verdict.FAILED
        return Verdict.TOO_FEW if self.lacks else Verdict.PASSED

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing before it says something, as sentences."""
        if not self.attacks:
            return (_("No attack was tried."),)
        out = [
            _("{kind}: {some} that counted, {enough} are needed.").format(
                kind=_initial(tally.kind.words),
                some=counted("{count} try", "{count} tries", tally.judged),
                enough=ENOUGH,
            )
            for tally in self.attacks
            if tally.judged < ENOUGH
        ]
        if not self.own.count(Answer.LET_IN):
            out.append(
                _(
                    "The own face was never let in: a kiosk that refuses everybody stops every "
                    "attack."
                )
            )
        return tuple(out)

    @property
    def sentence(self) -> str:
        """The verdict for people, with what it bounds."""
        if self.verdict is Verdict.FAILED:
            told = ", ".join(
                _("{kind} {hits} of {tries}").format(
                    kind=tally.kind.words, hits=tally.rate.hits, tries=tally.rate.tries
                )
                for tally in self.attacks
                if tally.rate.hits
            )
            return _("Failed: attacks were let in ({which}).").format(which=told)
        if self.verdict is Verdict.TOO_FEW:
            return _("Too few tries to say much. {lacks}").format(lacks=" ".join(self.lacks))
        most = max(tally.rate.interval[1] for tally in self.attacks)
        return _("Passed: no kind of attack tried is let in more often than {most:.1%}.").format(
            most=most
        )

    def outdated(self, now: Conditions) -> tuple[str, ...]:
        """What has changed since, by name: the drill says nothing of the kiosk as it is now."""
        pairs = (
            (_("camera"), self.conditions.camera, now.camera),
            (_("encoder"), self.conditions.encoder, now.encoder),
            (_("policy"), self.conditions.policy, now.policy),
            (_("rate of strangers"), self.conditions.far, now.far),
            (_("version"), self.conditions.version, now.version),
        )
        return tuple(name for name, then, today in pairs if then != today)


def owed_after(drill: Drill, owed: Iterable[Kind]) -> frozenset[Kind]:
    """The kinds of attack that must be withstood before a face alone opens again, after a drill.

    A failed one adds those that were let in, as soon as they are; one that was done to its end and
    passed takes off those that it withstood.
    """
    before = frozenset(owed)
    if drill.verdict is Verdict.FAILED:
        return before | drill.let_in
    if drill.done and drill.at_the_door and drill.verdict is Verdict.PASSED:
        return before - drill.withstood
    return before


def owed(stored: Mapping[str, SettingValue]) -> frozenset[Kind]:
    """The kinds that the stored settings say are to be withstood first."""
    names = str(stored.get(OWED, "")).split(",")
    return frozenset(kind for kind in Kind if kind.value in names)


def _initial(text: str) -> str:
    return text[:1].upper() + text[1:]
