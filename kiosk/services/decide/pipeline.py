"""The threads: one reads the camera, one owns the models, and the newest frame between them."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the threads are: how many frames came, how often the camera was tried in vain or lost,
    whether no frame is waited for (``over``), whether the engine is built (``ready``), for how many
    seconds it has been at one frame or command, or at being built (``busy``), and whether a thread
    has ended that should not."""

    frames: int = 0
    tries: int = 0
    over: bool = False
    ready: bool = False
    busy: float = 0.0
    ended: bool = False


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

    def take(self, timeout: float | None = None) -> Command | Frame | None:
        """The next command or the newest frame; blocks for at most ``timeout`` seconds; None once
        closed, or when nothing came."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._commands or self._frame, timeout)
            if self._closed:
                return None
            if self._commands:
                return self._commands.popleft()
            frame, self._frame = self._frame, None
            return frame

    @property
    def closed(self) -> bool:
        return self._closed


class Pipeline:
    """Runs one camera through one engine until it is stopped.

    ``open_camera`` and ``build_engine`` run on the threads that will own what they return, so
    the first picture does not wait for the models. ``submit`` may be called by any thread.
    ``first_retry`` and ``last_retry`` are seconds between tries to open a lost camera, doubled
    from the first to the last; so is an engine that can't be built, up to six times the last.
    A camera that for ``silent_after`` seconds neither gives a picture nor fails is told as lost.
    """

    def __init__(
        self,
        open_camera: Callable[[], Camera],
        build_engine: Callable[[], Engine],
        listener: Listener,
        *,
        first_retry: float = 0.5,
        last_retry: float = 10.0,
        silent_after: float = 10.0,
    ) -> None:
        self._open_camera = open_camera
        self._build_engine = build_engine
        self._listener = listener
        self._first_retry = first_retry
        self._last_retry = last_retry
        self._silent_after = silent_after
        self._mailbox = Mailbox()
        self._stop = threading.Event()
        self._frames = self._tries = 0
        self._problem_told = False
        self._camera_at = time.monotonic()
        self._busy_since: float | None = None
        self._ready = self._played = False
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

    def vitals(self) -> Vitals:
        """How it is now; any thread, free."""
        since = self._busy_since
        camera, inference = self._threads
        running = not self._stop.is_set() and inference.ident is not None
        ended = not inference.is_alive() or not (camera.is_alive() or self._played)
        return Vitals(
            self._frames,
            self._tries,
            over=self._played,
            ready=self._ready,
            busy=0.0 if since is None else time.monotonic() - since,
            ended=running and ended,
        )

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
                    self._camera_at = time.monotonic()
                    if pause or self._problem_told:
                        self._problem_told = False
                        self._listener.on_camera(None)
                        pause = 0.0
                    self._frames += 1
                    self._mailbox.put(frame)
                    self._listener.on_frame(frame)
                if not self._stop.is_set():
                    if not camera.live:
                        self._played = True
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
        self._tries += 1
        self._camera_at = time.monotonic()
        self._tell_lost(problem)

    def _tell_lost(self, problem: str) -> None:
        # The last frame must not be decided on after the camera has gone.
        self._mailbox.put(None)
        self._mailbox.submit(Engine.camera_lost)
        self._listener.on_camera(problem)
        # After it was told: a frame that comes meanwhile then takes it back.
        self._problem_told = True

    def _built(self) -> Engine | None:
        """The engine, as soon as it can be built; None once stopped. Whatever it is that keeps it
        from being built (a database that was locked, a disk that was away, a model that comes back
        with an update, an error of ours that only memory brought about) may pass."""
        pause, known = self._first_retry, ""
        while not self._stop.is_set():
            self._busy_since = time.monotonic()
            try:
                return self._build_engine()
            except KioskError as error:
                problem = str(error)
            except Exception as error:
                if known != repr(error):
                    log.exception("the engine could not be built")
                    known = repr(error)
                problem = _("The kiosk could not start, and tries again: run main.py doctor.")
            finally:
                self._busy_since = None
            self._listener.on_view(View(Phase.FAULT, message=problem))
            self._stop.wait(pause)
            pause = min(2 * pause, 6 * self._last_retry)
        return None

    def _infer(self) -> None:
        engine = self._built()
        if engine is None:
            return
        self._ready = True
        # Before the first frame, which never comes where no camera answers.
        shown = self._answer(engine, lambda engine: engine.nobody())
        if shown is not None:
            self._listener.on_view(shown)
        while not self._mailbox.closed:
            message = self._mailbox.take(self._silent_after)
            if message is None:
                self._look_at_camera()
                continue
            view = self._answer(engine, message)
            # Whoever asked gets an answer, be it the same as before.
            if view is not None and (view != shown or not isinstance(message, Frame)):
                self._listener.on_view(view)
                shown = view

    def _answer(self, engine: Engine, message: Command | Frame) -> View | None:
        self._busy_since = time.monotonic()
        try:
            return engine.step(message) if isinstance(message, Frame) else message(engine)
        except KioskError as error:
            return View(Phase.FAULT, message=str(error))
        except Exception:
            # One bad frame must not end the kiosk; and it lets nobody in.
            log.exception("the inference thread failed on a frame or a command")
            return View(Phase.FAULT, message=_("That went wrong; please try again."))
        finally:
            self._busy_since = None

    def _look_at_camera(self) -> None:
        """Say it where the camera's driver does not come back: its own thread can't."""
        waits = time.monotonic() - self._camera_at
        expected = not (self._stop.is_set() or self._played or self._problem_told)
        if expected and waits >= self._silent_after:
            self._tell_lost(
                _("The camera's driver does not answer: unplug it and plug it in again.")
            )
