from __future__ import annotations

import dataclasses
import gettext
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import language
from kiosk.domain.errors import BadInput
from kiosk.domain.settings import SettingInfo, Settings

INFO = {info.name: info for info in Settings.about()}
NUMBERS = [info for info in INFO.values() if type(info.default) in (int, float)]
anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.lists(st.integers(), max_size=2)
)


@pytest.mark.parametrize("info", INFO.values(), ids=lambda info: info.name)
def test_every_setting_is_described_and_its_default_is_valid(info: SettingInfo) -> None:
    assert info.title
    assert info.group
    assert info.parse(info.default) == info.default
    assert info.parse(str(info.default)) == info.default


@pytest.mark.parametrize("info", NUMBERS, ids=lambda info: info.name)
def test_numbers_keep_their_bounds(info: SettingInfo) -> None:
    assert info.low is not None
    assert info.high is not None
    assert info.parse(info.low) == info.low
    assert info.parse(str(info.high)) == info.high
    for wrong in (info.low - 1, info.high + 1, math.nan, math.inf, -math.inf, "nan", "", "x", None):
        with pytest.raises(BadInput, match=info.title):
            info.parse(wrong)
    for wrong in (True, [3], {}):
        with pytest.raises(BadInput, match=info.title):
            info.parse(wrong)


def test_a_whole_number_is_not_cut_off() -> None:
    assert INFO["agree"].parse(4.0) == 4
    assert type(INFO["agree"].parse(4.0)) is int
    with pytest.raises(BadInput, match=r"a whole number from 1 to 20, got 3\.7"):
        INFO["agree"].parse(3.7)


def test_choices_and_switches() -> None:
    assert INFO["theme"].parse("dark") == "dark"
    with pytest.raises(BadInput, match="one of auto, light, dark, got 'pink'"):
        INFO["theme"].parse("pink")
    assert INFO["sound"].parse("False") is False
    assert INFO["sound"].parse(1) is True
    with pytest.raises(BadInput, match="true or false, got 'perhaps'"):
        INFO["sound"].parse("perhaps")


def test_texts_are_texts() -> None:
    assert INFO["camera"].parse(1) == "1"
    for wrong in (None, ["a"], True):
        with pytest.raises(BadInput, match="a text"):
            INFO["camera"].parse(wrong)


def test_a_text_may_have_a_form_of_its_own() -> None:
    assert INFO["region"].parse("20,0,80,100") == "20,0,80,100"
    assert INFO["region"].parse("") == ""
    assert INFO["region"].blank
    with pytest.raises(BadInput, match="Region to look at: expected left,top,right,bottom"):
        INFO["region"].parse("a third")
    assert Settings.of({"region": "a third", "rotate": 45}) == Settings()


class Shouting(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return message.upper() if message else "the catalogue's header"


def test_settings_are_described_in_the_language_in_force() -> None:
    language.use(Shouting())
    try:
        said = {info.name: info for info in Settings.about()}
    finally:
        language.use(gettext.NullTranslations())

    rotate = said["rotate"]
    assert (rotate.group, rotate.title) == ("CAMERA", "TURN THE PICTURE")
    assert dict(rotate.choices)["180"] == "UPSIDE DOWN"
    assert said["hold"].help == ""
    assert said["hold"].unit == "SECONDS"


def test_a_turned_picture_may_be_stored_as_a_number() -> None:
    assert Settings.of({"rotate": 90}).rotate == "90"


def test_a_value_with_a_password_is_told_without_it() -> None:
    assert INFO["camera"].shown("rtsp://admin:geheim@10.0.0.5/1") == "rtsp://***@10.0.0.5/1"
    assert INFO["camera"].shown("0") == "0"
    assert INFO["hold"].shown(3.0) == "3.0"


def test_the_camera_is_not_told_with_the_settings() -> None:
    assert "geheim" not in repr(Settings(camera="rtsp://admin:geheim@10.0.0.5/1"))


def test_a_damaged_or_newer_store_still_starts() -> None:
    stored = {"agree": 4, "hold": "soon", "far": math.nan, "of_tomorrow": 1, "mode": "claimed"}
    assert Settings.of(stored) == Settings(agree=4, mode="claimed")
    assert Settings.of({"window": math.inf}) == Settings()


def test_a_store_in_which_frames_can_never_agree_falls_to_the_defaults() -> None:
    assert Settings.of({"agree": 9, "window": 6, "hold": 5}) == Settings(hold=5)
    assert Settings.of({"window": 2}) == Settings()


@given(st.dictionaries(st.sampled_from([*INFO, "unknown"]), anything))
def test_whatever_is_stored_gives_settings_that_could_have_been_chosen(stored: Any) -> None:
    settings = Settings.of(stored)
    assert settings.changed(**dataclasses.asdict(settings)) == settings


def test_changes_are_checked() -> None:
    assert Settings().changed(agree="2", hold=4).agree == 2
    with pytest.raises(BadInput, match="no setting 'agre'; there are camera"):
        Settings().changed(agre=2)
    with pytest.raises(BadInput, match="6 of 5 frames can't agree"):
        Settings().changed(agree=6)
    with pytest.raises(BadInput, match="False acceptance rate"):
        Settings().changed(far=0.5)


def test_what_a_value_puts_at_risk_is_said_in_the_language_in_force() -> None:
    assert "photo" in INFO["liveness"].caution("off")
    assert INFO["liveness"].caution("passive") == ""
    assert INFO["sound"].caution(False) == ""
    language.use(Shouting())
    try:
        said = {info.name: info for info in Settings.about()}
    finally:
        language.use(gettext.NullTranslations())
    assert "PHOTO" in said["liveness"].caution("off")
