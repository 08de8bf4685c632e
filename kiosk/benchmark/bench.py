"""Speed and memory on this machine, printed as ratios from one run. Nothing here is asserted."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.app import (
    DETECT_FROM,
    Options,
    enrol_demo_people,
    has_screen,
    opened_storage,
    read_settings,
)
from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Image
from kiosk.domain.settings import Settings
from kiosk.resources import DEMO, MODELS

ROUNDS = 30
"""Times that each of two ways runs, in turns, so that a busy moment meets both."""


def report(live_seconds: float = 65.0) -> dict[str, str]:
    """Everything, by its title; takes about two minutes."""
    return {**_path(), **_search(), **_live(live_seconds)}


def _frame() -> Image:
    """A 640x480 frame with one face: the demo's clip at two seconds."""
    from kiosk.devices.camera import open_camera

    camera = open_camera(str(DEMO / "clip.mp4"), realtime=False)
    camera.open()
    try:
        while (frame := camera.read()) is not None:
            if frame.time >= 3.0:
                return frame.image
    finally:
        camera.close()
    raise AssertionError("the demo's clip is longer than three seconds")


def _path() -> dict[str, str]:
    from kiosk.vision.detector import MtcnnDetector
    from kiosk.vision.encoder import available_encoders, load_encoder

    image = _frame()
    kiosk_detector = MtcnnDetector(MODELS, min_face=int(DETECT_FROM * Settings().min_face))
    same_detector = MtcnnDetector(MODELS, min_face=20)
    encoders = {name: load_encoder(name, MODELS) for name in available_encoders(MODELS)}
    face = kiosk_detector.detect(image)[:1]
    ours: dict[str, Callable[[], object]] = {
        "detect (as the kiosk runs it)": partial(kiosk_detector.detect, image),
        "detect (min face 20, as mtcnn)": partial(same_detector.detect, image),
    }
    for name, encoder in encoders.items():
        ours[f"align + encode, {name}"] = partial(encoder.encode, image, face)
    if find_spec("mtcnn") is None or find_spec("keras") is None:
        times = _medians(ours)
        return {
            **{f"{title}, median": _ms(value) for title, value in times.items()},
            "against mtcnn and Keras": "not measured: needs the extra lab",
        }
    rivals = _rivals(image)
    times = _medians({**ours, **rivals})
    detect, whole = times["mtcnn.detect_faces"], sum(times[name] for name in rivals)
    figures = {f"{title}, median": _ms(value) for title, value in times.items()}
    for title in list(ours)[:2]:
        figures[f"{title}: faster than mtcnn"] = f"{detect / times[title]:.1f} times"
    for name in encoders:
        path = times["detect (as the kiosk runs it)"] + times[f"align + encode, {name}"]
        figures[f"detect + align + encode, {name}: faster than mtcnn + Keras"] = (
            f"{whole / path:.1f} times"
        )
    return figures


def _rivals(image: Image) -> dict[str, Callable[[], object]]:
    """The plain way: the mtcnn package and Keras's predict of the same network."""
    from kiosk.benchmark.baselines import keras_predict, mtcnn_detect

    return {
        "mtcnn.detect_faces": mtcnn_detect(image),
        "keras predict, EfficientNet-B0": keras_predict(),
    }


def _search() -> dict[str, str]:
    from kiosk.domain.gallery import Gallery

    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((100_000, 128), np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    starts = np.arange(0, 100_000, 5)
    gallery = Gallery(matrix, starts, np.arange(len(starts), dtype=np.int64))
    times = _medians({"search": lambda: gallery.search(matrix[77])})
    return {"exact 1:N over 100,000 templates of 128, median": _ms(times["search"])}


def _live(seconds: float) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        options = Options(data_dir=Path(folder), windowed=True)
        with opened_storage(options) as storage:
            enrol_demo_people(storage, read_settings(storage, options))
        starts = [_child(options, _portrait(Path(folder)), 8.0) for _ in range(3)]
        whole = _child(options, DEMO / "clip.mp4", seconds)
    pauses = whole["pauses"]
    return {
        "start to the first picture, median of 3": _seconds(starts, "first_frame"),
        "start to the first decision, median of 3": _seconds(starts, "first_decision"),
        f"longest pause of the screen's thread in {seconds:.0f} s": _ms(pauses[0]),
        "pauses of 50 ms or more": str(sum(pause >= 0.05 for pause in pauses)),
        "pictures shown a second": f"{whole['frames'] / seconds:.1f}",
        "resident memory, dlib's process included": f"{whole['memory'] / 2**20:.0f} MiB",
        "resident memory, growth in the second half": f"{whole['growth'] / 2**20:+.1f} MiB",
    }


def _portrait(folder: Path) -> Path:
    """A clip in which somebody enrolled stands there from the first frame on."""
    import cv2

    from kiosk.devices.camera import open_camera

    path = folder / "portrait.mp4"
    camera = open_camera(str(DEMO / "clip.mp4"), realtime=False)
    fourcc = cv2.VideoWriter.fourcc(*"mp4v")
    clip = cv2.VideoWriter(str(path), fourcc, 15, (640, 480))
    camera.open()
    while (frame := camera.read()) is not None and frame.time < 5.5:
        if frame.time >= 2.0:
            clip.write(frame.image[:, :, ::-1])
    camera.close()
    clip.release()
    return path


def _child(options: Options, camera: Path, seconds: float) -> dict[str, Any]:
    # Where there is no screen the widgets are painted all the same, into memory.
    environment = os.environ if has_screen() else os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    began = time.time()
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "kiosk.benchmark.bench",
            str(began),
            str(seconds),
            str(options.data_dir),
            str(camera),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds + 120,
        check=False,
    )
    if ran.returncode:
        raise BadInput(f"The kiosk could not be measured: {ran.stderr.strip()[-500:]}")
    figures: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return figures


def _seconds(runs: list[dict[str, Any]], key: str) -> str:
    found = [run[key] for run in runs if run[key] is not None]
    return f"{statistics.median(found):.2f} s" if found else "none in the time given"


def _run_live(began: float, seconds: float, data_dir: Path, camera: str) -> None:
    """In a process of its own: the kiosk with a heartbeat."""
    import psutil
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from kiosk.app import run
    from kiosk.benchmark.heartbeat import Heartbeat
    from kiosk.ui.common.bridge import Bridge

    process = psutil.Process()
    hearts: list[Heartbeat] = []
    memory: list[int] = []

    def weigh() -> None:
        everybody = (process, *process.children(recursive=True))
        memory.append(sum(one.memory_info().rss for one in everybody))

    def attach(application: QApplication, bridge: Bridge) -> None:
        hearts.append(Heartbeat(application, bridge, began, seconds))
        QTimer.singleShot(int(seconds * 500), weigh)
        application.aboutToQuit.connect(weigh)

    run(Options(data_dir=data_dir, camera=camera, windowed=True), attach)
    figures: dict[str, Any] = asdict(hearts[0].measured)
    figures |= {"memory": memory[-1], "growth": memory[-1] - memory[0]}
    sys.stdout.write(json.dumps(figures) + "\n")


def _medians(rivals: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of each, in seconds; they run in turns after a warm-up."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for round_ in range(ROUNDS + 3):
        for name, call in rivals.items():
            began = time.perf_counter()
            call()
            if round_ >= 3:
                times[name].append(time.perf_counter() - began)
    return {name: statistics.median(values) for name, values in times.items()}


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


if __name__ == "__main__":
    _run_live(float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
