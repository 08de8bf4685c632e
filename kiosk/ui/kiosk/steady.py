"""The presenter between the pipeline's views and the page: what shows when, without flicker.

Pure: every method takes the time, in seconds on any clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.decision import Hint
from kiosk.services.decide.engine import Phase, View

HINT_HOLDS = 0.4
"""A hint must be true for so long before it shows,"""
HINT_STAYS = 0.8
"""and stays for so long before anything but a verdict takes its place."""
LOOKING_AFTER = 0.3
IDLE_AFTER = 0.4
FAULT_STAYS = 3.0
LONGEST_WAIT = 30.0

_RESTING = (Phase.IDLE, Phase.STAYS, Phase.TAP_FIRST, Phase.TYPE_FIRST, Phase.NOBODY_ENROLLED)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page should show: a camera ``problem`` where there is one, else the ``view``.
    ``share`` is the ring's, which follows at once. ``left`` is how many seconds a verdict will
    still stay."""

    view: View
    problem: str | None = None
    share: float = 0.0
    left: float = 0.0


class Steady:
    """Takes what happens, says what to show. One thread."""

    def __init__(self, now: float = 0.0) -> None:
        self._resting = View(Phase.IDLE)
        self._latest = self._resting
        self._latest_since = now
        self._seen = self._resting
        self._settled = self._resting
        self._settled_since = now
        self._verdict: View | None = None
        self._verdict_until = 0.0
        self._fault: View | None = None
        self._fault_since = now
        self._fault_until = 0.0
        self._fault_over = False
        self._problem: str | None = None
        self._problem_since = now

    def see(self, view: View, now: float) -> None:
        """The pipeline has a new view."""
        if view.phase is Phase.VERDICT:
            self.hold(view, now)
            self._fault = None
        elif view.phase is Phase.FAULT:
            begins = max(now, self._verdict_until) if self._verdict else now
            self._fault = view
            self._fault_since = now
            self._fault_until = begins + max(view.hold, FAULT_STAYS)
            self._fault_over = False
        else:
            if _kind(view) != _kind(self._latest):
                self._latest_since = now
            self._latest = self._seen = view
            self._fault_over = True
            if view.phase in _RESTING:
                self._resting = view

    def notice(self, message: str, now: float, hold: float = 0.0) -> None:
        """One wish failed, with a sentence: show it at once, and for a while: ``hold`` seconds
        where that is longer."""
        self.dismiss(now)
        self.see(View(Phase.FAULT, message=message, hold=hold), now)
        self._fault_over = True

    def camera(self, problem: str | None, now: float) -> None:
        """The camera was lost, with a sentence, or is back."""
        if problem is not None:
            # Whoever stood there a moment ago was not seen leaving.
            self._rest(now)
        else:
            # The pipeline tells changes only: what was true before may still be.
            self._latest = self._seen
            self._latest_since = now
        self._problem = problem
        self._problem_since = now

    def hold(self, verdict: View, now: float) -> None:
        """Show a verdict at once and for as long as it says."""
        wait = verdict.announcement.wait if verdict.announcement else 0.0
        self._verdict = verdict
        self._verdict_until = now + max(verdict.hold, min(wait, LONGEST_WAIT))
        self._seen = self._resting
        self._rest(now)

    def dismiss(self, now: float) -> None:
        """Somebody touched something else: a verdict that still holds is over."""
        self._verdict = None
        self._rest(now)

    def shown(self, now: float) -> Shown:
        """What to show now."""
        if self._verdict is not None:
            if now < self._verdict_until:
                return Shown(self._verdict, left=self._verdict_until - now)
            self._verdict = None
        if self._fault is not None and self._fault_over and now >= self._fault_until:
            self._fault = None
        if self._fault is not None and not (
            self._problem is not None and self._problem_since > self._fault_since
        ):
            return Shown(self._fault)
        if self._problem is not None:
            return Shown(self._resting, self._problem)
        return Shown(self._settle(now), share=self._latest.share)

    def due(self, now: float) -> float | None:
        """In how many seconds something may change by itself; None: not before the next event."""
        moments = [self._ready_at()] if _kind(self._latest) != _kind(self._settled) else []
        if self._verdict is not None:
            moments.append(self._verdict_until)
            if self._verdict.announcement is not None and self._verdict.announcement.wait > 0:
                # The countdown's next second.
                moments.append(now + ((self._verdict_until - now) % 1.0 or 1.0))
        if self._fault is not None and self._fault_over:
            moments.append(self._fault_until)
        ahead = [moment - now for moment in moments if moment > now]
        return min(ahead, default=None)

    def _settle(self, now: float) -> View:
        if _kind(self._latest) == _kind(self._settled):
            self._settled = self._latest
        elif now >= self._ready_at():
            self._settled = self._latest
            self._settled_since = now
        return self._settled

    def _ready_at(self) -> float:
        if self._latest.phase is Phase.CHALLENGE:  # what is asked is shown at once
            return self._latest_since
        ready = self._latest_since + _delay(self._settled, self._latest)
        if _is_hint(self._settled):
            ready = max(ready, self._settled_since + HINT_STAYS)
        return ready

    def _rest(self, now: float) -> None:
        self._latest = self._settled = self._resting
        self._latest_since = self._settled_since = now


def _kind(view: View) -> tuple[Phase, Hint]:
    """Two views of one kind look the same but for the ring."""
    if view.phase is not Phase.LOOKING:
        return view.phase, Hint.NONE
    if view.hint is Hint.NO_FACE and view.share > 0:
        return view.phase, Hint.NONE
    return view.phase, view.hint


def _is_hint(view: View) -> bool:
    return view.phase is Phase.LOOKING and _kind(view)[1] not in (Hint.NONE, Hint.NO_FACE)


def _delay(before: View, after: View) -> float:
    if _is_hint(after):
        return HINT_HOLDS
    if after.phase is Phase.LOOKING:
        return LOOKING_AFTER
    # One frame without a face is no reason to show the clock.
    return IDLE_AFTER if before.phase in (Phase.LOOKING, Phase.CHALLENGE) else 0.0
