"""What counts as a presentation, and whose it is."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.lab.liveness.sources import WINDOW, Shot, clip, folder, pad_sources, read
from tools.drawn_faces.faces import synthetic_face


def picture(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), synthetic_face(seed, 64)[:, :, ::-1])


def film(path: Path, frames: int) -> None:
    """Each frame as bright as its number, times ten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 64))
    for i in range(frames):
        writer.write(np.full((64, 64, 3), 10 * i, np.uint8))
    writer.release()


def test_a_folder_of_pictures_is_by_person_and_species(tmp_path: Path) -> None:
    for name in ("live/anna/1.png", "live/anna/2.png", "live/ben.png", "print/anna/1.png"):
        picture(tmp_path / name, 1)
    shots = folder(tmp_path)
    assert len(shots) == 4
    assert len({shot.presentation for shot in shots}) == 3
    assert {shot.person for shot in shots if "anna" in shot.file.parts} == {f"{tmp_path.name}/anna"}
    assert [shot.live for shot in shots] == [True, True, True, False]


def test_a_clip_is_cut_into_windows(tmp_path: Path) -> None:
    film(tmp_path / "replay/anna/a.avi", 20)
    shots = clip(tmp_path / "replay/anna/a.avi", "own", "replay", "own/anna", step=1)
    assert len(shots) == 2 * WINDOW
    assert len({shot.presentation for shot in shots}) == 2
    brightness = [round(float(image.mean()) / 10) for image in read(shots)]
    assert brightness == list(range(2 * WINDOW))
    (again,) = read([shots[3]])
    assert round(float(again.mean()) / 10) == 3
    assert [round(float(i.mean()) / 10) for i in read(shots[5:3:-1])] == [5, 4]


def test_a_short_clip_is_one_presentation(tmp_path: Path) -> None:
    film(tmp_path / "a.avi", 5)
    shots = clip(tmp_path / "a.avi", "own", "replay", "own/anna")
    assert len(shots) == 5
    assert len({shot.presentation for shot in shots}) == 1


@pytest.mark.parametrize("kinds", [(), ("live",), ("print", "replay")])
def test_a_folder_without_live_or_attack_is_refused(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        picture(tmp_path / kind / "a.png", 1)
    with pytest.raises(BadInput, match="live"):
        folder(tmp_path)


def test_an_empty_species_is_refused(tmp_path: Path) -> None:
    picture(tmp_path / "live/a.png", 1)
    (tmp_path / "mask").mkdir()
    with pytest.raises(BadInput, match="mask"):
        folder(tmp_path)


def test_a_clip_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no clip")
    with pytest.raises(BadInput, match=r"a\.mp4"):
        clip(tmp_path / "a.mp4", "own", "replay", "own/anna")


def test_what_lies_in_shared_is_found_by_person(shared: Path) -> None:
    if not (shared / "pad").is_dir():
        pytest.skip("../shared/pad is missing")
    shots = pad_sources(shared)

    def presentations(source: str, species: str) -> list[Shot]:
        mine = [s for s in shots if (s.source, s.species) == (source, species)]
        return list({s.presentation: s for s in mine}.values())

    assert len(presentations("casia", "replay")) == 60
    assert len({s.person for s in shots if s.source == "casia"}) == 20
    assert len({s.person for s in shots if s.source == "celebaspoof"}) == 87
    assert len({s.name for s in shots}) == len(shots)
