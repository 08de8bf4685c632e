"""What is learned from, on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kiosk.domain.errors import BadInput
from kiosk.lab.liveness.canvas import (
    CANVAS,
    PIXELS_A_FACE,
    canvas,
    on_canvas,
    shown,
    square,
    upright,
)
from kiosk.lab.liveness.chances import SHARES, chances
from kiosk.lab.liveness.gather import WEB
from kiosk.lab.liveness.plain import FILLS, Plain, filled, read_plain
from kiosk.lab.liveness.pool import Pool, missing, write_part
from kiosk.lab.liveness.rounds import ROUNDS, allowed, held_out
from kiosk.lab.liveness.scenes import INDEX, Scenes, add_scenes, read_scenes
from kiosk.lab.liveness.sources import LIVE, SOURCES
from kiosk.lab.liveness.variants import Variants
from kiosk.vision.align import ARCFACE_112
from kiosk.vision.liveness.view import SIDE
from tests.lab.liveness.conftest import BOX, LANDMARKS, PEOPLE, drawn


def test_what_is_added_is_read_behind_what_was_there(tmp_path: Path) -> None:
    some = drawn()[:3]
    add_scenes(tmp_path, some[:2])
    add_scenes(tmp_path, some[2:])
    add_scenes(tmp_path, [])
    scenes = read_scenes(tmp_path)
    assert len(scenes) == 3
    assert (scenes.image(2) == some[2].image).all()
    assert scenes.face(1).box == BOX
    assert scenes.name.tolist() == [one.name for one in some]


def test_what_was_cut_off_is_not_read(tmp_path: Path) -> None:
    add_scenes(tmp_path, drawn()[:2])
    (tmp_path / INDEX).write_bytes(b"no scenes")
    with pytest.raises(BadInput, match="liveness-views"):
        read_scenes(tmp_path)
    with pytest.raises(BadInput, match="liveness-views"):
        read_plain(tmp_path)
    with pytest.raises(BadInput, match="liveness-views"):
        Pool(tmp_path)


def test_live_faces_are_drawn_as_often_as_attacks(scenes: Scenes) -> None:
    drawn_ = chances(scenes)
    assert drawn_.sum() == pytest.approx(1)
    casia = scenes.source == "casia"
    assert drawn_[casia & scenes.live].sum() == pytest.approx(drawn_[casia & ~scenes.live].sum())
    assert drawn_[casia].sum() / drawn_[scenes.source == WEB].sum() == pytest.approx(
        SHARES["casia"] / SHARES[WEB]
    )


def test_people_held_out_are_of_every_source_and_the_same_again(scenes: Scenes) -> None:
    mine = held_out(scenes.person)
    assert {name.split("/")[0] for name in set(scenes.person[mine])} == {*SOURCES, WEB}
    assert (held_out(scenes.person) == mine).all()
    assert not set(scenes.person[mine]) & set(scenes.person[~mine])


def test_no_round_learns_from_what_it_is_judged_on(scenes: Scenes) -> None:
    for one in ROUNDS:
        mine = allowed(one, scenes)
        assert mine.any()
        assert not one.without or one.without not in scenes.origin[mine]
        if one.people:
            assert not set(scenes.person[mine]) & set(scenes.person[held_out(scenes.person)])


def test_a_part_is_the_same_when_made_again(scenes: Scenes, pool: Pool, tmp_path: Path) -> None:
    assert missing(tmp_path, 2) == [0, 1]
    write_part(tmp_path, 0, scenes, 9)
    assert missing(tmp_path, 2) == [1]
    again = Pool(tmp_path)
    rows = np.arange(9)
    assert (again.views(rows) == pool.views(rows)).all()
    assert again.views(rows).shape == (9, SIDE, SIDE, 3)
    assert (again.scene == pool.scene[:9]).all()
    assert len({view.tobytes() for view in again.views(rows)}) == 9


def test_a_variant_of_too_little_is_none(scenes: Scenes) -> None:
    variants = Variants(1)
    box = scenes.face(0).box
    assert variants.view(np.zeros((20, 20, 3), np.uint8), box) is None
    found = [variants.view(scenes.image(0), box) for _ in range(20)]
    assert all(one is not None and one.shape == (SIDE, SIDE, 3) for one in found)


def test_the_frames_to_judge_by_are_those_of_the_sources(plain: Plain) -> None:
    assert len(plain) == 4 * PEOPLE * len(SOURCES)
    assert WEB not in plain.sources
    assert (plain.teacher["whole"][plain.live] > 0.5).all()
    assert (plain.teacher["filled"][~plain.live] < 0.5).all()
    assert set(plain.species) == {LIVE, "print"}


def test_filled_is_the_face_and_nothing_else(scenes: Scenes) -> None:
    image, face = filled(scenes.image(0), scenes.face(0))
    assert image.shape[1] == pytest.approx(FILLS * BOX.width, abs=2)
    assert face.box.centre == pytest.approx((image.shape[1] / 2, image.shape[0] / 2), abs=2)


def test_a_canvas_shows_the_face_in_the_middle_always_as_large() -> None:
    for size in (80, 133, 371):
        points = (np.array(ARCFACE_112.points) - 56) * size / 112 + np.array([450, 350])
        across, down = np.meshgrid(np.arange(900) + 0.5, np.arange(700) + 0.5)
        spot = np.exp(-((across - 450 - 0.3 * size) ** 2 + (down - 350) ** 2) / 50) * 150
        image = np.asarray(np.repeat((60 + spot)[..., None], 3, 2), np.uint8)
        view = upright(image, np.asarray(points, np.float32), CANVAS)
        weight = np.maximum(view[:, :, 0].astype(float) - 70, 0)
        at = np.average(np.arange(CANVAS) + 0.5, weights=weight.sum(0))
        assert at == pytest.approx(CANVAS / 2 + 0.3 * PIXELS_A_FACE, abs=1.2)
    turned = LANDMARKS @ np.array([[0, 1], [-1, 0]], np.float32)
    assert square(turned)[2] == pytest.approx(square(LANDMARKS)[2])


def test_black_padding_is_not_shown() -> None:
    image = np.zeros((100, 120, 3), np.uint8)
    image[10:90, 30:110] = 120
    assert shown(image) == (30, 10, 110, 90)
    assert shown(np.zeros((50, 60, 3), np.uint8)) == (0, 0, 60, 50)
    view, (left, top, right, bottom) = canvas(np.full((300, 300, 3), 200, np.uint8), LANDMARKS)
    assert (view[top:bottom, left:right] == 200).all()
    for face in [(320.0, 240.0, 60.0), (0.0, 0.0, 300.0), (900.0, 90.0, 40.0)]:
        left, top, right, bottom = on_canvas(np.full((480, 640, 3), 99, np.uint8), face)
        assert 0 <= left <= right <= CANVAS
        assert 0 <= top <= bottom <= CANVAS
