"""A camera that is mounted on its side or upside down."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from kiosk.domain.frame import Frame, Image
from kiosk.domain.ports import Camera


class TurnedCamera:
    """A ``Camera`` whose pictures are turned clockwise by 90, 180 or 270 ``degrees``."""

    def __init__(self, camera: Camera, degrees: int) -> None:
        if degrees not in (90, 180, 270):
            raise ValueError(f"degrees must be 90, 180 or 270, got {degrees}")
        self._camera = camera
        self._code = degrees // 90 - 1  # as OpenCV's ROTATE_ constants count

    @property
    def name(self) -> str:
        return self._camera.name

    @property
    def live(self) -> bool:
        return self._camera.live

    def open(self) -> None:
        self._camera.open()

    def read(self) -> Frame | None:
        import cv2

        frame = self._camera.read()
        if frame is None:
            return None
        return replace(frame, image=cast(Image, cv2.rotate(frame.image, self._code)))

    def close(self) -> None:
        self._camera.close()
