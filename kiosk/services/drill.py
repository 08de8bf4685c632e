"""Spoof drills: what is written down of them, and what a failed one switches off.

A drill goes the kiosk's own way (``Engine.rehearse``), opens nothing, clocks nobody and leaves no
row in the access log, which is of people who came to be let in. It stands in the audit trail: that
it began, that a face alone opens no more, how it ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from kiosk.domain.audit import Action, Actor, ActorKind
from kiosk.domain.decision import Decision, Outcome
from kiosk.domain.errors import BadInput
from kiosk.domain.language import _
from kiosk.domain.liveness.drill import (
    OWED,
    Answer,
    Conditions,
    Drill,
    Kind,
    Try,
    owed,
    owed_after,
)
from kiosk.domain.records import Records
from kiosk.domain.repositories import Storage
from kiosk.services.admin.trail import Trail
from kiosk.services.decide.view import Phase, View

LAST = "drill_last"
PATIENCE = 20.0
"""Seconds after which a try that was not decided on is over, unless turns are being asked for."""


class Drills:
    """Any thread; some ms a call; StorageError."""

    def __init__(self, storage: Storage, trail: Trail, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._trail = trail
        self._now = now

    def begin(
        self, actor: Actor, conditions: Conditions, allowed: int = 0, *, at_the_door: bool = True
    ) -> DrillSession:
        """Write down that a drill begins. ``allowed``: so many attacks may be let in."""
        drill = Drill(self._now(), actor, conditions, allowed, at_the_door=at_the_door)
        with self._trail.act(actor, Action.BEGIN_DRILL) as note:
            note.subject = conditions.camera
            note.details = f"policy {conditions.policy}, {conditions.encoder}"
        return DrillSession(self._storage, self._trail, drill)

    def lift(self, actor: Actor, why: str) -> None:
        """Let a face alone open again although no drill was passed.

        Raises:
            BadInput: no reason is given, or nothing keeps a face from opening.
        """
        if not owed(self._storage.settings.load()):
            raise BadInput(_("A face alone opens here already: no drill failed."))
        if not why.strip():
            raise BadInput(
                _("Say why a face alone should open again: it is written down beside your name.")
            )
        with self._trail.act(actor, Action.LIFT_DRILL) as note:
            note.subject = _kinds(owed(self._storage.settings.load()))
            note.details = why.strip()
            self._storage.settings.save({OWED: ""})


class DrillSession:
    """One drill while it goes on. Each try is on disk before the next: an attack that was let in
    counts even if the plug is pulled then."""

    def __init__(self, storage: Storage, trail: Trail, drill: Drill) -> None:
        self._storage = storage
        self._trail = trail
        self.drill = drill

    def add(self, one: Try) -> Drill:
        """One more try; as soon as too many attacks were let in, a face alone opens no more."""
        self.drill = replace(self.drill, tries=(*self.drill.tries, one))
        with self._storage.transaction():
            before = owed(self._storage.settings.load())
            after = owed_after(self.drill, before)
            if after != before:
                with self._trail.act(self.drill.actor, Action.FAIL_DRILL) as note:
                    note.subject = _kinds(after - before)
                    note.details = "let in: a face alone opens no more until a drill passes"
            self._store(after)
        return self.drill

    def end(self) -> Drill:
        """It was done to its end; one that passed lets a face alone open again."""
        self.drill = replace(self.drill, done=True)
        with self._trail.act(self.drill.actor, Action.END_DRILL) as note:
            after = owed_after(self.drill, owed(self._storage.settings.load()))
            note.subject = self.drill.verdict.value
            told = [f"{tally.kind.value} {tally.rate.words}" for tally in self.drill.tallies]
            still = [f"a face alone still opens nothing: {_kinds(after)}"] if after else []
            note.details = "; ".join([*told, *still])
            self._store(after)
        return self.drill

    def _store(self, kinds: frozenset[Kind]) -> None:
        self._storage.settings.save({LAST: _written(self.drill), OWED: _kinds(kinds)})


class Trial:
    """Makes one answer of what the screen shows while something is held before the camera. Times
    are the frames' own, in seconds."""

    def __init__(self, kind: Kind, began: float, patience: float = PATIENCE) -> None:
        self._kind = kind
        self._began = began
        self._patience = patience
        self._asked = False
        self._asks = False

    def hear(self, view: View | None, now: float) -> Try | None:
        """What is shown now; the try once it is over. A kiosk that has a fault is no answer."""
        if view is not None:
            self._asks = view.phase is Phase.CHALLENGE
            self._asked |= self._asks
        if view is not None and view.phase in (Phase.VERDICT, Phase.STAYS) and view.announcement:
            answer = answer_of(view.announcement.decision)
            return Try(self._kind, answer, self._asked, now - self._began)
        late = not self._asks and now - self._began > self._patience
        return self.over() if late else None

    def over(self) -> Try:
        """Nothing more comes: it was not decided on."""
        return Try(self._kind, Answer.NOTHING, self._asked)


def answer_of(decision: Decision) -> Answer:
    """What a decision says of a try."""
    if decision.outcome is Outcome.ALLOW:
        return Answer.LET_IN
    if decision.outcome is Outcome.SUSPECTED_ATTACK:
        return Answer.SUSPECTED
    return Answer.OTHERWISE


def last_drill(records: Records) -> Drill | None:
    """The newest, be it that it was broken off; None where there was none."""
    text = records.settings.load().get(LAST)
    return None if not text else _read(json.loads(str(text)))


def owed_kinds(records: Records) -> frozenset[Kind]:
    """The attacks that a drill must withstand before a face alone opens again."""
    return owed(records.settings.load())


def _kinds(kinds: frozenset[Kind]) -> str:
    return ",".join(kind.value for kind in Kind if kind in kinds)


def _written(drill: Drill) -> str:
    return json.dumps(asdict(drill) | {"began": drill.began.isoformat()})


def _read(stored: dict[str, Any]) -> Drill:
    return Drill(
        began=datetime.fromisoformat(stored["began"]),
        actor=Actor(ActorKind(stored["actor"]["kind"]), stored["actor"]["name"]),
        conditions=Conditions(**stored["conditions"]),
        allowed=stored["allowed"],
        tries=tuple(
            Try(Kind(t["kind"]), Answer(t["answer"]), t["asked"], t["seconds"])
            for t in stored["tries"]
        ),
        done=stored["done"],
        at_the_door=stored["at_the_door"],
    )
