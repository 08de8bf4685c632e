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
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.app import Options, has_screen, opened_storage, read_settings
from kiosk.benchmark.hours import DAYS, PEOPLE, month_sheet_seconds
from kiosk.benchmark.record import TEMPLATES, record_costs
from kiosk.benchmark.turns import ROUNDS, medians
from kiosk.building import DETECT_FROM, enrol_demo_people
from kiosk.domain.errors import BadInput
from kiosk.domain.frame import Image
from kiosk.domain.settings import Settings
from kiosk.resources import DEMO, MODELS


@dataclass(frozen=True, slots=True)
class Figure:
    """One result. ``key`` ends in the unit of ``value``, which is None where nothing could be
    measured; ``title`` and ``text`` are for reading."""

    key: str
    title: str
    value: float | None
    text: str


def report(live_seconds: float = 65.0) -> tuple[Figure, ...]:
    """Everything; takes about three minutes."""
    return (
        *_path(),
        *search_figures(),
        *sheet_figures(),
        *record_figures(),
        *_live(live_seconds),
    )


def _figure(key: str, title: str, value: float | None, missing: str = "not measured") -> Figure:
    """A figure whose text follows from the unit at the end of its key."""
    form = next(form for end, form in _FORMS.items() if key.endswith(end))
    rounded = None if value is None else round(value, 4)
    return Figure(key, title, rounded, missing if value is None else form.format(value))


_FORMS = {
    "_ms": "{:.2f} ms",
    "_per_s": "{:.1f}",
    "_s": "{:.2f} s",
    "_ratio": "{:.1f} times",
    "_count": "{:.0f}",
    "_growth_mib": "{:+.1f} MiB",
    "_mib": "{:.0f} MiB",
}


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


def _path() -> tuple[Figure, ...]:
    from kiosk.vision.detector import MtcnnDetector
    from kiosk.vision.encoder import available_encoders, load_encoder

    image = _frame()
    kiosk_detector = MtcnnDetector(MODELS, min_face=int(DETECT_FROM * Settings().min_face))
    same_detector = MtcnnDetector(MODELS, min_face=20)
    encoders = {name: load_encoder(name, MODELS) for name in available_encoders(MODELS)}
    face = kiosk_detector.detect(image)[:1]
    ways: dict[str, Callable[[], object]] = {
        "detect": partial(kiosk_detector.detect, image),
        "detect_min_face_20": partial(same_detector.detect, image),
    }
    titles = {
        "detect": "detect (as the kiosk runs it)",
        "detect_min_face_20": "detect (min face 20, as mtcnn)",
        "mtcnn_detect": "mtcnn.detect_faces",
        "keras_predict": "keras predict, EfficientNet-B0",
    }
    encode = {name: f"align_encode_{name.replace('-', '_')}" for name in encoders}
    for name, encoder in encoders.items():
        ways[encode[name]] = partial(encoder.encode, image, face)
        titles[encode[name]] = f"align + encode, {name}"
    if find_spec("mtcnn") is not None and find_spec("keras") is not None:
        ways |= _baselines(image)
    times = medians(ways)

    def ratio(others: tuple[str, ...], ours: tuple[str, ...]) -> float | None:
        if not times.keys() >= {*others, *ours}:
            return None
        return sum(times[name] for name in others) / sum(times[name] for name in ours)

    missing = "not measured: needs the extra lab"
    plain, whole = ("mtcnn_detect",), ("mtcnn_detect", "keras_predict")
    return (
        *(
            _figure(
                f"{key}_ms",
                f"{title}, median",
                1000 * times[key] if key in times else None,
                missing,
            )
            for key, title in titles.items()
        ),
        *(
            _figure(
                f"{key}_against_mtcnn_ratio",
                f"{titles[key]}: faster than mtcnn",
                ratio(plain, (key,)),
                missing,
            )
            for key in ("detect", "detect_min_face_20")
        ),
        *(
            _figure(
                f"detect_{key}_against_mtcnn_keras_ratio",
                f"detect + align + encode, {name}: faster than mtcnn + Keras",
                ratio(whole, ("detect", key)),
                missing,
            )
            for name, key in encode.items()
        ),
    )


def _baselines(image: Image) -> dict[str, Callable[[], object]]:
    """The plain way: the mtcnn package and Keras's predict of the same network."""
    from kiosk.benchmark.baselines import keras_predict, mtcnn_detect

    return {"mtcnn_detect": mtcnn_detect(image), "keras_predict": keras_predict()}


def search_figures() -> tuple[Figure, ...]:
    from kiosk.domain.gallery import Gallery
    from kiosk.vision.encoder import describe_encoder

    info = describe_encoder("auto", MODELS)
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((100_000, info.dimension), np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    # One person's for everybody: what they are makes no search slower, and each takes half a
    # thousandth of a second.
    statistics_of_all = info.scale.statistics(matrix[:1])[np.zeros(len(matrix), np.intp)]
    gallery = Gallery(info.scale, matrix, np.arange(len(matrix), dtype=np.int64), statistics_of_all)
    times = medians({"search": lambda: gallery.search(matrix[77])})
    title = f"exact 1:N over 100,000 people of {info.dimension} numbers, median"
    return (_figure("search_100000_templates_ms", title, 1000 * times["search"]),)


def sheet_figures(people: int = PEOPLE, days: int = DAYS) -> tuple[Figure, ...]:
    title = f"month sheet of {people} people, from {people * days * 4:,} punches, median"
    return (_figure("month_sheet_s", title, month_sheet_seconds(people, days)),)


def record_figures(templates: int = TEMPLATES, rounds: int = ROUNDS) -> tuple[Figure, ...]:
    """What chain and encryption cost."""
    titles = {
        "start": f"database opened, {templates:,} templates read",
        "decision": "decision and clock event written",
        "enrolment": "person with a template enrolled",
        "new_key": f"new key for {templates:,} templates",
    }
    figures: list[Figure] = []
    for key, cost in record_costs(templates, rounds).items():
        title = f"{titles[key]}, chained and encrypted, median"
        figures.append(_figure(f"record_{key}_ms", title, 1000 * cost.sealed))
        if cost.plain is not None:
            more, times = 1000 * (cost.sealed - cost.plain), cost.sealed / cost.plain
            figures.append(_figure(f"record_{key}_more_ms", f"{titles[key]}: more", more))
            figures.append(_figure(f"record_{key}_plain_ratio", f"{titles[key]}: longer", times))
    return tuple(figures)


def _live(seconds: float) -> tuple[Figure, ...]:
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        options = Options(data_dir=Path(folder), windowed=True)
        with opened_storage(options) as storage:
            enrol_demo_people(storage, read_settings(storage, options))
            # Looked at as at any door; but nobody drawn turns the head when asked.
            storage.settings.save({"liveness": "passive"})
        starts = [_child(options, _portrait(Path(folder)), 8.0) for _ in range(3)]
        whole = _child(options, DEMO / "clip.mp4", seconds)
    return live_figures(starts, whole, seconds)


def live_figures(
    starts: list[dict[str, Any]], whole: dict[str, Any], seconds: float
) -> tuple[Figure, ...]:
    """What ``starts`` and one run of ``seconds`` say; each as a run of the kiosk printed it."""
    pauses = whole["pauses"]

    def start(key: str) -> float | None:
        found = [run[key] for run in starts if run[key] is not None]
        return statistics.median(found) if found else None

    none = "none in the time given"
    return (
        _figure(
            "first_painted_s",
            "start to the first painted window, median of 3",
            start("first_painted"),
            none,
        ),
        _figure(
            "first_frame_s",
            "start to the first camera picture, median of 3",
            start("first_frame"),
            none,
        ),
        _figure(
            "first_decision_s",
            "start to the first decision, median of 3",
            start("first_decision"),
            none,
        ),
        _figure(
            "longest_pause_ms",
            f"longest pause of the screen's thread in {seconds:.0f} s",
            1000 * max(pauses, default=0.0),
        ),
        _figure(
            "pauses_of_50_ms_count",
            "pauses of 50 ms or more",
            sum(pause >= 0.05 for pause in pauses),
        ),
        _figure("pictures_shown_per_s", "pictures shown a second", whole["frames"] / seconds),
        _figure("memory_mib", "resident memory, dlib's process included", whole["memory"] / 2**20),
        _figure(
            "memory_growth_mib",
            "resident memory, growth in the second half",
            whole["growth"] / 2**20,
        ),
    )


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


if __name__ == "__main__":
    _run_live(float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
