from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from kiosk.domain.attendance import Direction
from kiosk.domain.decision import Hint, Mode, Outcome, Reason
from kiosk.resources import ASSETS
from kiosk.services.decide.engine import Phase, View
from kiosk.services.decide.verify import Announcement
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import ENGLISH
from kiosk.ui.kiosk.entry import Entry, Purpose, Step
from kiosk.ui.kiosk.wording import asking, guidance, moment, no_camera, verdict, wording
from kiosk.ui.kiosk.words import LONGEST, Action, Manner, Sound, Words, first_name, shortened
from tests.ui.fakes import MORNING, allow, decision, deny

MANNER = Manner(
    ENGLISH,
    clock=lambda at: f"{at:%H:%M}",
    date=lambda at: f"{at:%d %B}",
    hour=lambda at: at.hour,
    day=lambda at: f"{at:%A}",
)


def said(view: View, manner: Manner = MANNER, left: float = 3.0) -> Words:
    return wording(view, manner, MORNING, left)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Mia Chen", "Mia"),
        ("Chen, Mia", "Mia"),
        ("Mia", "Mia"),
        ("Chen,", "Chen"),
        ("  Zoë  van der Berg ", "Zoë"),
        ("🦊 Fox", "🦊"),
        ("", ""),
    ],
)
def test_first_name(name: str, first: str) -> None:
    assert first_name(name) == first


def test_shortened() -> None:
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"


def test_idle_is_a_clock() -> None:
    words = said(View(Phase.IDLE))
    assert (words.sentence, words.second) == ("07:42", "24 November")
    assert words.third == "Look here to check in"
    assert words.clock
    assert words.band is BandKind.NONE


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        (5, "Good morning, Mia"),
        (11, "Good morning, Mia"),
        (12, "Good afternoon, Mia"),
        (18, "Good evening, Mia"),
        (2, "Good evening, Mia"),
    ],
)
def test_the_greeting_follows_the_hour(hour: int, greeting: str) -> None:
    manner = replace(MANNER, hour=lambda _: hour)
    assert said(allow(), manner).sentence == greeting


def test_allow_in() -> None:
    words = said(allow())
    assert words.second == "In at 07:42 · Mia Chen"
    assert words.band is BandKind.ALLOW
    assert words.sound is Sound.RISING
    (offer,) = words.offers
    assert (offer.label, offer.action, offer.means) == (
        "Only passing by", Action.MEANT, Direction.SEEN,
    )  # fmt: skip


def test_allow_out() -> None:
    words = said(allow(direction=Direction.OUT))
    assert words.sentence == "Goodbye, Mia"
    assert words.second == "Out at 07:42 · Mia Chen"
    assert [offer.label for offer in words.offers] == ["Not going"]


def test_allow_without_attendance_has_no_button() -> None:
    words = said(allow(direction=None))
    assert words.second == "07:42 · Mia Chen"
    assert not words.offers


def test_allow_again() -> None:
    words = said(allow(repeat=True))
    assert (words.sentence, words.second) == ("You are already in, Mia", "since 07:42")
    assert words.sound is Sound.SOFT
    assert not words.offers
    out = said(allow(direction=Direction.OUT, repeat=True))
    assert out.sentence == "You are already out, Mia"
    assert said(allow(direction=None, repeat=True)).sentence == "Good morning, Mia"


def test_no_sentence_is_longer_than_can_be_read() -> None:
    for name in ("Hubertus" * 10, "A" * 200, "Wilhelmina-Anneliese von Schwarzenfels"):
        for view in (allow(name), allow(name, repeat=True), allow(name, Direction.OUT)):
            assert len(said(view).sentence) <= LONGEST


DENIALS = [
    deny(),
    deny(reason=Reason.CLAIM_NOT_MATCHED, mode=Mode.CLAIMED, score=0.61),
    deny(reason=Reason.PERSON_DISABLED, person_id=7, person_name="Mia Chen", score=0.93),
    deny(reason=Reason.WRONG_PIN, mode=Mode.PIN),
]


@pytest.mark.parametrize("view", DENIALS)
def test_deny_tells_no_name_no_score_and_no_reason(view: View) -> None:
    words = said(view)
    assert words.sentence == "Not recognised"
    assert words.second in ("Try again, or use your PIN", "Check your number and your PIN")
    assert words.band is BandKind.DENY
    assert words.sound is Sound.FALLING
    assert words.icon == "hand"


def test_disabled_looks_like_any_other_denial() -> None:
    assert said(DENIALS[0]) == said(DENIALS[2])


def test_a_covered_face_is_asked_to_uncover() -> None:
    words = said(deny(reason=Reason.FACE_COVERED))
    assert (words.sentence, words.second) == (
        "Please uncover your face",
        "Try again, or use your PIN",
    )
    assert (words.band, words.icon) == (BandKind.DENY, "hand")


def test_deny_offers_no_pin_where_there_is_none() -> None:
    assert said(deny(), replace(MANNER, pin_entry=False)).second == "Please try again"


def test_the_other_outcomes() -> None:
    def outcome(which: Outcome, reason: Reason = Reason.NOT_RECOGNISED) -> Words:
        return verdict(Announcement(decision(which, reason=reason)), MANNER)

    assert outcome(Outcome.AMBIGUOUS).sentence == "Please type your number"
    assert outcome(Outcome.SEVERAL_FACES).sentence == "One person, please"
    dark = outcome(Outcome.LOW_QUALITY, Reason.FACE_TOO_DARK)
    assert (dark.sentence, dark.second) == ("More light on your face", "Try again, or use your PIN")
    assert outcome(Outcome.LOW_QUALITY, Reason.FACE_OUT_OF_VIEW).sentence == "Step back a little"
    assert outcome(Outcome.LOW_QUALITY, Reason.CAMERA_LOST).sentence == "Step back a little"


def test_locked_counts_down() -> None:
    locked = Announcement(decision(Outcome.DENY, reason=Reason.LOCKED_OUT), wait=30)
    assert verdict(locked, MANNER, left=29.2).sentence == "Please wait 30 s"
    assert verdict(locked, MANNER, left=0.0).sentence == "Please wait 1 s"
    assert verdict(locked, MANNER, left=120.0).sentence == "Please wait 120 s"
    assert verdict(locked, MANNER, left=7199.2).sentence == "Please wait 120 min"
    assert verdict(locked, MANNER, left=5).second == "or ask at the desk"
    assert verdict(locked, MANNER, left=5).band is BandKind.AMBER


@pytest.mark.parametrize("hint", Hint)
def test_every_hint_has_words_and_a_shape(hint: Hint) -> None:
    words = guidance(hint, MANNER)
    assert words.sentence
    assert (ASSETS / "icons" / f"{words.icon}.svg").is_file()


def test_the_arrow_turns_with_the_mirror() -> None:
    plain = replace(MANNER, mirror=False)
    assert guidance(Hint.MOVE_LEFT, plain).icon == "arrow-left"
    assert guidance(Hint.MOVE_LEFT, MANNER).icon == "arrow-right"
    assert guidance(Hint.MOVE_RIGHT, plain).icon == "arrow-right"
    assert guidance(Hint.MOVE_RIGHT, MANNER).icon == "arrow-left"


def test_looking_with_and_without_a_face() -> None:
    assert said(View(Phase.LOOKING, Hint.NO_FACE)).sentence == "Look here"
    assert said(View(Phase.LOOKING, Hint.NO_FACE, 0.5)).sentence == "One moment"
    assert said(View(Phase.LOOKING, Hint.NONE, 0.5)) == moment(ENGLISH)


def test_the_phases_that_wait() -> None:
    assert said(View(Phase.TAP_FIRST)).sentence == "Tap to check in"
    assert said(View(Phase.TYPE_FIRST)).sentence == "Type your number"
    nobody = said(View(Phase.NOBODY_ENROLLED))
    (offer,) = nobody.offers
    assert (offer.action, offer.label) == (Action.PANEL, "Open the admin panel")


def test_what_failed_is_said_in_its_own_words() -> None:
    assert said(View(Phase.FAULT, message="The disk is full.")).second == "The disk is full."
    lost = no_camera(MANNER, "It is unplugged.")
    assert lost.second == "It is unplugged. It tries again by itself."
    assert lost.band is BandKind.AMBER
    assert not lost.offers
    offered = no_camera(MANNER, "It is unplugged.", demo=True)
    assert [(offer.action, offer.label) for offer in offered.offers] == [
        (Action.ENROL, "Enrol from pictures"), (Action.DEMO, "Watch the demo"),
    ]  # fmt: skip


def test_what_is_asked_while_typing() -> None:
    def sentence(purpose: Purpose, *texts: str) -> str:
        entry = Entry.begin(purpose)
        for text in texts:
            for character in text:
                entry = entry.typed(character)
            entry = entry.entered()
        return asking(entry, ENGLISH).sentence

    assert sentence(Purpose.PIN) == "Your number or name"
    assert sentence(Purpose.PIN, "101") == "Your PIN"
    assert sentence(Purpose.ADMIN) == "Admin PIN"
    assert sentence(Purpose.NEW_ADMIN) == "Choose an admin PIN"
    assert sentence(Purpose.NEW_ADMIN, "258064") == "The same PIN once more"
    differs = asking(replace(Entry.begin(Purpose.NEW_ADMIN), differs=True), ENGLISH)
    assert differs.second == "The two were not the same: choose again."
    wrong = asking(Entry.begin(Purpose.ADMIN), ENGLISH, "That PIN is not right.")
    assert (wrong.second, wrong.band) == ("That PIN is not right.", BandKind.AMBER)


def test_times_are_said_by_the_manner_given() -> None:
    manner = replace(MANNER, clock=lambda at: f"{at:%I.%M}")
    assert said(allow(), manner).second.startswith("In at 07.42")
    assert isinstance(MORNING, datetime)


def test_whoever_stays_reads_what_holds_now() -> None:
    def stays(view: View) -> Words:
        return said(View(Phase.STAYS, announcement=view.announcement))

    here = stays(allow())
    assert (here.sentence, here.second) == ("You are in, Mia", "since 07:42")
    assert (here.band, here.sound, here.offers) == (BandKind.ALLOW, Sound.NONE, ())
    assert stays(allow(direction=Direction.OUT)).sentence == "You are out, Mia"
    plain = stays(allow(direction=None))
    assert (plain.sentence, plain.second) == ("Hello, Mia", "Let in at 07:42")
    assert said(View(Phase.STAYS)).clock, "nobody knows who it is"


def test_a_new_pin_is_judged_when_it_is_first_typed() -> None:
    entry = Entry.begin(Purpose.NEW_ADMIN)
    for character in "123456":
        entry = entry.typed(character)
    entry = entry.entered()
    assert (entry.step, entry.text) == (Step.PIN, "")
    assert "first PIN that anybody tries" in asking(entry, ENGLISH).second
    assert asking(entry.typed("2"), ENGLISH).second == ENGLISH.why_admin_pin


@pytest.mark.parametrize(
    "reason",
    [
        Reason.NOT_LIVE,
        Reason.NOT_A_CAMERA,
        Reason.CHALLENGE_FAILED,
        Reason.CHALLENGE_UNANSWERED,
    ],
)
def test_a_suspected_attack_hears_one_sentence_whatever_gave_it_away(reason: Reason) -> None:
    suspected = Announcement(decision(Outcome.SUSPECTED_ATTACK, reason=reason, person_name="Mia"))
    words = verdict(suspected, MANNER)
    assert words.sentence == "That didn't work"
    assert "use your PIN" in words.second
    assert (words.band, words.sound) == (BandKind.DENY, Sound.FALLING)
    assert "Mia" not in words.sentence + words.second
    told = f"{words.sentence} {words.second}".casefold()
    for cue in ("photo", "picture", "screen", "turn", "live", "attack"):
        assert cue not in told
    without = verdict(suspected, replace(MANNER, pin_entry=False))
    assert "ask at the desk" in without.second


def test_the_pause_after_it_counts_its_seconds() -> None:
    words = said(View(Phase.WAITS, hold=27))
    assert (words.sentence, words.second) == ("Please wait 27 s", "or use your PIN")
    assert words.sound is Sound.NONE
    alone = said(View(Phase.WAITS, hold=0.2), replace(MANNER, pin_entry=False))
    assert (alone.sentence, alone.second) == ("Please wait 1 s", "or ask at the desk")
