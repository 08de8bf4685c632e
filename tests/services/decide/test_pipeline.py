"""Real threads around fakes; every wait is for something that was told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from kiosk.domain.decision import Hint, Outcome, Reason
from kiosk.domain.errors import BadInput, CameraError, ModelError, StorageError
from kiosk.domain.frame import Frame
from kiosk.domain.people import Person
from kiosk.domain.ports import Camera
from kiosk.domain.repositories import Storage
from kiosk.services.decide.engine import Engine, Phase, View
from kiosk.services.decide.pipeline import Mailbox, Pipeline, Vitals
from tests.fakes import FakeCamera, RecordingListener, Sitter, WallClock, vector
from tests.services.conftest import Kiosk


@pytest.fixture
def listener() -> RecordingListener:
    return RecordingListener()


@pytest.fixture
def ada(database: Storage) -> Person:
    person = database.people.add("Ada")
    database.people.add_template(person.id, vector(1), "fake", 0.9, "camera")
    return person


@pytest.fixture
def kiosk(database: Storage, clock: WallClock) -> Kiosk:
    return Kiosk(database, clock)


@contextmanager
def running(
    camera: FakeCamera,
    build: Callable[[], Engine],
    listener: RecordingListener,
    open_camera: Callable[[], Camera] | None = None,
) -> Iterator[Pipeline]:
    """A pipeline that retries in no time; leaves no thread behind."""
    before = set(threading.enumerate())
    pipeline = Pipeline(
        open_camera or (lambda: camera), build, listener, first_retry=0.001, last_retry=0.002
    )
    pipeline.start()
    try:
        yield pipeline
    finally:
        camera.unplug()
        assert pipeline.stop(20)
        assert set(threading.enumerate()) <= before


def test_the_newest_frame_replaces_the_old_and_commands_go_first(kiosk: Kiosk) -> None:
    mailbox = Mailbox()
    old, new = (kiosk.frame(kiosk.studio.picture()) for _ in range(2))

    def first(engine: Engine) -> None: ...

    def second(engine: Engine) -> None: ...

    mailbox.put(old)
    mailbox.submit(first)
    mailbox.put(new)
    mailbox.submit(second)
    assert [mailbox.take() for _ in range(3)] == [first, second, new]
    mailbox.put(old)
    mailbox.put(None)
    mailbox.submit(first)
    assert mailbox.take() is first, "the frame was taken back"
    mailbox.put(new)
    mailbox.close()
    assert mailbox.take() is None


def test_who_waits_at_the_mailbox_is_woken() -> None:
    mailbox = Mailbox()
    took: list[object] = []
    waiting = threading.Thread(target=lambda: took.append(mailbox.take()))
    waiting.start()
    mailbox.close()
    waiting.join(20)
    assert took == [None]


def test_from_the_camera_to_a_view(kiosk: Kiosk, ada: Person, listener: RecordingListener) -> None:
    camera = FakeCamera()
    face = kiosk.studio.picture(Sitter(vector(1)))
    with running(camera, kiosk.engine, listener):
        for step in range(3):
            camera.put(kiosk.frame(face))
            listener.wait_for(lambda heard, step=step: len(heard.views) == step + 1)  # type: ignore[misc]
        assert listener.cameras == [None], "it answers, told once"
        last = listener.views[-1].announcement
        assert last is not None
        assert last.decision.outcome is Outcome.ALLOW
        assert listener.threads == {"camera", "inference"}
    assert (camera.opened, camera.closed) == (1, 1)


def test_a_view_is_told_when_it_changes_and_an_answer_always(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    camera = FakeCamera()
    nobody = kiosk.studio.picture()
    fault = View(Phase.FAULT, message="The disk is full.")
    with running(camera, kiosk.engine, listener) as pipeline:
        for _ in range(5):
            camera.put(kiosk.frame(nobody))
        listener.wait_for(lambda heard: len(heard.frames) == 5 and len(heard.views) >= 1)
        for _ in range(2):
            pipeline.submit(lambda _: fault)
        pipeline.submit(lambda engine: engine.tap())
        listener.wait_for(lambda heard: heard.views.count(fault) == 2)
    assert listener.views[0] == View(Phase.IDLE, Hint.NO_FACE)


def test_a_camera_lost_in_mid_frame_is_told_refused_and_opened_again(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    camera = FakeCamera()
    face = kiosk.studio.picture(Sitter(vector(1)))
    with running(camera, kiosk.engine, listener):
        camera.put(kiosk.frame(face))
        listener.wait_for(lambda heard: len(heard.views) == 1)
        camera.put(CameraError("Camera 0 was unplugged: plug it in."))
        listener.wait_for(lambda heard: len(heard.views) == 2)
        told = listener.views[-1].announcement
        assert told is not None
        assert told.decision.reason is Reason.CAMERA_LOST
        camera.put(kiosk.frame(face, after=60))
        listener.wait_for(lambda heard: len(heard.views) == 3)
        assert listener.cameras == [None, "Camera 0 was unplugged: plug it in.", None]
        assert listener.views[-1].phase is Phase.LOOKING
    assert camera.opened == camera.closed == 2


def test_a_camera_that_does_not_answer_is_tried_again_and_again(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    camera = FakeCamera()
    camera.refuse_to_open = CameraError("Camera 0 is busy.")
    with running(camera, kiosk.engine, listener):
        listener.wait_for(lambda heard: len(heard.cameras) >= 5)
        assert set(listener.cameras) == {"Camera 0 is busy."}
        camera.refuse_to_open = None
        camera.put(kiosk.frame(kiosk.studio.picture()))
        listener.wait_for(lambda heard: heard.cameras[-1] is None and len(heard.views) == 1)
    assert camera.closed == camera.opened


def test_no_camera_to_open_at_all(kiosk: Kiosk, ada: Person, listener: RecordingListener) -> None:
    def none() -> Camera:
        raise BadInput("There is no camera 'nowhere'.")

    with running(FakeCamera(), kiosk.engine, listener, none):
        listener.wait_for(lambda heard: len(heard.cameras) >= 2)
    assert set(listener.cameras) == {"There is no camera 'nowhere'."}


def test_a_camera_driver_that_fails_in_a_new_way_does_not_end_the_thread(
    kiosk: Kiosk, ada: Person, listener: RecordingListener, caplog: pytest.LogCaptureFixture
) -> None:
    camera = FakeCamera(ZeroDivisionError("driver"))
    with running(camera, kiosk.engine, listener), caplog.at_level(logging.CRITICAL + 1):
        camera.put(kiosk.frame(kiosk.studio.picture()))
        listener.wait_for(lambda heard: len(heard.cameras) == 2)
    problem, back = listener.cameras[:2]
    assert problem is not None
    assert "not foreseen" in problem
    assert back is None


def test_a_live_camera_that_stops_is_told(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    camera = FakeCamera(None)
    with running(camera, kiosk.engine, listener):
        listener.wait_for(lambda heard: bool(heard.cameras))
    assert listener.cameras[0] == "Fake camera stopped giving pictures; trying again."


def test_a_recordings_end_is_no_loss(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    camera = FakeCamera(kiosk.frame(kiosk.studio.picture()), None, live=False)
    with running(camera, kiosk.engine, listener):
        listener.wait_for(lambda heard: len(heard.views) == 1 and camera.closed == 1)
    assert listener.cameras == [None]
    assert camera.opened == 1


def test_an_engine_that_cannot_be_built_yet_is_tried_again(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    failures = [StorageError("The database is locked."), ModelError("A model is missing.")]

    def build() -> Engine:
        if failures:
            raise failures.pop(0)
        return kiosk.engine()

    camera = FakeCamera(kiosk.frame(kiosk.studio.picture()))
    with running(camera, build, listener):
        listener.wait_for(lambda heard: len(heard.views) == 3)
    assert [view.message for view in listener.views] == [
        "The database is locked.",
        "A model is missing.",
        "",
    ]


def test_a_bug_in_building_the_engine_is_told_and_tried_again_while_the_preview_goes_on(
    kiosk: Kiosk, ada: Person, listener: RecordingListener, caplog: pytest.LogCaptureFixture
) -> None:
    mended = threading.Event()

    def build() -> Engine:
        if not mended.is_set():
            raise TypeError("a bug")
        return kiosk.engine()

    camera = FakeCamera()
    face = kiosk.studio.picture(Sitter(vector(1)))
    with running(camera, build, listener) as pipeline, caplog.at_level(logging.CRITICAL + 1):
        listener.wait_for(lambda heard: len(heard.views) == 3)
        camera.put(kiosk.frame(face))
        listener.wait_for(lambda heard: len(heard.frames) == 1)
        (message,) = {view.message for view in listener.views}
        assert "tries again" in message
        assert {view.phase for view in listener.views} == {Phase.FAULT}
        assert not pipeline.vitals().ready
        mended.set()
        listener.wait_for(lambda heard: heard.views[-1].phase is Phase.LOOKING)
        assert pipeline.vitals().ready


def test_a_database_that_fails_before_the_first_frame_does_not_end_the_thread(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    engine = kiosk.engine()
    nobody = engine.nobody
    failures = [StorageError("The database is locked.")]
    engine.nobody = lambda: nobody() if not failures else _raise(failures.pop())  # type: ignore[method-assign]
    camera = FakeCamera()
    with running(camera, lambda: engine, listener):
        listener.wait_for(lambda heard: len(heard.views) == 1)
        camera.put(kiosk.frame(kiosk.studio.picture()))
        listener.wait_for(lambda heard: len(heard.views) == 2)
    assert [view.phase for view in listener.views] == [Phase.FAULT, Phase.IDLE]


def _raise(error: Exception) -> None:
    raise error


def test_a_driver_that_does_not_come_back_is_told_and_forgotten_with_its_next_picture(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    camera = FakeCamera()
    pipeline = Pipeline(lambda: camera, kiosk.engine, listener, silent_after=0.01)
    pipeline.start()
    listener.wait_for(lambda heard: len(heard.cameras) == 1)
    assert "does not answer" in (listener.cameras[0] or "")
    assert pipeline.vitals().tries == 0, "it still hangs: whoever watches the screen must know"
    camera.put(kiosk.frame(kiosk.studio.picture()))
    listener.wait_for(lambda heard: None in heard.cameras)
    camera.unplug()
    assert pipeline.stop(20)
    said = listener.cameras
    assert all((one is None) is not (two is None) for one, two in pairwise(said)), "told once each"


def test_vitals(kiosk: Kiosk, ada: Person, listener: RecordingListener) -> None:
    camera, go, inside = FakeCamera(), threading.Event(), threading.Event()

    def wait(engine: Engine) -> None:
        inside.set()
        go.wait(20)

    pipeline = Pipeline(lambda: camera, kiosk.engine, listener, first_retry=0.001)
    assert pipeline.vitals() == Vitals(), "not started, nothing amiss"
    pipeline.start()
    camera.put(kiosk.frame(kiosk.studio.picture()), CameraError("Gone."))
    listener.wait_for(lambda heard: "Gone." in heard.cameras)
    pipeline.submit(wait)
    assert inside.wait(20)
    vitals = pipeline.vitals()
    assert (vitals.frames, vitals.tries, vitals.ready) == (1, 1, True)
    assert vitals.busy > 0
    assert not vitals.ended
    assert not vitals.over
    go.set()
    camera.unplug()
    assert pipeline.stop(20)
    assert not pipeline.vitals().ended, "it was stopped"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_vitals_of_a_thread_that_ended_and_of_a_recording_that_is_over(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    camera = FakeCamera(None, live=False)
    with running(camera, kiosk.engine, listener) as pipeline:
        listener.wait_for(lambda _: camera.closed == 1)
        assert pipeline.vitals().over
        assert not pipeline.vitals().ended

        def end(engine: Engine) -> None:
            raise SystemExit  # as nothing else that happens there may

        pipeline.submit(end)
        pipeline._threads[1].join(20)
        assert pipeline.vitals().ended


def test_a_stop_while_the_engine_cannot_be_built_ends_the_tries(
    listener: RecordingListener,
) -> None:
    def build() -> Engine:
        raise ModelError("A model is missing.")

    with running(FakeCamera(), build, listener):
        listener.wait_for(lambda heard: len(heard.views) >= 2)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RuntimeError("a bug"), "That went wrong; please try again."),
        (StorageError("The disk is full."), "The disk is full."),
    ],
)
def test_one_bad_frame_does_not_end_the_kiosk(
    kiosk: Kiosk,
    ada: Person,
    listener: RecordingListener,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    message: str,
) -> None:
    camera = FakeCamera()
    bad = kiosk.studio.picture(error=error)
    with running(camera, kiosk.engine, listener), caplog.at_level(logging.CRITICAL + 1):
        camera.put(kiosk.frame(bad))
        listener.wait_for(lambda heard: len(heard.views) == 1)
        camera.put(kiosk.frame(kiosk.studio.picture()))
        listener.wait_for(lambda heard: len(heard.views) == 2)
    assert listener.views[0] == View(Phase.FAULT, message=message)
    assert listener.views[1].phase is Phase.IDLE
    assert kiosk.announced == []


def test_a_command_that_fails_is_answered(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    def broken(engine: Engine) -> View:
        raise BadInput("Nobody here is called Eve.")

    with running(FakeCamera(), kiosk.engine, listener) as pipeline:
        pipeline.submit(broken)
        listener.wait_for(lambda heard: len(heard.views) == 1)
    assert listener.views == [View(Phase.FAULT, message="Nobody here is called Eve.")]


def test_a_driver_that_hangs_is_left_behind(kiosk: Kiosk, listener: RecordingListener) -> None:
    camera = FakeCamera()
    pipeline = Pipeline(lambda: camera, kiosk.engine, listener)
    pipeline.start()
    camera.put(kiosk.frame(kiosk.studio.picture()))
    listener.wait_for(lambda heard: bool(heard.frames))
    assert not pipeline.stop(0.01), "the camera is still reading"
    camera.unplug()
    assert pipeline.stop(20)
    assert camera.closed == 1
    assert listener.cameras == [None], "what it says late is not for the camera chosen since"


def test_a_pipeline_that_never_ran_can_be_stopped(
    kiosk: Kiosk, listener: RecordingListener
) -> None:
    assert Pipeline(FakeCamera, kiosk.engine, listener).stop()


def test_while_the_engine_is_busy_old_frames_are_left_out(
    kiosk: Kiosk, ada: Person, listener: RecordingListener
) -> None:
    """The inference thread is held on a command while ten frames come; it takes the last."""
    camera = FakeCamera()
    nobody = kiosk.studio.picture()
    go = threading.Event()
    frames: list[Frame] = [kiosk.frame(nobody) for _ in range(10)]

    def wait(engine: Engine) -> None:
        go.wait(20)

    with running(camera, kiosk.engine, listener) as pipeline:
        pipeline.submit(wait)
        camera.put(*frames)
        listener.wait_for(lambda heard: len(heard.frames) == 10)
        go.set()
        listener.wait_for(lambda heard: len(heard.views) == 1)
    assert [look.observation.time for look in kiosk.looks] == [frames[-1].time]
