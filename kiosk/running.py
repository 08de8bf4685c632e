"""The pipeline that runs now, and how to run it anew with other settings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from kiosk.domain.ports import Camera
from kiosk.domain.settings import Settings
from kiosk.services.decide.engine import Engine
from kiosk.services.decide.pipeline import Command, Listener, Pipeline, Vitals
from kiosk.services.faults import Discreet, Faults

log = logging.getLogger(__name__)


class RunningKiosk:
    """Starts, stops and restarts the pipeline; any thread."""

    def __init__(
        self,
        settings: Settings,
        listener: Listener,
        build_engine: Callable[[Settings], Engine],
        open_camera: Callable[[Settings], Camera],
        prepare: Callable[[], None] | None = None,
        faults: Faults | None = None,
    ) -> None:
        """``faults`` notes what the listener is not told (see :class:`Discreet`).

        ``prepare`` runs on the inference thread before the engine is built, and the camera
        waits for it: a demo whose people are not enrolled yet would refuse them."""
        self.faults = faults or Faults()
        self._listener = Discreet(listener, self.faults)
        self._build_engine = build_engine
        self._open_camera = open_camera
        self._prepare = prepare
        self._changing = threading.Lock()
        self.settings = settings
        self._pipeline = self._start(settings)

    @property
    def camera_problem(self) -> str:
        """Why there is no picture, for the administrator; empty while there is one. Free."""
        return self._listener.camera_problem

    def vitals(self) -> Vitals:
        """How its threads are; any thread, free."""
        if self._changing.locked():  # stopping and starting: nothing is amiss
            return Vitals(over=True)
        return self._pipeline.vitals()

    def submit(self, command: Command) -> None:
        """Run a command on the inference thread."""
        self._pipeline.submit(command)

    def apply(self, settings: Settings) -> None:
        """Start camera and models anew with other settings."""
        with self._changing:
            self.settings = settings
            self.stop()
            # Whoever saves settings sits in the panel: nobody is looked at until it is left.
            self._pipeline = self._start(settings, paused=True)

    def stop(self) -> None:
        """Release the camera; a driver that hangs is left behind."""
        if not self._pipeline.stop():
            log.warning("the camera's driver does not answer; leaving it behind")

    def _start(self, settings: Settings, *, paused: bool = False) -> Pipeline:
        ready = threading.Event()

        def build() -> Engine:
            try:
                if self._prepare:
                    self._prepare()
                engine = self._build_engine(settings)
                engine.pause(paused)
                return engine
            finally:
                ready.set()

        def camera() -> Camera:
            if self._prepare:
                ready.wait(60)
            return self._open_camera(settings)

        pipeline = Pipeline(camera, build, self._listener)
        pipeline.start()
        return pipeline
