"""Draws one person, part by part, from the back to the front."""

from __future__ import annotations

import numpy as np

from tools.drawn_faces.canvas import (
    CANVAS,
    CENTRE,
    UNIT,
    Canvas,
    Floats,
    Head,
    Shades,
    oval,
    stroke,
    tint,
    towards,
)
from tools.drawn_faces.looks import Look, Pose


def draw_person(look: Look, pose: Pose) -> tuple[Shades, Shades]:
    canvas, head = Canvas(), Head(look, pose)
    if look.hair_style in (2, 4):
        _draw_back_hair(canvas, head, look)
    _draw_shoulders(canvas, head, look)
    _draw_skin(canvas, head, look, pose)
    if look.beard:
        _draw_beard(canvas, head, look)
    _draw_mouth(canvas, head, look, pose)
    _draw_nose(canvas, head, look)
    for side in (-1, 1):
        _draw_eye(canvas, head, look, pose, side)
    _draw_front_hair(canvas, head, look)
    if look.glasses:
        _draw_glasses(canvas, head, look)
    _light(canvas, pose)
    return canvas.colour, canvas.alpha


def _draw_shoulders(canvas: Canvas, head: Head, look: Look) -> None:
    body = np.array(
        [[-2.2, 2.6], [-1.75, 1.75], [-1.0, 1.45], [-0.4, 1.3], [0.4, 1.3], [1.0, 1.45],
         [1.75, 1.75], [2.2, 2.6]]
    )  # fmt: skip
    canvas.fill(body * UNIT + CENTRE, look.shirt, soft=1.0)
    neck = np.array([[-0.4, 0.5], [0.4, 0.5], [0.44, 1.34], [0.0, 1.6], [-0.44, 1.34]])
    canvas.fill(neck * UNIT + CENTRE, tint(look.skin, 0.80), soft=1.0)
    canvas.fill(head.flat(oval(0, 1.02, 0.5, 0.16)), tint(look.skin, 0.60), 0.6, soft=5)


def _draw_skin(canvas: Canvas, head: Head, look: Look, pose: Pose) -> None:
    for side in (-1, 1):
        ear = oval(side * look.width * 1.01, 0.08, 0.10, 0.20)
        canvas.fill(head.flat(ear, follow=-0.12), tint(look.skin, 0.86), soft=0.8)
    canvas.fill(head.flat(face_outline(look)), look.skin, soft=0.8)
    # Rounding: darker towards the edges, brighter on forehead, cheeks and chin.
    for side in (-1, 1):
        edge = stroke(
            [side * look.width * 0.92, side * look.width * 0.98, side * look.width * 0.78],
            [-0.6, 0.1, 0.75],
            [0.12, 0.30, 0.12],
        )
        canvas.shade(head.flat(edge), 0.80, 9)
        cheek = oval(side * 0.40, 0.34, 0.15, 0.11)
        canvas.fill(head.face(cheek), towards(look.skin, (226, 96, 84), 0.5), 0.42, soft=8)
        socket = oval(side * look.eye_gap, -0.02, look.eye_size * 1.5, 0.13)
        canvas.shade(head.face(socket), 0.80, 6)
    canvas.shade(head.face(oval(0, -0.42, 0.36, 0.20)), 1.07, 14)
    canvas.shade(head.face(oval(0, 0.86, 0.16, 0.07)), 1.08, 6)
    canvas.shade(head.flat(oval(0, 1.0, 0.42, 0.10)), 0.78, 7)


def _draw_eye(canvas: Canvas, head: Head, look: Look, pose: Pose, side: int) -> None:
    x, size = side * look.eye_gap, look.eye_size
    open_ = max(0.06, 1 - pose.blink)
    tilt = side * look.eye_tilt
    upper, lower = size * 0.52 * open_, size * 0.40 * open_
    at = np.linspace(-1, 1, 21)
    lid = np.stack([x + at * size, -upper * (1 - at**2) - tilt * at * side], axis=1)
    bottom = np.stack([x + at * size, lower * (1 - at**2) - tilt * at * side], axis=1)[::-1]
    canvas.fill(head.face(np.concatenate([lid, bottom])), (244, 242, 238), soft=0.5)
    if pose.blink < 0.7:
        eye = np.concatenate([lid, bottom])
        for radius, colour in ((0.50, tint(look.iris, 0.6)), (0.44, look.iris), (0.22, (14,) * 3)):
            disc = oval(x, -0.006, size * radius, size * radius)
            disc[:, 1] = np.clip(disc[:, 1], eye[:, 1].min() + 0.004, eye[:, 1].max() - 0.002)
            canvas.fill(head.face(disc), colour, soft=0.5)
        canvas.fill(head.face(oval(x - 0.022, -0.03, 0.016, 0.016)), (255, 255, 255), 0.95)
    weights = [0.010, 0.026, 0.012]
    ys = [float(lid[0, 1]), float(lid[10, 1]) - 0.008, float(lid[-1, 1])]
    lash = stroke([x - size * 1.03, x, x + size * 1.03], ys, weights)
    canvas.fill(head.face(lash), (34, 24, 22), 0.92, soft=0.6)
    fold = stroke(
        [x - size, x, x + size], [y - d for y, d in zip(ys, (0.03, 0.055, 0.03), strict=True)],
        [0.004, 0.012, 0.004],
    )  # fmt: skip
    canvas.fill(head.face(fold), tint(look.skin, 0.55), 0.6, soft=0.8)
    under = stroke([x - size, x, x + size], [0.05, 0.10, 0.05], [0.006, 0.014, 0.006])
    canvas.fill(head.face(under), tint(look.skin, 0.68), 0.5, soft=1.6)
    y, rise = -look.brow_height - 0.02, look.brow_angle
    inner, middle, outer = x - side * size * 1.05, x, x + side * size * 1.25
    brow = stroke(
        [inner, middle, outer],
        [y + rise, y - 0.055, y + 0.02 - rise],
        [look.brow_weight, look.brow_weight, look.brow_weight * 0.4],
    )
    dark = tint(look.hair, 0.75) if sum(look.hair) < 480 else tint(look.hair, 0.6)
    canvas.fill(head.face(brow), dark, 0.92, soft=1.0)


def _draw_nose(canvas: Canvas, head: Head, look: Look) -> None:
    length, width = look.nose_length, look.nose_width
    for side, factor in ((-1, 0.90), (1, 0.82)):
        flank = stroke(
            [side * 0.07, side * width * 0.62, side * width * 0.95],
            [0.0, length * 0.6, length * 0.98], [0.02, 0.035, 0.05],
        )  # fmt: skip
        canvas.shade(head.face(flank, 0.05), factor, 3.5)
    ridge = stroke([0, 0, 0], [-0.02, length * 0.5, length * 0.92], [0.02, 0.03, 0.04])
    ridge[:, 0] += np.where(np.arange(len(ridge)) < len(ridge) // 2, -0.022, 0.022)
    canvas.shade(head.face(ridge, 0.12), 1.10, 2.5)
    canvas.shade(head.face(oval(0, length * 0.92, width * 0.42, 0.05), 0.16), 1.10, 3)
    base = stroke(
        [-width, 0, width], [length, length + 0.075, length], [0.014, 0.022, 0.014]
    )  # fmt: skip
    canvas.fill(head.face(base, 0.10), tint(look.skin, 0.55), 0.75, soft=1.8)
    for side in (-1, 1):
        hole = oval(side * width * 0.46, length + 0.022, width * 0.22, 0.022)
        canvas.fill(head.face(hole, 0.10), (58, 30, 26), 0.85, soft=0.8)
        wing = stroke(
            [side * width * 0.9, side * width * 1.12, side * width * 0.85],
            [length - 0.08, length - 0.02, length + 0.03], [0.006, 0.012, 0.006],
        )  # fmt: skip
        canvas.fill(head.face(wing, 0.06), tint(look.skin, 0.6), 0.6, soft=1.2)


def _draw_mouth(canvas: Canvas, head: Head, look: Look, pose: Pose) -> None:
    y, half, lips = look.mouth_height, look.mouth_width, look.lips
    lift = 0.05 * pose.smile
    half *= 1 + 0.12 * pose.smile
    red = towards(look.skin, (178, 58, 62), 0.62)
    canvas.shade(head.face(oval(0, y + lips + 0.07, half * 0.6, 0.035)), 0.80, 4)
    canvas.shade(head.face(oval(0, y - lips - 0.05, 0.035, 0.05)), 0.90, 2.5)
    xs = [-half, -half * 0.33, half * 0.33, half]
    upper = stroke(
        xs, [y - lift, y - lips * 0.5, y - lips * 0.5, y - lift], [0.004, lips * 0.55] * 1
        + [lips * 0.55, 0.004],
    )  # fmt: skip
    lower = stroke(
        xs, [y - lift, y + lips * 0.7, y + lips * 0.7, y - lift],
        [0.004, lips * 0.72, lips * 0.72, 0.004],
    )  # fmt: skip
    canvas.fill(head.face(upper), tint(red, 0.86), soft=0.8)
    canvas.fill(head.face(lower), red, soft=0.8)
    canvas.shade(head.face(oval(0, y + lips * 0.8, half * 0.35, lips * 0.25)), 1.16, 2)
    line = stroke(
        xs, [y - lift, y + 0.008, y + 0.008, y - lift], [0.008, 0.014, 0.014, 0.008]
    )  # fmt: skip
    canvas.fill(head.face(line), (74, 26, 30), 0.95, soft=0.7)
    for side in (-1, 1):
        canvas.shade(head.face(oval(side * (half + 0.02), y - lift, 0.025, 0.035)), 0.78, 2)
        fold = stroke(
            [side * 0.19, side * 0.27, side * (half + 0.06)],
            [look.nose_length, look.nose_length + 0.1, y - 0.03], [0.008, 0.012, 0.006],
        )  # fmt: skip
        canvas.fill(head.face(fold), tint(look.skin, 0.72), 0.30 + 0.25 * pose.smile, soft=2)


def _draw_beard(canvas: Canvas, head: Head, look: Look) -> None:
    y = look.mouth_height
    half = look.mouth_width
    if look.beard == 2:
        face = face_outline(look)
        lower = face[face[:, 1] > 0.28] * (1.0, 1.02)
        lower = lower[np.argsort(lower[:, 0])]
        inner = stroke(
            [look.width * 0.78, 0.34, -0.34, -look.width * 0.78], [0.34, 0.50, 0.50, 0.34],
            [0.0] * 4,
        )[:24]  # fmt: skip
        canvas.fill(head.flat(np.concatenate([lower, inner]), 0.06), look.hair, 0.86, soft=2.5)
    moustache = stroke(
        [-half * 1.1, -half * 0.4, half * 0.4, half * 1.1],
        [y - 0.01, y - 0.10, y - 0.10, y - 0.01], [0.02, 0.042, 0.042, 0.02],
    )  # fmt: skip
    canvas.fill(head.face(moustache), look.hair, 0.9, soft=1.6)


def _draw_back_hair(canvas: Canvas, head: Head, look: Look) -> None:
    if look.hair_style == 2:
        shape = np.concatenate(
            [oval(0, -0.15, look.width * 1.22, 1.0)[20:], [[0.98, 1.35], [-0.98, 1.35]]]
        )
        canvas.fill(head.flat(shape, -0.1), tint(look.hair, 0.8), soft=2)
        return
    for angle in np.linspace(-0.35 * np.pi, 1.35 * np.pi, 19):
        x, y = -np.cos(angle) * look.width * 1.12, -0.12 - np.sin(angle) * 0.94
        canvas.fill(head.flat(oval(x, y, 0.24, 0.24), -0.1), tint(look.hair, 0.85), soft=1.5)


def _draw_front_hair(canvas: Canvas, head: Head, look: Look) -> None:
    style, w = look.hair_style, look.width
    if style == 3:
        canvas.shade(head.flat(oval(-0.2, -0.74, 0.22, 0.09), 0.2), 1.16, 7)
        return
    crown = oval(0, -0.06, w * 1.08, 1.04, 80)
    crown = crown[crown[:, 1] < -0.18]
    crown = crown[np.argsort(crown[:, 0])]
    hairlines = {
        0: ([0.99, 0.5, -0.5, -0.99], [-0.16, -0.66, -0.66, -0.16]),
        1: ([0.99, 0.50, -0.50, -0.99], [-0.12, -0.44, -0.74, -0.24]),
        2: ([0.99, 0.42, -0.42, -0.99], [0.10, -0.72, -0.72, 0.10]),
        4: ([0.99, 0.5, -0.5, -0.99], [-0.14, -0.58, -0.58, -0.14]),
        5: ([0.99, 0.5, -0.5, -0.99], [-0.10, -0.40, -0.38, -0.10]),
    }
    xs, ys = hairlines[style]
    line = stroke([x * w for x in xs], ys, [0.0] * 4)[:24]
    shape = np.concatenate([crown, line])
    canvas.fill(head.flat(shape, 0.05), look.hair, soft=1.2)
    shine = stroke([-0.45 * w, 0, 0.5 * w], [-0.80, -0.93, -0.84], [0.02, 0.05, 0.02])
    canvas.shade(head.flat(shine, 0.1), 1.35, 5)
    if style == 4:
        for x in np.linspace(-0.75, 0.75, 8):
            y = -0.62 - 0.28 * (1 - (x / 0.75) ** 2)
            canvas.fill(head.flat(oval(x * w, y, 0.15, 0.14), 0.05), look.hair, soft=1.2)


def _draw_glasses(canvas: Canvas, head: Head, look: Look) -> None:
    dark = (38.0, 40.0, 48.0)
    for side in (-1, 1):
        x = side * look.eye_gap
        outer = oval(x, 0.02, look.eye_size * 1.55, look.eye_size * 1.25)
        inner = oval(x, 0.02, look.eye_size * 1.38, look.eye_size * 1.08)
        ring = np.concatenate([outer, outer[:1], inner[:1], inner[::-1]])
        canvas.fill(head.face(ring, 0.08), dark, 0.9, soft=0.5)
        temple = stroke(
            [x + side * look.eye_size * 1.5, side * look.width * 0.9, side * look.width],
            [-0.01, -0.02, -0.03], [0.016, 0.014, 0.012],
        )  # fmt: skip
        canvas.fill(head.face(temple, 0.02), dark, 0.85, soft=0.5)
    bridge = stroke([-0.12, 0, 0.12], [-0.01, -0.045, -0.01], [0.014] * 3)
    canvas.fill(head.face(bridge, 0.10), dark, 0.9, soft=0.5)


def _light(canvas: Canvas, pose: Pose) -> None:
    """Brightness, and a soft gradient from the side and from above."""
    y, x = (np.mgrid[0:CANVAS, 0:CANVAS] - 150.0) / (1.5 * UNIT)
    gain = pose.light * (1 + 0.22 * pose.side_light * x - 0.08 * y)
    canvas.colour *= gain.astype(np.float32)[..., None]
    np.clip(canvas.colour, 0, 255 * canvas.alpha[..., None], out=canvas.colour)


def face_outline(look: Look) -> Floats:
    """The face from crown to chin: a superellipse below, an ellipse above."""
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    x, y = np.cos(angle), np.sin(angle)
    below = np.clip(y, 0, None)
    # A jaw of 1 is square, of 0 a triangle.
    narrowing = 1 - (0.42 - 0.30 * look.jaw) * below**2.2
    return np.stack([look.width * x * narrowing, y * np.where(y > 0, 1.0, 0.98)], axis=1)
