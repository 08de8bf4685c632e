"""Whether a kiosk's screen is alive, judged by what was painted, not by whether a process runs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Final

from kiosk.domain.language import _, marked


class Ill(StrEnum):
    """What is wrong with a screen that nobody can use any more."""

    NO_ANSWER = "no answer"
    """The screen's thread hangs: it does not say anything."""
    NOT_SHOWN = "not shown"
    """The window is not on the screen: unmapped, or never mapped."""
    NOT_PAINTED = "not painted"
    """The window does not paint what it is asked to paint."""
    PICTURE_STANDS = "picture stands"
    """Pictures come from the camera and are not painted."""
    CAMERA_SILENT = "camera silent"
    """No picture comes, and nothing says that the camera is lost: its driver hangs."""
    RECOGNITION_HANGS = "recognition hangs"
    """The models or the database do not come back."""
    THREAD_ENDED = "thread ended"
    """A thread that should run for ever has ended."""
    ENDED = "ended"
    """The kiosk ended without being asked to."""


_SAID: Final = {
    Ill.NO_ANSWER: marked("the screen did not answer"),
    Ill.NOT_SHOWN: marked("the window was gone from the screen"),
    Ill.NOT_PAINTED: marked("nothing was painted"),
    Ill.PICTURE_STANDS: marked("the camera's picture stood still on the screen"),
    Ill.CAMERA_SILENT: marked("the camera's driver did not answer"),
    Ill.RECOGNITION_HANGS: marked("the recognition did not come back"),
    Ill.THREAD_ENDED: marked("a part of the kiosk had ended"),
    Ill.ENDED: marked("the kiosk had ended by itself"),
}


def said(ill: Ill) -> str:
    """As the end of a sentence."""
    return _(_SAID[ill])


@dataclass(frozen=True, slots=True)
class Beat:
    """What the kiosk's screen says of itself, twice a second, from the screen's own thread.

    ``painted`` counts how often the window painted what each beat asks it to paint, ``pictures``
    the camera's pictures that were painted, ``frames`` those that came, ``tries`` how often the
    camera could not be opened or was lost, which the page says each time. ``shown``: the window is
    on the screen. ``begun``: the kiosk's page is up and its parts run. ``wants_pictures``: the
    camera's picture is what should be seen now. ``over``: no picture is waited for, as after a
    recording's end. ``busy`` is for how many seconds the recognition has been at one frame or
    command or, until it is ``ready``, at loading. ``ended``: a thread that should run has ended.
    ``waits``: the screen says why the kiosk can't start, which is tried again; that is as well as
    it can be.
    """

    painted: int = 0
    shown: bool = True
    begun: bool = False
    frames: int = 0
    tries: int = 0
    pictures: int = 0
    wants_pictures: bool = False
    over: bool = False
    ready: bool = False
    busy: float = 0.0
    ended: bool = False
    waits: bool = False

    def line(self) -> bytes:
        """As it goes through a pipe."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @staticmethod
    def of(line: bytes) -> Beat | None:
        """None where a line is none: cut off, or of another version."""
        try:
            values = json.loads(line)
            return Beat(**{name: values[name] for name in (f.name for f in fields(Beat))})
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds after which something counts as ill. With ``start`` for a kiosk that has not said
    anything yet, since a slow machine loads for a while, ``opening`` for a camera that neither
    gave a picture yet nor failed, and ``hanging`` for one that went on so after a start anew: then
    the page says it, and a start anew is tried now and then. ``loading`` is for models and people.
    The camera's own limits (3 to 5 s, after which the page says that it is lost) lie below
    ``camera``, its pauses between tries and its time to open below ``opening``, the five seconds
    that a locked database is waited for below ``recognition``."""

    start: float = 30.0
    answer: float = 4.0
    shown: float = 2.0
    painted: float = 4.0
    camera: float = 7.0
    opening: float = 40.0
    hanging: float = 900.0
    loading: float = 120.0
    recognition: float = 15.0


class ScreenWatch:
    """One start of the kiosk. Times are monotonic, in seconds. ``camera_hung``: the start before
    was ended because the camera neither gave a picture nor failed."""

    def __init__(
        self, now: float, patience: Patience | None = None, *, camera_hung: bool = False
    ) -> None:
        self._patience = patience or Patience()
        self._begun = self._heard = now
        self._newest: Beat | None = None
        self._anew(now)
        self._opening = True
        self._hung = camera_hung
        self.well_since: float | None = None
        """Since when it has been up, with a window that paints; None until then."""

    def see(self, beat: Beat, now: float) -> None:
        """It said something."""
        before = self._newest or Beat()
        # The first one, and whoever slept (a laptop's lid, a stopped machine), begin anew.
        if self._newest is None or now - self._heard > self._patience.answer:
            self._anew(now)
        self._newest, self._heard = beat, now
        if beat.shown:
            self._shown = now
        if beat.painted != before.painted or not beat.shown:
            self._painted = now
        self._see_camera(before, beat, now)
        up = beat.begun or beat.waits
        if self.well_since is None and up and beat.painted > before.painted:
            self.well_since = now

    def slept(self, now: float) -> None:
        """Whoever watches did not run for a while: what was not said meanwhile tells nothing."""
        self._heard = now
        self._anew(now)
        if self._newest is None:
            self._begun = now

    def _anew(self, now: float) -> None:
        self._shown = self._painted = self._camera = self._picture = now

    def _see_camera(self, before: Beat, beat: Beat, now: float) -> None:
        came, failed = beat.frames > before.frames, beat.tries != before.tries
        if not beat.begun or beat.over or failed or beat.frames < before.frames:
            self._camera, self._opening = now, True
        elif came:
            self._camera, self._opening, self._hung = now, False, False
        wanted = came and beat.wants_pictures and beat.shown
        if not wanted or beat.pictures != before.pictures:
            self._picture = now

    def ill(self, now: float) -> Ill | None:
        """What is wrong; None while all is well."""
        patience, beat = self._patience, self._newest
        if beat is None:
            return Ill.NO_ANSWER if now - self._begun > patience.start else None
        opening = patience.hanging if self._hung else patience.opening
        camera = opening if self._opening else patience.camera
        recognition = patience.recognition if beat.ready else patience.loading
        heard = self._heard  # all but the first line is by what was said last
        wrong = (
            (now - heard > patience.answer, Ill.NO_ANSWER),
            (heard - self._shown > patience.shown, Ill.NOT_SHOWN),
            (heard - self._painted > patience.painted, Ill.NOT_PAINTED),
            (beat.ended, Ill.THREAD_ENDED),
            (heard - self._picture > patience.painted, Ill.PICTURE_STANDS),
            (heard - self._camera > camera, Ill.CAMERA_SILENT),
            (beat.busy > recognition, Ill.RECOGNITION_HANGS),
        )
        return next((ill for is_so, ill in wrong if is_so), None)


class Restarts:
    """How long to wait before the next start: not at all for the first ones, then longer each time,
    so that a kiosk that can't run does not spend its days in starting; and at last no more."""

    AT_ONCE: Final = 3
    LONGEST: Final = 60.0
    MOST: Final = 15
    """In a row; some ten minutes. Then whoever started it (systemd) begins with a fresh program."""
    STEADY: Final = 60.0
    """Seconds of being well after which all is forgotten: more than it takes to find most that can
    be wrong, or a kiosk that is ill each time would be started at once for ever."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def wait(self, well_for: float) -> float | None:
        """Seconds to wait, None to give up; ``well_for`` is for how many the last start was
        well."""
        self._in_a_row = 1 if well_for >= self.STEADY else self._in_a_row + 1
        if self._in_a_row > self.MOST:
            return None
        if self._in_a_row <= self.AT_ONCE:
            return 0.0
        return float(min(self.LONGEST, 2.0 ** (self._in_a_row - self.AT_ONCE)))
