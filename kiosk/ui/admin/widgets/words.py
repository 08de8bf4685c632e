"""Plain words for what the log, the templates and the thresholds say."""

from __future__ import annotations

import colorsys
import unicodedata
import zlib

from kiosk.domain.decision import Hint, Mode, Outcome, Reason
from kiosk.domain.language import _, marked
from kiosk.domain.liveness.proof import Proof
from kiosk.domain.people import FAIR, GOOD
from kiosk.domain.threshold import one_in

OUTCOMES = {
    Outcome.ALLOW: marked("Let in"),
    Outcome.DENY: marked("Refused"),
    Outcome.AMBIGUOUS: marked("Unclear"),
    Outcome.SEVERAL_FACES: marked("Several people"),
    Outcome.LOW_QUALITY: marked("Poor picture"),
    Outcome.SUSPECTED_ATTACK: marked("Suspicious"),
}

REASONS = {
    Reason.FACE_MATCHED: marked("Face recognised"),
    Reason.PIN_MATCHED: marked("PIN was right"),
    Reason.NOT_RECOGNISED: marked("Face not recognised"),
    Reason.FACE_COVERED: marked("Face was covered"),
    Reason.CLAIM_NOT_MATCHED: marked("Not the person named"),
    Reason.TOO_CLOSE_TO_CALL: marked("Two people equally similar"),
    Reason.SEVERAL_PEOPLE: marked("Several before the camera"),
    Reason.FACE_TOO_SMALL: marked("Too far away"),
    Reason.FACE_TOO_DARK: marked("Too little light"),
    Reason.FACE_BLURRED: marked("Picture was blurred"),
    Reason.FACE_TURNED: marked("Face was turned away"),
    Reason.FACE_OUT_OF_VIEW: marked("Face only partly in view"),
    Reason.WRONG_PIN: marked("PIN was wrong"),
    Reason.LOCKED_OUT: marked("Too many wrong PINs"),
    Reason.PERSON_DISABLED: marked("Person is disabled"),
    Reason.OUTSIDE_DATES: marked("Not valid on this day"),
    Reason.PIN_NEEDED: marked("PIN needed since a drill"),
    Reason.CAMERA_LOST: marked("Camera was lost"),
    Reason.NOT_LIVE: marked("Looks like a photo or screen"),
    Reason.NOT_A_CAMERA: marked("Not a camera's pictures"),
    Reason.CHALLENGE_FAILED: marked("Head not turned as asked"),
    Reason.CHALLENGE_UNANSWERED: marked("Head not turned at all"),
    Reason.ERASED: marked("Erased: its time was over"),
}

PROOFS = {
    Proof.OFF: marked("Not checked"),
    Proof.PASSIVE: marked("By the look of it"),
    Proof.CHALLENGE: marked("Turned the head as asked"),
    Proof.PIN: marked("By the PIN, after the face"),
}

MODES = {
    Mode.WALK_UP: marked("Walk up"),
    Mode.CLAIMED: marked("Number first"),
    Mode.PIN: marked("PIN"),
}

GUIDANCE = {
    Hint.NONE: marked("Very good, hold on"),
    Hint.NO_FACE: marked("Look into the camera"),
    Hint.COME_CLOSER: marked("Come closer"),
    Hint.STEP_BACK: marked("Step back a little"),
    Hint.MOVE_LEFT: marked("Move into the oval"),
    Hint.MOVE_RIGHT: marked("Move into the oval"),
    Hint.MORE_LIGHT: marked("More light on the face"),
    Hint.HOLD_STILL: marked("Hold still"),
    Hint.LOOK_STRAIGHT: marked("Look straight ahead"),
    Hint.ONE_PERSON: marked("One person, please"),
}


def quality_word(quality: float) -> str:
    """A photo's quality (0 to 1) as people call it."""
    if quality >= GOOD:
        return _("good")
    return _("fair") if quality >= FAIR else _("poor")


def initials(name: str) -> str:
    """One or two letters for a person's badge: of the first and the last word."""
    letters = [word[0] for word in name.split() if unicodedata.category(word[0])[0] in "LN"]
    if not letters:
        return name[:1] or "?"
    ends = letters[:1] + letters[1:][-1:]
    return "".join(ends).upper()


def badge_colour(name: str, dark: bool) -> tuple[str, str]:
    """Background and letters of a person's badge, the same for a name on every machine.

    The lightness is fixed so that the letters keep a contrast of at least 4.5:1 on every hue.
    """
    hue = zlib.crc32(name.casefold().encode()) % 360 / 360
    back = colorsys.hls_to_rgb(hue, 0.26 if dark else 0.88, 0.38 if dark else 0.62)
    front = colorsys.hls_to_rgb(hue, 0.88 if dark else 0.20, 0.60)
    return _hex(back), _hex(front)


def share(rate: float, pairs: int) -> str:
    """A rate in words, such as ``About 3 in 100``; ``pairs`` is how many it was measured on."""
    if pairs <= 0:
        return _("An unknown share")
    if rate < 0.5 / pairs:
        return _("Fewer than 1 in {round}").format(round=f"{_round(pairs):,}")
    for base in (100, 1_000, 10_000, 100_000):
        if rate * base >= 0.95:
            return _("About {rate} in {base}").format(rate=f"{rate * base:.0f}", base=f"{base:,}")
    return _("About {share}").format(share=one_in(rate))


def counted(number: int, one: str, many: str = "") -> str:
    """``1 person``, ``2,000 people``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def remaining(seconds: float) -> str:
    """How long a task still takes, as people say it."""
    if seconds < 5:
        return "a few seconds left"
    if seconds < 60:
        return f"about {5 * round(seconds / 5)} s left"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"about {minutes} min left"
    return f"about {minutes // 60} h {minutes % 60} min left"


def hours(seconds: float) -> str:
    """A time worked: ``7:30``."""
    minutes = int(seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _round(number: int) -> int:
    digits = max(len(str(number)) - 2, 0)
    return int(number // 10**digits * 10**digits)


def _hex(colour: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)
