"""What is said and heard while somebody is asked to turn the head; pure."""

from __future__ import annotations

from kiosk.domain.liveness.prompt import Ask, Prompt
from kiosk.ui.common.palette import BandKind
from kiosk.ui.common.texts import Texts
from kiosk.ui.kiosk.words import Action, Offer, Sound, Words


def challenge(prompt: Prompt, texts: Texts) -> Words:
    """The words for what is asked now.

    The arrow points to the side that the sentence names, in a mirrored picture and in one that is
    not: a head turns the same way before either.
    """
    missed, second = prompt.missed, texts.nose_to_dot
    match prompt.ask:
        case Ask.LEFT:
            sentence = texts.once_more_left if missed else texts.turn_left
            icon = "arrow-left"
        case Ask.RIGHT:
            sentence = texts.once_more_right if missed else texts.turn_right
            icon = "arrow-right"
        case Ask.STRAIGHT:
            sentence, icon = texts.look_straight, "scan-face"
            if missed:
                sentence = texts.once_more_straight
            elif prompt.done:
                sentence = texts.now_straight
            second = texts.why_asked
            if prompt.done >= prompt.asks:
                second = texts.thank_you
            elif prompt.done or missed:
                second = ""
        case Ask.LIGHT:
            sentence, icon, second = texts.look_into_camera, "eye", texts.colours_change
    return Words(
        sentence,
        second,
        band=BandKind.AMBER if missed else BandKind.NEUTRAL,
        icon=icon,
        # What most people have no need of is not the largest thing here.
        offers=(
            Offer(
                texts.another_way if prompt.ask is Ask.LIGHT else texts.cannot_turn_head,
                Action.OTHER_WAY,
                plain=True,
            ),
        ),
    )


def heard(before: Prompt | None, now: Prompt | None) -> Sound:
    """The sound for what is asked now where ``before`` was asked until a moment ago."""
    if now is None:
        return Sound.NONE
    if before is not None and now.done > before.done:
        return Sound.DONE
    same = before is not None and (before.ask, before.missed) == (now.ask, now.missed)
    return Sound.NONE if same or now.ask is Ask.STRAIGHT else Sound.ASK
