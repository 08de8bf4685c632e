"""The threads: one reads the camera, one owns the models, and the newest frame between them."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from kiosk.domain.errors import KioskError
from kiosk.domain.frame import Frame
from kiosk.domain.language import _
from kiosk.domain.ports import Camera
from kiosk.services.decide.engine import Engine, Phase, View

log = logging.getLogger(__name__)

Command = Callable[[Engine], View | None]


class Listener(Protocol):
    """Who hears of it. Must return at once: the callers are the pipeline's own threads."""

    def on_frame(self, frame: Frame) -> None:
        """Every frame, on the camera thread."""
        ...

    def on_view(self, view: View) -> None:
        """Every change of the view, on the inference thread."""
        ...

    def on_camera(self, problem: str | None) -> None:
        """The camera was lost, with a sentence, or is back (None); on the camera thread."""
        ...


class Mailbox:
    """The newest frame and the commands since; the new frame replaces the old, nothing queues."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._commands: deque[Command] = deque()
        self._closed = False

    def put(self, frame: Frame | None) -> None:
        """Leave a frame, or take the last one back (None)."""
        with self._changed:
            self._frame = frame
            self._changed.notify()

    def submit(self, command: Command) -> None:
        """Leave a command; commands are kept in order and go before the frame."""
        with self._changed:
            self._commands.append(command)
            self._changed.notify()

    def close(self) -> None:
        """Wake whoever waits; nothing is taken any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def take(self) -> Command | Frame | None:
        """The next command or the newest frame; blocks; None once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._commands or self._frame)
            if self._closed:
                return None
            if self._commands:
                return self._commands.popleft()
            frame, self._frame = self._frame, None
            return frame


class Pipeline:
    """Runs one camera through one engine until it is stopped.

    ``open_camera`` and ``build_engine`` run on the threads that will own what they return, so
    the first picture does not wait for the models. ``submit`` may be called by any thread.
    ``first_retry`` and ``last_retry`` are seconds between tries to open a lost camera, doubled
    from the first to the last; an engine that can't be built is tried again after ``last_retry``.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        build_engine: Callable[[], Engine],
        listener: Listener,
        *,
        first_retry: float = 0.5,
        last_retry: float = 10.0,
    ) -> None:
        self._open_camera = open_camera
        self._build_engine = build_engine
        self._listener = listener
        self._first_retry = first_retry
        self._last_retry = last_retry
        self._mailbox = Mailbox()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, name="camera", daemon=True),
            threading.Thread(target=self._infer, name="inference", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 5.0) -> bool:
        """Stop both threads and release the camera; False if one did not end in ``timeout`` s
        (a driver that hangs: the thread is a daemon and does not keep the program)."""
        self._stop.set()
        self._mailbox.close()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def submit(self, command: Command) -> None:
        """Run a command on the inference thread; a view that it returns is shown."""
        self._mailbox.submit(command)

    def _watch(self) -> None:
        pause = self._first_retry
        while not self._stop.is_set():
            camera = None
            try:
                camera = self._open_camera()
                camera.open()
                while not self._stop.is_set() and (frame := camera.read()) is not None:
                    if pause:
                        self._listener.on_camera(None)
                        pause = 0.0
                    self._mailbox.put(frame)
                    self._listener.on_frame(frame)
                if not self._stop.is_set():
                    if not camera.live:
                        return
                    self._lost(f"{camera.name} stopped giving pictures; trying again.")
            except KioskError as error:
                self._lost(str(error))
            except Exception:
                log.exception("the camera thread failed")
                self._lost(_("The camera failed in a way that was not foreseen; trying again."))
            finally:
                if camera is not None:
                    camera.close()
            pause = min(max(2 * pause, self._first_retry), self._last_retry)
            self._stop.wait(pause)

    def _lost(self, problem: str) -> None:
        if self._stop.is_set():
            return  # a driver that gives up late must not speak for the camera chosen since
        # The last frame must not be decided on after the camera has gone.
        self._mailbox.put(None)
        self._mailbox.submit(Engine.camera_lost)
        self._listener.on_camera(problem)

    def _built(self) -> Engine | None:
        """The engine, as soon as it can be built; None if it is our fault that it can't, or once
        stopped."""
        while not self._stop.is_set():
            try:
                return self._build_engine()
            except KioskError as error:
                # A database that was locked or a disk that was away may come back.
                self._listener.on_view(View(Phase.FAULT, message=str(error)))
                self._stop.wait(self._last_retry)
            except Exception:
                log.exception("the engine could not be built")
                self._listener.on_view(
                    View(Phase.FAULT, message=_("The kiosk could not start: run main.py doctor."))
                )
                return None
        return None

    def _infer(self) -> None:
        engine = self._built()
        if engine is None:
            return
        shown = engine.nobody()
        if shown is not None:
            # Before the first frame, which never comes where no camera answers.
            self._listener.on_view(shown)
        while (message := self._mailbox.take()) is not None:
            asked = not isinstance(message, Frame)
            try:
                view = engine.step(message) if isinstance(message, Frame) else message(engine)
            except KioskError as error:
                view = View(Phase.FAULT, message=str(error))
            except Exception:
                # One bad frame must not end the kiosk; and it lets nobody in.
                log.exception("the inference thread failed on a frame or a command")
                view = View(Phase.FAULT, message=_("That went wrong; please try again."))
            # Whoever asked gets an answer, be it the same as before.
            if view is not None and (asked or view != shown):
                self._listener.on_view(view)
                shown = view
