from __future__ import annotations

import cv2
import numpy as np

from kiosk.ui.common.code import code_image


def test_it_is_read_by_a_telephone(qapp: object) -> None:
    image = code_image("https://example.org/door", "l")
    pixels = np.array(image.bits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    assert set(np.unique(pixels[:, : image.width()])) == {0, 255}
    quiet = cv2.copyMakeBorder(
        pixels[:, : image.width()], 32, 32, 32, 32, cv2.BORDER_CONSTANT, value=255
    )
    assert cv2.QRCodeDetector().detectAndDecode(quiet)[0] == "https://example.org/door"
