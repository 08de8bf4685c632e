"""The state of one kiosk between frames: who is asked what, who is told what, and when."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from kiosk.domain.comparisons import comparisons
from kiosk.domain.decision import (
    NOT_KNOWN,
    Decision,
    DecisionRule,
    Hint,
    Mode,
    Outcome,
    Progress,
    Reason,
    RuleSettings,
    Verdict,
)
from kiosk.domain.errors import BadInput, StorageError
from kiosk.domain.frame import Frame, Vector
from kiosk.domain.gallery import Gallery
from kiosk.domain.language import _
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.ports import EncoderInfo
from kiosk.domain.presence import Presence
from kiosk.domain.reader import Reader
from kiosk.domain.request import Request
from kiosk.domain.settings import Settings
from kiosk.domain.threshold import OperatingPoint, operating_point
from kiosk.domain.tries import Tries
from kiosk.services.decide.analyse import Look, Recogniser
from kiosk.services.decide.gallery_watch import GalleryWatch
from kiosk.services.decide.liveness import Evidence, Liveness, Step
from kiosk.services.decide.verify import Announcement, Circumstances, Verifier
from kiosk.services.decide.view import Phase, View

__all__ = ["Engine", "Phase", "View"]

NOT_LOOKED_AT = Evidence(Proof.OFF)
ASKED = 8.0
"""Seconds for which the page waits for an answer about hours."""
GREETED = 2.0
"""Seconds for which somebody is greeted before they are asked when they left."""


class Engine:
    """Frames and people's wishes in, views and committed decisions out.

    Owned by one thread, which calls every method; all times are the frames' own, so that a
    replay decides as the live kiosk did. Without ``liveness`` whoever is recognised is let in.
    ``announce`` hears of each decision that is told, after
    it is committed; ``observe`` of each frame that was looked at. ``stamp`` is cheap to ask and
    changes when the gallery should be loaded anew.
    """

    def __init__(
        self,
        settings: Settings,
        encoder: EncoderInfo,
        recogniser: Recogniser,
        verifier: Verifier,
        load_gallery: Callable[[], Gallery],
        camera: str,
        *,
        liveness: Liveness | None = None,
        stamp: Callable[[], object] = lambda: None,
        keypad_hold: float = 15.0,
        announce: Callable[[Announcement], None] = lambda _: None,
        observe: Callable[[Frame, Look], None] = lambda _, __: None,
    ) -> None:
        self._settings = settings
        self._encoder = encoder
        self._recogniser = recogniser
        self._verifier = self._in_earnest = verifier
        self._known = GalleryWatch(load_gallery, stamp)
        self._liveness = liveness
        self._camera = camera
        self._keypad_hold = keypad_hold
        self._announce = self._tells = announce
        self._observe = observe
        self._request = Request()
        self._paused = False
        self._now = 0.0
        self._attempt_began: float | None = None
        self._held: View | None = None
        self._held_until = 0.0
        self._presence = Presence(settings.repeat_after)
        self._reader: Reader | None = None
        self._staying = View(Phase.STAYS)
        self._tries = Tries(encoder.scale)
        self._seen: Vector | None = None
        """The newest face that was compared."""
        self.reload()

    @property
    def operating_point(self) -> OperatingPoint:
        """The threshold in force for the current attempt."""
        return self._point

    def reload(self) -> None:
        """Read the gallery anew: after an enrolment, a deletion, a disabling."""
        self._take(self._known.load(self._now))

    def nobody(self) -> View | None:
        """The view while nobody is enrolled, None where somebody is."""
        return None if len(self._recogniser.gallery) else View(Phase.NOBODY_ENROLLED)

    def pause(self, paused: bool) -> None:
        """While paused (somebody is in the admin panel) nothing is looked at or decided."""
        self._paused = paused
        self._abandon()
        self._presence.left()
        self._end_attempt()

    def attend(
        self, person_id: int | None, *, by_face: bool = True, sure: bool = True
    ) -> View | None:
        """Somebody who was let in, ``by_face`` or by a PIN, reads what is theirs alone: until None
        takes it back nobody is decided on, and the views tell whether they stand there (STAYS) or
        not (IDLE). Not ``sure``, as it was some time ago: IDLE until their face is known again.
        Whoever stands there afterwards was told already."""
        self._abandon()
        self._end_attempt()
        self._held = None
        reader, self._reader = self._reader, None
        if person_id is None:
            if reader is not None:
                self._presence.let_in(reader.person if reader.there else None, self._now)
            return None
        self._reader = Reader(person_id, self._now, by_face=by_face, sure=sure)
        return None if sure else View(Phase.IDLE)

    def step_back(self, *, by_hand: bool) -> None:
        """The admin panel was closed: ``by_hand`` by somebody who stands there, and is not clocked
        by it; else by itself, and whoever stands there is asked what they want. A tap, or a second
        out of sight, begins anew."""
        self._staying = View(Phase.STAYS)
        if by_hand:
            self._presence.steps_back(self._now)
        else:
            self._presence.leaves_panel(self._now)

    def rehearse(self, rehearsing: bool) -> None:
        """A try of a drill begins, or the last has ended: what is decided meanwhile goes the same
        way, but opens nothing, is not logged and told to nobody but by the view. Each try begins
        with somebody who was never seen."""
        self._verifier = self._in_earnest.rehearsal() if rehearsing else self._in_earnest
        self._announce = (lambda _: None) if rehearsing else self._tells
        self._begin_anew()

    def stay(self, seconds: float) -> None:
        """The page has more to say to whoever was told something, or they have answered: nobody is
        looked at for so many seconds from now, not longer."""
        self._held = self._held or View(Phase.IDLE)
        self._held_until = self._now + seconds

    def tap(self) -> None:
        """Somebody tapped: in tap-first mode the kiosk looks now."""
        self._request.tap(self._now)

    def claim(self, person_id: int | None) -> None:
        """Somebody typed who they are: the next face must be that person's. None takes it back,
        and ends a verdict that is still held."""
        self._abandon()
        self._end_attempt()
        self._held = None
        self._request.claim(person_id, self._now)
        self._set_rule()

    def pin(self, who: str, pin: str) -> View:
        """Somebody typed a PIN; the answer is logged as such.

        Raises:
            BadInput: PINs are switched off in the settings.
        """
        if not self._settings.pin_entry:
            raise BadInput(
                _("PINs are switched off here: look into the camera, or ask at the desk.")
            )
        self._abandon()
        self._end_attempt()
        shown = self._liveness.shown(self._now) if self._liveness is not None else None
        return self._conclude(lambda: self._verifier.pin(who, pin, self._camera, shown))

    def step(self, frame: Frame) -> View:
        """Take the next frame."""
        if frame.time < self._now:  # The source began anew.
            self._begin_anew()
            self._known.restart()
            self._recogniser.forget()
        self._now = frame.time
        if self._held is not None:
            if frame.time < self._held_until:
                self._presence.told(self._now)
                return self._held
            self._held = None
        if self._paused:
            return View(Phase.IDLE)
        if self._reader is not None:
            return self._attend(frame, self._reader)
        if not self._proving:
            rests = self._unreadable() or self.nobody() or self._waiting()
            if rests is not None:
                return rests
        look = self._recogniser.look(frame, self._request.person)
        self._observe(frame, look)
        if self._liveness is not None:
            self._liveness.see(look)
        if look.vector is not None:
            self._seen = look.vector
        if self._proving:
            self._presence.see(look.observation.present, None, self._now)
            return self._prove(look)
        if look.vector is not None:
            waits = self._waits(look.vector)
            if waits is not None:
                self._end_attempt()
                return waits
        progress = self._rule.step(look.observation)
        seen, vote = look.observation, None
        if seen.hint is Hint.NONE:
            vote = progress.verdict.person_id if progress.verdict else self._rule.leaning
        self._presence.see(seen.present, vote, self._now)
        return self._follow(progress, look)

    def _attend(self, frame: Frame, reader: Reader) -> View:
        look = self._recogniser.look(frame)
        if self._liveness is not None:
            self._liveness.see(look)
        who = self._rule.whose(look.observation)
        if who == reader.person and not reader.there and self._is_picture(reader.person, look):
            who = None
        there = reader.see(look.face is not None, who, self._now)
        return self._staying if there else View(Phase.IDLE)

    def _is_picture(self, person: int, look: Look) -> bool:
        """Whether what is known again is a picture by the look of it. Doubt is none: whoever it is
        was let in a moment ago."""
        if self._liveness is None or look.vector is None:
            return False
        verdict = Verdict(Outcome.ALLOW, Reason.FACE_MATCHED, person)
        step = self._liveness.glance(verdict, look.vector)
        found = step.verdict if step is not None else None
        return found is not None and found.outcome is not Outcome.ALLOW

    @property
    def _proving(self) -> bool:
        """Whether somebody is recognised, and it is not clear yet that they are no picture."""
        return self._liveness is not None and self._liveness.open

    def _waits(self, face: Vector) -> View | None:
        """The view for a face that must wait, None where it may be looked at."""
        if self._tries.waits(face, self._now):
            return View(Phase.IDLE)
        left = self._liveness.waits(face, self._now) if self._liveness is not None else 0.0
        return View(Phase.WAITS, hold=math.ceil(left)) if left > 0 else None

    def _begin_anew(self) -> None:
        self._end_attempt()
        self._held = self._reader = None
        self._presence.forget()
        self._tries.forget()
        if self._liveness is not None:
            self._liveness.forget()

    def _abandon(self) -> None:
        """Somebody who was asked to turn the head touches the screen instead: that is written down,
        so that nobody asks again and again until it suits."""
        if self._liveness is not None and self._liveness.asked:
            self._conclude_proof(self._liveness.finish())
            self._held = None

    def camera_lost(self) -> View | None:
        """The camera went away: whoever was being looked at is refused."""
        idles = self._idles()
        self._presence.left()
        if not self._rule.open and not self._proving:
            return None
        if idles:
            self._end_attempt()
            return None
        return self._decide(Verdict(Outcome.DENY, Reason.CAMERA_LOST))

    def finish(self) -> View | None:
        """The source ended: decide on what was seen, if anything was."""
        if self._liveness is not None and self._liveness.open:
            return self._conclude_proof(self._liveness.finish())
        idles = self._idles()
        verdict = self._rule.finish()
        return None if verdict is None or idles else self._decide(verdict)

    def _unreadable(self) -> View | None:
        """Look now and then, between attempts, whether the gallery changed; the view of a database
        that can't be read: it lets nobody in, since nothing could be logged."""
        if self._rule.open or self._request.person is not None:
            return None
        gallery = self._known.refreshed(self._now)
        if gallery is not None:
            self._take(gallery)
        if not self._known.problem:
            return None
        self._presence.left()
        return View(Phase.FAULT, message=self._known.problem)

    def _take(self, gallery: Gallery) -> None:
        self._recogniser.gallery = gallery
        self._comparisons = comparisons(gallery, self._encoder.curve)
        self._set_rule()

    def _waiting(self) -> View | None:
        """The view while the kiosk waits for a tap or a number, None while it may look."""
        if self._request.expired(self._now):
            self._end_attempt()
        if self._settings.mode == Mode.CLAIMED and self._request.person is None:
            return View(Phase.TYPE_FIRST)
        if self._settings.tap_first and not self._request.made:
            return View(Phase.TAP_FIRST)
        return None

    def _follow(self, progress: Progress, look: Look) -> View:
        verdict = progress.verdict
        if verdict is not None:
            if self._was_told(verdict):
                return self._stay(verdict)
            if self._liveness is not None and verdict.outcome is Outcome.ALLOW:
                assert look.vector is not None
                if self._attempt_began is None:
                    self._attempt_began = self._now
                self._liveness.begin(verdict, look.vector, self._now)
                return self._prove(look)
            return self._decide(verdict)
        if not self._rule.open:
            self._attempt_began = None
            if self._presence.person is not None and not self._request.made:
                return self._staying  # out of sight for a moment
            guided = progress.hint is not Hint.NO_FACE  # on the way into the oval
            looks = guided or self._request.made
            return View(Phase.LOOKING if looks else Phase.IDLE, progress.hint)
        if self._attempt_began is None:
            self._attempt_began = self._now
        if self._idles():
            return self._staying
        return View(Phase.LOOKING, progress.hint, progress.share)

    def _prove(self, look: Look) -> View:
        assert self._liveness is not None
        step = self._liveness.step(look)
        if step.verdict is not None:
            return self._conclude_proof(step)
        if step.prompt is None:
            return View(Phase.LOOKING, Hint.NONE, 1.0)
        return View(Phase.CHALLENGE, prompt=step.prompt)

    def _conclude_proof(self, step: Step) -> View:
        assert step.verdict is not None
        return self._decide(step.verdict, step.evidence)

    def _idles(self) -> bool:
        """Whether the face is that of somebody who was let in and asks for nothing."""
        return not self._request.made and self._presence.stays(self._rule.leaning, self._now)

    def _was_told(self, verdict: Verdict) -> bool:
        """Whether somebody who was let in just stands there still: told once is enough, and a chat
        at the door must not clock anybody out. A tap or a typed number asks anew."""
        staying = self._presence.person
        return staying is not None and not self._request.made and verdict.person_id == staying

    def _stay(self, verdict: Verdict) -> View:
        due = self._presence.confirm(self._now)
        evidence = NOT_LOOKED_AT
        if due and self._liveness is not None:
            assert self._seen is not None
            step = self._liveness.glance(verdict, self._seen)
            if step is None:  # in doubt: nothing that stands there is let in once more
                self._end_attempt()
                return self._staying
            assert step.verdict is not None
            if step.verdict.outcome is not Outcome.ALLOW:
                return self._conclude_proof(step)
            evidence = step.evidence
        commit = self._commit(verdict, evidence)
        if not due:
            return self._staying
        try:
            announcement = commit()
        except StorageError as error:
            return self._fault(error)
        if announcement.decision.outcome is not Outcome.ALLOW:
            return self._tell(announcement)  # disabled or deleted meanwhile
        return self._staying

    def _decide(self, verdict: Verdict, evidence: Evidence | None = None) -> View:
        if self._request.person is not None and verdict.reason is Reason.NOT_RECOGNISED:
            verdict = replace(verdict, reason=Reason.CLAIM_NOT_MATCHED)
        if evidence is None:
            evidence = NOT_LOOKED_AT if verdict.outcome is Outcome.ALLOW else Evidence()
        return self._conclude(self._commit(verdict, evidence))

    def _commit(self, verdict: Verdict, evidence: Evidence) -> Callable[[], Announcement]:
        """Ends the attempt; what is returned logs how it ended."""
        began = self._now if self._attempt_began is None else self._attempt_began
        circumstances = Circumstances(
            mode=Mode.WALK_UP if self._request.person is None else Mode.CLAIMED,
            camera=self._camera,
            encoder_id=self._encoder.encoder_id,
            threshold=self._point.threshold,
            far=self._point.far,
            duration=self._now - began,
            stayed=self._presence.same_visit(verdict.person_id, self._now),
            from_panel=self._presence.from_panel,
            liveness=evidence.proof,
            liveness_score=evidence.score,
            liveness_version=evidence.version,
        )
        self._end_attempt()
        return lambda: self._verifier.conclude(verdict, circumstances)

    def _conclude(self, commit: Callable[[], Announcement]) -> View:
        try:
            return self._tell(commit())
        except StorageError as error:
            return self._fault(error)

    def _fault(self, error: StorageError) -> View:
        """What can't be logged lets nobody in."""
        self._presence.left()
        return self._hold(View(Phase.FAULT, message=str(error), hold=self._settings.hold))

    def _tell(self, announcement: Announcement) -> View:
        decision = announcement.decision
        by_face = decision.outcome is Outcome.ALLOW and decision.mode is not Mode.PIN
        if self._seen is not None and by_face:
            self._tries.let_in(self._seen, self._now)
        elif self._seen is not None and decision.reason in NOT_KNOWN:
            wait = self._tries.refused(self._seen, self._now)
            announcement = replace(announcement, wait=wait)
        if self._liveness is not None:
            self._remember(self._liveness, decision)
        self._announce(announcement)
        self._presence.let_in(decision.person_id if by_face else None, self._now)
        self._staying = View(Phase.STAYS, announcement=announcement)
        hold = self._settings.hold
        if announcement.doubtful:
            hold = max(hold, ASKED)
        elif announcement.forgotten is not None:
            hold = max(hold, GREETED + ASKED)
        elif decision.outcome is Outcome.AMBIGUOUS:
            hold = self._keypad_hold
        elif decision.repeat:
            hold = min(hold, 2.0)
        return self._hold(View(Phase.VERDICT, announcement=announcement, hold=hold))

    def _remember(self, liveness: Liveness, decision: Decision) -> None:
        if decision.outcome is Outcome.SUSPECTED_ATTACK:
            liveness.suspected(decision.person_id, self._now)
        elif decision.outcome is Outcome.ALLOW and decision.liveness is not None:
            logged = decision.event_id is not None and not decision.repeat
            liveness.let_in(self._seen, self._now, decision.liveness_score if logged else None)

    def _hold(self, view: View) -> View:
        self._held = view
        self._held_until = self._now + view.hold
        return view

    def _end_attempt(self) -> None:
        self._attempt_began = None
        if self._liveness is not None and self._liveness.open:
            self._liveness.drop()
        if self._request.end():
            self._set_rule()
        else:
            self._rule.reset()

    def _set_rule(self) -> None:
        count = 1.0 if self._request.person is not None else self._comparisons
        self._point = operating_point(self._encoder.curve, self._settings.far, count)
        self._rule = DecisionRule(
            RuleSettings(
                threshold=self._point.threshold,
                agree=self._settings.agree,
                window=self._settings.window,
                # In points, which mean nothing to an encoder that has none.
                margin=self._settings.margin if self._encoder.scale.in_points else 0.0,
            )
        )
