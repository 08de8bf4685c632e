from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import ENGLISH, Texts
from kiosk.ui.kiosk.challenge_words import challenge, heard
from kiosk.ui.kiosk.words import LONGEST, Action, Sound
from tests.ui.german import GERMAN

TURN = Prompt(Ask.LEFT)


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [
        (Prompt(Ask.STRAIGHT), "Look straight ahead"),
        (Prompt(Ask.STRAIGHT, done=1), "Now look straight ahead"),
        (Prompt(Ask.STRAIGHT, missed=True), "Once more: look straight ahead"),
        (Prompt(Ask.LEFT), "Turn your head to the left"),
        (Prompt(Ask.RIGHT, missed=True), "Not quite: once more, to the right"),
        (Prompt(Ask.STRAIGHT, done=2), "Now look straight ahead"),
        (Prompt(Ask.LIGHT, done=2), "Please look into the camera"),
    ],
)
def test_says_what_is_asked(prompt: Prompt, sentence: str) -> None:
    assert challenge(prompt, ENGLISH).sentence == sentence


def test_the_arrow_points_where_the_sentence_says() -> None:
    for ask, side in ((Ask.LEFT, "left"), (Ask.RIGHT, "right")):
        words = challenge(Prompt(ask), ENGLISH)
        assert side in words.sentence
        assert words.icon == f"arrow-{side}"


def test_another_try_is_seen_by_colour_and_word() -> None:
    assert challenge(TURN, ENGLISH).band is BandKind.NEUTRAL
    assert challenge(replace(TURN, missed=True), ENGLISH).band is BandKind.AMBER


@pytest.mark.parametrize("texts", [ENGLISH, GERMAN], ids=["english", "german"])
@pytest.mark.parametrize("missed", [False, True])
@pytest.mark.parametrize("ask", list(Ask))
def test_there_is_another_way_and_every_sentence_is_short(
    ask: Ask, missed: bool, texts: Texts
) -> None:
    for done in (0, 1):
        words = challenge(Prompt(ask, missed=missed, done=done), texts)
        (offer,) = words.offers
        assert offer.action is Action.OTHER_WAY
        assert offer.label
        assert len(words.sentence) <= LONGEST


def test_after_the_last_turn_it_says_thank_you() -> None:
    assert "Thank you" in challenge(Prompt(Ask.STRAIGHT, done=2), ENGLISH).second
    assert challenge(Prompt(Ask.STRAIGHT, done=1), ENGLISH).second == ""


@pytest.mark.parametrize(
    ("before", "now", "sound"),
    [
        (None, Prompt(Ask.STRAIGHT), Sound.NONE),
        (None, TURN, Sound.ASK),
        (Prompt(Ask.STRAIGHT), TURN, Sound.ASK),
        (TURN, replace(TURN, turned=0.5, left=0.5), Sound.NONE),
        (TURN, Prompt(Ask.STRAIGHT, done=1), Sound.DONE),
        (TURN, replace(TURN, missed=True), Sound.ASK),
        (Prompt(Ask.STRAIGHT, done=2), Prompt(Ask.LIGHT, done=2), Sound.ASK),
        (TURN, None, Sound.NONE),
    ],
)
def test_each_turn_is_heard_once(before: Prompt | None, now: Prompt | None, sound: Sound) -> None:
    assert heard(before, now) is sound
