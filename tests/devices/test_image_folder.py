"""A folder of pictures as a camera: one presentation each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.devices.image_folder import EMPTY, ROUND, SHOWN, ImageFolder
from kiosk.domain.decision import (
    DecisionRule,
    Hint,
    Observation,
    Outcome,
    RuleSettings,
    Verdict,
)
from kiosk.domain.errors import CameraError
from kiosk.domain.frame import Frame
from kiosk.domain.gallery import Candidate
from tests.devices.fakes import HandClock

EACH = len(SHOWN) + len(EMPTY)
HOLD = 3.0


def picture(path: Path, brightness: int) -> None:
    Pillow.fromarray(np.full((40, 60, 3), brightness, np.uint8)).save(path)


def all_frames(camera: ImageFolder) -> list[Frame]:
    camera.open()
    frames = []
    while (frame := camera.read()) is not None:
        frames.append(frame)
    camera.close()
    return frames


def test_pictures_step_up_one_after_the_other(tmp_path: Path) -> None:
    for number, brightness in ((10, 200), (2, 100)):
        picture(tmp_path / f"face{number}.png", brightness)

    camera = ImageFolder(tmp_path, realtime=False)
    frames = all_frames(camera)

    assert not camera.live
    assert camera.name == tmp_path.name
    assert [frame.index for frame in frames] == list(range(2 * EACH))
    assert [frame.time for frame in frames[:EACH]] == [*SHOWN, *EMPTY]
    assert frames[EACH].time == ROUND
    assert {int(frame.image.mean()) for frame in frames[: len(SHOWN)]} == {100}
    assert {int(frame.image.mean()) for frame in frames[len(SHOWN) : EACH]} == {128}
    assert {int(frame.image.mean()) for frame in frames[EACH:-2]} == {200}


def test_one_picture(tmp_path: Path) -> None:
    picture(tmp_path / "face.png", 90)

    assert len(all_frames(ImageFolder(tmp_path / "face.png", realtime=False))) == EACH


def test_bad_files_are_skipped_and_told(tmp_path: Path) -> None:
    for number in range(3):
        picture(tmp_path / f"{number}.png", 100)
    (tmp_path / "1.png").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("hello")

    camera = ImageFolder(tmp_path, realtime=False)
    frames = all_frames(camera)

    assert len(frames) == 2 * EACH
    assert [path.name for path, _ in camera.skipped] == ["notes.txt", "1.png"]
    assert [why for _, why in camera.skipped] == [
        "notes.txt is not named like a picture.",
        "1.png is empty (0 bytes). Copy it again from where it came.",
    ]


def test_a_thousand_pictures_of_which_fifty_are_bad(tmp_path: Path) -> None:
    picture(tmp_path / "good.bmp", 90)
    data = (tmp_path / "good.bmp").read_bytes()
    (tmp_path / "good.bmp").unlink()
    for number in range(1000):
        (tmp_path / f"{number}.bmp").write_bytes(data[:60] if number % 20 == 7 else data)

    camera = ImageFolder(tmp_path, realtime=False)

    assert len(all_frames(camera)) == 950 * EACH
    assert len(camera.skipped) == 50


def test_nothing_to_show(tmp_path: Path) -> None:
    for name in ("a.txt", "b.png", "c.jpg"):
        (tmp_path / name).write_text("hello")
    camera = ImageFolder(tmp_path, realtime=True)

    camera.open()

    with pytest.raises(CameraError, match=r"no picture that can be read in .* found 3 others"):
        camera.read()


def test_the_one_file_that_is_bad_says_why(tmp_path: Path) -> None:
    camera = ImageFolder(tmp_path / "face.png", realtime=False)
    camera.open()

    with pytest.raises(CameraError, match=r"There is no file .*face\.png"):
        camera.read()


def test_a_folder_that_can_not_be_read(tmp_path: Path) -> None:
    class Locked(type(tmp_path)):  # type: ignore[misc]
        def is_dir(self) -> bool:
            return True

    with pytest.raises(CameraError, match="Expected a folder that can be read"):
        ImageFolder(Locked(tmp_path / "locked"), realtime=False).open()


def test_realtime_keeps_the_pace_and_goes_round(tmp_path: Path) -> None:
    picture(tmp_path / "good.png", 90)
    (tmp_path / "bad.png").write_text("hello")
    clock = HandClock()
    begun = clock.now
    camera = ImageFolder(tmp_path, realtime=True, clock=clock, sleep=clock.sleep)

    camera.open()
    frames = [frame for _ in range(2 * EACH) if (frame := camera.read())]

    assert camera.live
    assert frames[-1].time == ROUND + EMPTY[-1]
    assert clock.now - begun == pytest.approx(frames[-1].time)
    assert len(camera.skipped) == 1


def verdicts(tmp_path: Path, hint: Hint, score: float) -> list[Verdict]:
    """What the rule says of two pictures that all look the same to it, with the engine's hold."""
    picture(tmp_path / "1.png", 90)
    picture(tmp_path / "2.png", 90)
    rule = DecisionRule(RuleSettings(threshold=0.5))
    found: list[Verdict] = []
    held_until = -1.0
    for frame in all_frames(ImageFolder(tmp_path, realtime=False)):
        if frame.time < held_until:
            continue
        nobody = int(frame.image.mean()) == 128
        seen = Hint.NO_FACE if nobody else hint
        candidates = (Candidate(1, score),) if seen is Hint.NONE else ()
        verdict = rule.step(Observation(frame.time, seen, candidates)).verdict
        if verdict is not None:
            found.append(verdict)
            held_until = frame.time + HOLD
    return found


@pytest.mark.parametrize(
    ("hint", "score", "outcome"),
    [
        (Hint.NONE, 0.9, Outcome.ALLOW),
        (Hint.NONE, 0.1, Outcome.DENY),
        (Hint.ONE_PERSON, 0.0, Outcome.SEVERAL_FACES),
        (Hint.MORE_LIGHT, 0.0, Outcome.LOW_QUALITY),
    ],
)
def test_each_picture_is_one_decision(
    tmp_path: Path, hint: Hint, score: float, outcome: Outcome
) -> None:
    assert [verdict.outcome for verdict in verdicts(tmp_path, hint, score)] == [outcome, outcome]


def test_a_link_out_of_the_folder_is_left_out_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    picture(tmp_path / "secret.png", 200)
    picture(folder / "own.png", 100)
    (folder / "out.png").symlink_to(tmp_path / "secret.png")

    camera = ImageFolder(folder, realtime=False)
    frames = all_frames(camera)

    assert len(frames) == EACH
    assert [path.name for path, _ in camera.skipped] == ["out.png"]
    assert "link to a file outside" in camera.skipped[0][1]
