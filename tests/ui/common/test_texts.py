from __future__ import annotations

import dataclasses
import string

import pytest

from kiosk.ui.common.texts import ENGLISH, Texts
from kiosk.ui.kiosk.words import LONGEST
from tests.ui.german import GERMAN

SENTENCES = (
    "tap",
    "type_first",
    "come_closer",
    "step_back",
    "this_way",
    "look_straight",
    "more_light",
    "hold_still",
    "one_person",
    "look",
    "one_moment",
    "turn_left",
    "turn_right",
    "now_straight",
    "once_more_left",
    "once_more_right",
    "once_more_straight",
    "thank_you",
    "look_into_camera",
    "not_worked",
    "not_recognised",
    "uncover",
    "type_number",
    "no_camera",
    "nobody_enrolled",
    "fault",
    "your_number",
    "your_pin",
    "when_left",
    "when_left_yesterday",
    "ask_going",
    "ask_going_already",
    "ask_back",
    "ask_back_already",
    "ask_arrived",
    "ask_again",
    "break_begins",
    "break_ends",
    "still_on_break",
    "you_are_on_break",
    "admin_pin",
    "choose_admin_pin",
    "once_more",
)


@pytest.mark.parametrize("texts", [ENGLISH, GERMAN], ids=["english", "german"])
def test_sentences_are_short_enough_for_two_metres(texts: Texts) -> None:
    for name in SENTENCES:
        assert len(getattr(texts, name)) <= LONGEST, name


def test_a_language_fills_in_the_same_places() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for field in dataclasses.fields(Texts):
        assert places(getattr(ENGLISH, field.name)) == places(getattr(GERMAN, field.name))


def test_the_second_language_has_every_sentence_of_the_page() -> None:
    """Else its longest words are not seen where they stand."""
    same = {"done", "letters", "figures"}
    missing = {
        field.name
        for field in dataclasses.fields(Texts)
        if getattr(ENGLISH, field.name) == getattr(GERMAN, field.name)
    }
    assert missing == same
